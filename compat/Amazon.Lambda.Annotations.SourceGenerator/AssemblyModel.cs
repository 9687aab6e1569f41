using Microsoft.CodeAnalysis;

namespace Amazon.Lambda.Annotations.SourceGenerator;

/// <summary>What the assembly's attributes say.</summary>
internal sealed record AssemblyModel(bool GenerateMain, string? Serializer, bool IsExecutable, bool HasMain)
{
    public static AssemblyModel From(Compilation compilation, CancellationToken cancellation)
    {
        var generateMain = false;
        string? serializer = null;
        foreach (var attribute in compilation.Assembly.GetAttributes())
        {
            switch (attribute.AttributeClass?.ToDisplayString())
            {
                case "Amazon.Lambda.Annotations.LambdaGlobalPropertiesAttribute":
                    generateMain = attribute.NamedArguments.Any(argument =>
                        argument is { Key: "GenerateMain", Value.Value: true });
                    break;
                case "Amazon.Lambda.Core.LambdaSerializerAttribute":
                    serializer = MethodReader.SerializerOf(attribute);
                    break;
            }
        }
        var executable = compilation.Options.OutputKind == OutputKind.ConsoleApplication;
        return new AssemblyModel(generateMain, serializer, executable,
            HasMain: generateMain && executable && compilation.GetEntryPoint(cancellation) is not null);
    }
}
