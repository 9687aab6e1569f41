using AWSSDK.SourceGenerator.Models;

namespace AWSSDK.SourceGenerator.Writers;

/// <summary>Requests, responses and the structures in them.</summary>
internal static class ModelWriter
{
    public static string Write(ServiceModel model)
    {
        var source = new SourceWriter();
        source.Lines($$"""
            using System;
            using System.Collections.Generic;
            using System.IO;
            using Amazon.Runtime;

            namespace {{model.Namespace}}.Model;

            public partial class {{model.Prefix}}Request : AmazonWebServiceRequest { }
            """);
        foreach (var operation in model.Operations)
        {
            WriteClass(source, $"{operation.RequestClass} : {model.Prefix}Request", operation.Input);
            WriteClass(source, $"{operation.ResponseClass} : AmazonWebServiceResponse", operation.Output);
        }
        foreach (var shape in model.SentStructures.Union(model.ReceivedStructures))
            WriteClass(source, shape.ClassName, shape.Members);
        return source.ToString();
    }

    private static void WriteClass(SourceWriter source, string declaration, IReadOnlyList<Member> members)
    {
        source.Line();
        source.Open($"public partial class {declaration}");
        foreach (var member in members)
            source.Line($"public {CSharpTypes.OfProperty(member.Shape)} {member.PropertyName} {{ get; set; }}");
        source.Close();
    }
}
