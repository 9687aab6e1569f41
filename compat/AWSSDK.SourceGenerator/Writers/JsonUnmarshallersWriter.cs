using AWSSDK.SourceGenerator.Models;

namespace AWSSDK.SourceGenerator.Writers;

/// <summary>Answers of the AWS JSON protocols.</summary>
internal static class JsonUnmarshallersWriter
{
    public static string Write(ServiceModel model)
    {
        var source = new SourceWriter();
        source.Lines($"""
            using System;
            using System.Collections.Generic;
            using System.IO;
            using System.Net;
            using System.Text.Json;
            using Amazon.Runtime;
            using Amazon.Runtime.Internal;
            using Amazon.Runtime.Internal.Transform;
            using Amazon.Runtime.Internal.Util;
            using Amazon.Util;

            namespace {model.Namespace}.Model.Internal.MarshallTransformations;
            """);
        foreach (var operation in model.Operations) WriteResponse(source, model, operation);
        foreach (var shape in model.ReceivedStructures) WriteStructure(source, shape);
        return source.ToString();
    }

    private static void WriteResponse(SourceWriter source, ServiceModel model, Operation operation)
    {
        var name = operation.ResponseClass + "Unmarshaller";
        source.Line();
        source.Open($"internal sealed class {name} : JsonResponseUnmarshaller");
        source.Line($"public static readonly {name} Instance = new {name}();");
        source.Line();
        source.Open("public override AmazonWebServiceResponse Unmarshall(JsonUnmarshallerContext context)");
        source.Line($"var value = new {operation.ResponseClass}();");
        if (operation.Output.Count > 0)
        {
            source.Line("if (context.IsEmptyResponse) return value;");
            source.Line("var reader = new StreamingUtf8JsonReader(context.Stream);");
            source.Line("context.Read(ref reader);");
            WriteMembers(source, operation.Output);
        }
        source.Line("return value;");
        source.Close();
        source.Line();
        source.Open("public override AmazonServiceException UnmarshallException(JsonUnmarshallerContext context, Exception innerException, HttpStatusCode statusCode)");
        source.Line("var reader = new StreamingUtf8JsonReader(context.Stream);");
        source.Line("var error = JsonErrorResponseUnmarshaller.GetInstance().Unmarshall(context, ref reader);");
        source.Line("var shape = error.Code;");
        if (model.IsQueryCompatible) source.Line("AwsQueryCompatibleErrorHandler.ApplyQueryErrorHeader(error, context.ResponseData);");
        ErrorsWriter.Write(source, model, operation, "shape");
        source.Close();
        source.Close();
    }

    private static void WriteStructure(SourceWriter source, Shape shape)
    {
        var name = shape.ClassName + "Unmarshaller";
        source.Line();
        source.Open($"internal sealed class {name} : IJsonUnmarshaller<{shape.ClassName}, JsonUnmarshallerContext>");
        source.Line($"public static readonly {name} Instance = new {name}();");
        source.Line();
        source.Open($"public {shape.ClassName} Unmarshall(JsonUnmarshallerContext context, ref StreamingUtf8JsonReader reader)");
        source.Line("context.Read(ref reader);");
        source.Line("if (context.CurrentTokenType == JsonTokenType.Null) return null;");
        source.Line($"var value = new {shape.ClassName}();");
        WriteMembers(source, shape.Members);
        source.Line("return value;");
        source.Close();
        source.Close();
    }

    private static void WriteMembers(SourceWriter source, IReadOnlyList<Member> members)
    {
        source.Line("var depth = context.CurrentDepth;");
        source.Open("while (context.ReadAtDepth(depth, ref reader))");
        for (var i = 0; i < members.Count; i++)
        {
            var member = members[i];
            source.Line($"{(i == 0 ? "" : "else ")}if (context.TestExpression(\"{member.WireName}\", depth, ref reader))");
            source.Line($"    value.{member.PropertyName} = {Unmarshaller(member.Shape, CSharpTypes.UnmarshallerOfProperty(member.Shape))}.Unmarshall(context, ref reader);");
        }
        source.Close();
    }

    private static string Unmarshaller(Shape shape, string type) => shape.Kind switch
    {
        ShapeKind.List => $"new {type}({Unmarshaller(shape.Item, CSharpTypes.UnmarshallerOfElement(shape.Item))})",
        ShapeKind.Map => $"new {type}({Unmarshaller(shape.Key, CSharpTypes.UnmarshallerOfElement(shape.Key))}, "
            + $"{Unmarshaller(shape.Value, CSharpTypes.UnmarshallerOfElement(shape.Value))})",
        _ => type + ".Instance",
    };
}
