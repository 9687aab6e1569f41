using AWSSDK.SourceGenerator.Models;

namespace AWSSDK.SourceGenerator.Writers;

/// <summary>
/// Requests of the AWS query protocol: form parameters whose names are paths, such as
/// <c>Filters.Filter.1.Values.Value.2</c>.
/// </summary>
internal static class QueryMarshallersWriter
{
    public static string Write(ServiceModel model)
    {
        var source = new SourceWriter();
        source.Lines($"""
            using System;
            using System.Collections.Generic;
            using Amazon.Runtime;
            using Amazon.Runtime.Internal;
            using Amazon.Runtime.Internal.Transform;
            using Amazon.Runtime.Internal.Util;

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
        source.Line($"public static readonly {name} Instance = new {name}();");
        source.Line();
        source.Open("public IRequest Marshall(AmazonWebServiceRequest input)");
        source.Line($"var value = ({operation.RequestClass})input;");
        source.Line($"var request = new DefaultRequest(value, \"{model.Namespace}\");");
        source.Line("var parameters = request.Parameters;");
        source.Line($"parameters[\"Action\"] = \"{operation.Name}\";");
        source.Line($"parameters[\"Version\"] = \"{model.ApiVersion}\";");
        WriteMembers(source, operation.Input, prefixed: false);
        source.Line("return request;");
        source.Close();
        source.Close();
    }

    private static void WriteStructure(SourceWriter source, Shape shape)
    {
        source.Line();
        source.Open($"internal static class {shape.ClassName}Marshaller");
        source.Open($"public static void Marshall(IDictionary<string, string> parameters, string prefix, {shape.ClassName} value)");
        WriteMembers(source, shape.Members, prefixed: true);
        source.Close();
        source.Close();
    }

    private static void WriteMembers(SourceWriter source, IReadOnlyList<Member> members, bool prefixed)
    {
        foreach (var member in members)
        {
            source.Open($"if (value.{member.PropertyName} != null)");
            var path = prefixed ? $"prefix + \".{member.WireName}\"" : $"\"{member.WireName}\"";
            WriteValue(source, member.Shape, path, "value." + member.PropertyName, level: 1);
            source.Close();
        }
    }

    private static void WriteValue(SourceWriter source, Shape shape, string path, string value, int level)
    {
        switch (shape.Kind)
        {
            case ShapeKind.Structure:
                source.Line($"{shape.ClassName}Marshaller.Marshall(parameters, {path}, {value});");
                break;
            case ShapeKind.List:
                // A list that is set and empty is sent as such.
                source.Line($"if ({value}.Count == 0) parameters[{path}] = \"\";");
                source.Line($"var index{level} = 1;");
                source.Open($"foreach (var item{level} in {value})");
                source.Line($"var path{level} = {path} + \".{shape.ItemName}.\" + StringUtils.FromInt(index{level}++);");
                WriteValue(source, shape.Item, $"path{level}", $"item{level}", level + 1);
                source.Close();
                break;
            case ShapeKind.Map:
                source.Line($"var index{level} = 1;");
                source.Open($"foreach (var item{level} in {value})");
                source.Line($"var path{level} = {path} + \".entry.\" + StringUtils.FromInt(index{level}++);");
                WriteValue(source, shape.Key, $"path{level} + \".{shape.KeyName}\"", $"item{level}.Key", level + 1);
                WriteValue(source, shape.Value, $"path{level} + \".{shape.ValueName}\"", $"item{level}.Value", level + 1);
                source.Close();
                break;
            default:
                source.Line($"parameters[{path}] = StringUtils.{Conversion(shape.Kind)}({value});");
                break;
        }
    }

    private static string Conversion(ShapeKind kind) => kind switch
    {
        ShapeKind.Integer => "FromInt",
        ShapeKind.Long => "FromLong",
        ShapeKind.Double => "FromDouble",
        ShapeKind.Boolean => "FromBool",
        ShapeKind.Timestamp => "FromDateTimeToISO8601WithOptionalMs",
        ShapeKind.Blob => "FromMemoryStream",
        _ => "FromString",
    };
}
