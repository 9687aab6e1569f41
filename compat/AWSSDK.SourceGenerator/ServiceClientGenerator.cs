using AWSSDK.SourceGenerator.Json;
using AWSSDK.SourceGenerator.Models;
using AWSSDK.SourceGenerator.Writers;
using Microsoft.CodeAnalysis;

namespace AWSSDK.SourceGenerator;

/// <summary>
/// Makes the client of an AWS service from its model: an additional file with the metadata <c>AwsNamespace</c>
/// (for example <c>Amazon.RDS</c>). A model that it does not understand fails the build.
/// </summary>
[Generator]
public sealed class ServiceClientGenerator : IIncrementalGenerator
{
    /// <inheritdoc />
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var models = context.AdditionalTextsProvider
            .Combine(context.AnalyzerConfigOptionsProvider)
            .Select((pair, cancellation) =>
            {
                var (file, options) = pair;
                return options.GetOptions(file).TryGetValue("build_metadata.AdditionalFiles.AwsNamespace", out var name) && name.Length > 0
                    ? (Namespace: name, Text: file.GetText(cancellation)?.ToString() ?? "")
                    : (Namespace: "", Text: "");
            })
            .Where(model => model.Namespace.Length > 0);

        context.RegisterSourceOutput(models, static (output, source) =>
        {
            var model = new ServiceModel(JsonParser.Parse(source.Text), source.Namespace);
            output.AddSource("Client.g.cs", ClientWriter.Write(model));
            output.AddSource("Config.g.cs", ConfigWriter.Write(model));
            output.AddSource("Enumerations.g.cs", EnumerationsWriter.Write(model));
            output.AddSource("Exceptions.g.cs", ExceptionsWriter.Write(model));
            output.AddSource("Model.g.cs", ModelWriter.Write(model));
            output.AddSource("Paginators.g.cs", PaginatorsWriter.Write(model));
            if (model.Protocol == Protocol.Query)
            {
                output.AddSource("Marshallers.g.cs", QueryMarshallersWriter.Write(model));
                output.AddSource("Unmarshallers.g.cs", XmlUnmarshallersWriter.Write(model));
            }
            else
            {
                output.AddSource("Marshallers.g.cs", JsonMarshallersWriter.Write(model));
                output.AddSource("Unmarshallers.g.cs", JsonUnmarshallersWriter.Write(model));
            }
        });
    }
}
