using AWSSDK.SourceGenerator.Models;

namespace AWSSDK.SourceGenerator.Writers;

internal static class ExceptionsWriter
{
    public static string Write(ServiceModel model)
    {
        var source = new SourceWriter();
        source.Lines($"""
            using System;
            using System.Net;
            using Amazon.Runtime;

            namespace {model.Namespace}
            """);
        source.Line("{");
        WriteClass(source, model.Prefix + "Exception", "AmazonServiceException");
        source.Line("}");
        source.Line();
        source.Open($"namespace {model.Namespace}.Model");
        foreach (var shape in model.Exceptions)
        {
            if (shape.Members.Any(m => m.PropertyName != "Message"))
                throw new FormatException($"The error '{shape.ModelName}' has members, which this generator does not know.");
            WriteClass(source, shape.ClassName, model.Prefix + "Exception");
        }
        source.Close();
        return source.ToString();
    }

    private static void WriteClass(SourceWriter source, string name, string parent)
    {
        source.Open($"public partial class {name} : {parent}");
        source.Lines($$"""
            public {{name}}(string message) : base(message) { }

            public {{name}}(string message, Exception innerException) : base(message, innerException) { }

            public {{name}}(Exception innerException) : base(innerException.Message, innerException) { }

            public {{name}}(string message, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
                : base(message, errorType, errorCode, requestId, statusCode) { }

            public {{name}}(string message, Exception innerException, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
                : base(message, innerException, errorType, errorCode, requestId, statusCode) { }
            """);
        source.Close();
    }
}
