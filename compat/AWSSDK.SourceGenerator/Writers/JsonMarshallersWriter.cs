using AWSSDK.SourceGenerator.Models;

namespace AWSSDK.SourceGenerator.Writers;

/// <summary>Requests of the AWS JSON protocols.</summary>
internal static class JsonMarshallersWriter
{
    public static string Write(ServiceModel model)
    {
        var source = new SourceWriter();
        source.Lines($"""
            using System;
            using System.Text.Json;
            using Amazon.Runtime;
            using Amazon.Runtime.Internal;
            using Amazon.Runtime.Internal.Transform;
            using AWSSDK.Client;

            namespace {model.Namespace}.Model.Internal.MarshallTransformations;
            """);
        foreach (var operation in model.Operations) WriteRequest(source, model, operation);
        foreach (var shape in model.SentStructures) WriteStructure(source, shape);
        return source.ToString();
    }

    private static void WriteRequest(SourceWriter source, ServiceModel model, Operation operation)
    {
        var name = operation.RequestClass + "Marshaller";
        source.Line();
        source.Open($"internal sealed class {name} : IMarshaller<IRequest, AmazonWebServiceRequest>");
        source.Lines($$"""
            public static readonly {{name}} Instance = new {{name}}();

            public IRequest Marshall(AmazonWebServiceRequest input)
            {
                var request = new DefaultRequest(input, "{{model.Namespace}}") { HttpMethod = "POST", ResourcePath = "/" };
                request.Headers["X-Amz-Target"] = "{{model.TargetPrefix}}.{{operation.Name}}";
                request.Headers["Content-Type"] = "application/x-amz-json-{{model.JsonVersion}}";
                request.Content = JsonContent.Of(({{operation.RequestClass}})input, Write);
            """);
        if (operation.MayBeCompressed) source.Line("    request.CompressionAlgorithm = CompressionEncodingAlgorithm.gzip;");
        source.Lines("""
                return request;
            }

            """);
        source.Open($"private static void Write(Utf8JsonWriter writer, {operation.RequestClass} value)");
        WriteMembers(source, operation.Input);
        source.Close();
        source.Close();
    }

    private static void WriteStructure(SourceWriter source, Shape shape)
    {
        source.Line();
        source.Open($"internal static class {shape.ClassName}Marshaller");
        source.Open($"public static void Write(Utf8JsonWriter writer, {shape.ClassName} value)");
        WriteMembers(source, shape.Members);
        source.Close();
        source.Close();
    }

    private static void WriteMembers(SourceWriter source, IReadOnlyList<Member> members)
    {
        source.Line("writer.WriteStartObject();");
        foreach (var member in members)
        {
            if (member.IsIdempotencyToken)
            {
                source.Line($"writer.WriteString(\"{member.WireName}\", value.{member.PropertyName} ?? Guid.NewGuid().ToString());");
                continue;
            }
            source.Open($"if (value.{member.PropertyName} != null)");
            source.Line($"writer.WritePropertyName(\"{member.WireName}\");");
            var inner = CSharpTypes.IsValueType(member.Shape) || member.Shape.Kind == ShapeKind.Enumeration ? ".Value" : "";
            WriteValue(source, member.Shape, $"value.{member.PropertyName}{inner}", level: 1);
            source.Close();
        }
        source.Line("writer.WriteEndObject();");
    }

    private static void WriteValue(SourceWriter source, Shape shape, string value, int level)
    {
        switch (shape.Kind)
        {
            case ShapeKind.Structure:
                source.Line($"{shape.ClassName}Marshaller.Write(writer, {value});");
                break;
            case ShapeKind.List:
                source.Line("writer.WriteStartArray();");
                source.Open($"foreach (var item{level} in {value})");
                WriteValue(source, shape.Item, $"item{level}", level + 1);
                source.Close();
                source.Line("writer.WriteEndArray();");
                break;
            case ShapeKind.Map:
                source.Line("writer.WriteStartObject();");
                source.Open($"foreach (var item{level} in {value})");
                source.Line($"writer.WritePropertyName(item{level}.Key);");
                WriteValue(source, shape.Value, $"item{level}.Value", level + 1);
                source.Close();
                source.Line("writer.WriteEndObject();");
                break;
            case ShapeKind.Text or ShapeKind.Enumeration:
                source.Line($"writer.WriteStringValue({value});");
                break;
            case ShapeKind.Boolean:
                source.Line($"writer.WriteBooleanValue({value});");
                break;
            default:
                source.Line($"JsonContent.Write{shape.Kind}(writer, {value});");
                break;
        }
    }
}
