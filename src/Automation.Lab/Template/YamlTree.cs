using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Automation.Lab.Template;

/// <summary>
/// CloudFormation's YAML as a JSON tree. Short tags become their long form (<c>!Ref A</c> → <c>{"Ref":"A"}</c>), because
/// CloudFormation defines them as the same thing, and plain scalars get their JSON type.
/// </summary>
internal static partial class YamlTree
{
    public static JsonObject Read(string yaml)
    {
        var stream = new YamlStream();
        try
        {
            using var reader = new StringReader(yaml);
            stream.Load(reader);
        }
        catch (YamlException e)
        {
            throw new TemplateException("", $"not YAML at line {e.Start.Line}, column {e.Start.Column}: {e.Message}", e);
        }
        return stream.Documents.Count == 1 && Convert(stream.Documents[0].RootNode) is JsonObject root
            ? root
            : throw new TemplateException("", "expected one YAML document with a mapping at the top");
    }

    private static JsonNode? Convert(YamlNode node)
    {
        var value = node switch
        {
            YamlScalarNode scalar => Scalar(scalar),
            YamlSequenceNode list => new JsonArray([.. list.Children.Select(Convert)]),
            YamlMappingNode map => new JsonObject(map.Children.Select(p => KeyValuePair.Create(Key(p.Key), Convert(p.Value)))),
            _ => throw new TemplateException("", $"unexpected YAML node at line {node.Start.Line}"),
        };
        var tag = node.Tag.IsEmpty ? "" : node.Tag.Value;
        // "!" alone is YAML's "no tag", and "tag:yaml.org,2002:*" are YAML's own types.
        if (tag.Length < 2 || tag.StartsWith("tag:yaml.org", StringComparison.Ordinal)) return value;
        return LongForm(tag[1..], value, node.Start.Line);
    }

    private static JsonObject LongForm(string name, JsonNode? value, long line) => name switch
    {
        "Ref" or "Condition" => new JsonObject { [name] = value },
        "GetAtt" when value is JsonValue text && ((string?)text)?.Split('.', 2) is [var id, var attribute]
            => new JsonObject { ["Fn::GetAtt"] = new JsonArray(id, attribute) },
        "GetAtt" when value is not JsonArray => throw new TemplateException("", $"!GetAtt at line {line} expects Resource.Attribute"),
        _ => new JsonObject { ["Fn::" + name] = value },
    };

    private static string Key(YamlNode key) => key is YamlScalarNode { Value: { } name }
        ? name
        : throw new TemplateException("", $"a key that is not text at line {key.Start.Line}");

    private static JsonNode? Scalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style != ScalarStyle.Plain || !scalar.Tag.IsEmpty) return JsonValue.Create(text);
        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => JsonValue.Create(true),
            "false" or "False" or "FALSE" => JsonValue.Create(false),
            // An account id such as 012345678901 has a leading zero and stays text.
            _ when JsonNumber().IsMatch(text) => JsonNode.Parse(text),
            _ => JsonValue.Create(text),
        };
    }

    [GeneratedRegex(@"\A-?(0|[1-9]\d*)(\.\d+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex JsonNumber();
}
