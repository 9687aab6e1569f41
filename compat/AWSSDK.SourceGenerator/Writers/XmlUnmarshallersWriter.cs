using AWSSDK.SourceGenerator.Models;

namespace AWSSDK.SourceGenerator.Writers;

/// <summary>Answers of the AWS query protocol.</summary>
internal static class XmlUnmarshallersWriter
{
    public static string Write(ServiceModel model)
    {
        var source = new SourceWriter();
        source.Lines($"""
            using System;
            using System.Collections.Generic;
            using System.IO;
            using System.Net;
            using Amazon.Runtime;
            using Amazon.Runtime.Internal;
            using Amazon.Runtime.Internal.Transform;
            using AWSSDK.Client;

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
        source.Open($"internal sealed class {name} : XmlResponseUnmarshaller");
        source.Lines($$"""
            public static readonly {{name}} Instance = new {{name}}();

            public override AmazonWebServiceResponse Unmarshall(XmlUnmarshallerContext context)
            {
                var response = new {{operation.ResponseClass}}();
                context.Read();
                var depth = context.CurrentDepth;
                while (context.ReadAtDepth(depth))
                {
                    if (!context.IsStartElement) continue;
            """);
        if (operation.ResultWrapper is { } wrapper)
            source.Line($"        if (context.TestExpression(\"{wrapper}\", 2)) UnmarshallResult(context, response);");
        source.Lines("""
                    if (context.TestExpression("ResponseMetadata", 2))
                        response.ResponseMetadata = ResponseMetadataUnmarshaller.Instance.Unmarshall(context);
                }
                return response;
            }

            """);
        if (operation.ResultWrapper is not null)
        {
            source.Open($"private static void UnmarshallResult(XmlUnmarshallerContext context, {operation.ResponseClass} value)");
            WriteMembers(source, operation.Output);
            source.Close();
            source.Line();
        }
        source.Open("public override AmazonServiceException UnmarshallException(XmlUnmarshallerContext context, Exception innerException, HttpStatusCode statusCode)");
        source.Line("var error = XmlErrorResponseUnmarshaller.GetInstance().Unmarshall(context);");
        ErrorsWriter.Write(source, model, operation, "error.Code");
        source.Close();
        source.Close();
    }

    private static void WriteStructure(SourceWriter source, Shape shape)
    {
        var name = shape.ClassName + "Unmarshaller";
        source.Line();
        source.Open($"internal sealed class {name} : IXmlUnmarshaller<{shape.ClassName}, XmlUnmarshallerContext>");
        source.Line($"public static readonly {name} Instance = new {name}();");
        source.Line();
        source.Open($"public {shape.ClassName} Unmarshall(XmlUnmarshallerContext context)");
        source.Line($"var value = new {shape.ClassName}();");
        WriteMembers(source, shape.Members);
        source.Line("return value;");
        source.Close();
        source.Close();
    }

    /// <summary>Reads the members below the current element; what the model does not know is passed over.</summary>
    private static void WriteMembers(SourceWriter source, IReadOnlyList<Member> members)
    {
        source.Line("var depth = context.CurrentDepth;");
        source.Open("while (context.ReadAtDepth(depth))");
        if (members.Count > 0)
        {
            source.Line("if (!context.IsStartElement || context.CurrentDepth != depth + 1) continue;");
            source.Open("switch (context.CurrentElementName)");
            foreach (var member in members)
                source.Line($"case \"{member.WireName}\": value.{member.PropertyName} = {Value(member.Shape)}; break;");
            source.Close();
        }
        source.Close();
    }

    private static string Value(Shape shape) => shape.Kind switch
    {
        ShapeKind.List => $"XmlCollections.List(context, \"{shape.ItemName}\", {ReadElement(shape.Item)})",
        ShapeKind.Map => $"XmlCollections.Map(context, \"{shape.KeyName}\", \"{shape.ValueName}\", {ReadElement(shape.Key)}, {ReadElement(shape.Value)})",
        _ => $"{CSharpTypes.UnmarshallerOfProperty(shape)}.Instance.Unmarshall(context)",
    };

    private static string ReadElement(Shape shape) => shape.Kind is ShapeKind.List or ShapeKind.Map
        ? $"static context => {Value(shape)}"
        : $"{CSharpTypes.UnmarshallerOfElement(shape)}.Instance.Unmarshall";
}
