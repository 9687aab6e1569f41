using System.Text.Json.Nodes;

namespace Automation.Lab.Template;

/// <summary>The template's <c>Parameters</c> with their values: given, else default.</summary>
internal static class TemplateParameters
{
    /// <exception cref="TemplateException">A value is missing, not allowed, or given for a parameter that does not exist.</exception>
    public static IReadOnlyDictionary<string, JsonNode> Read(JsonObject? declared, IReadOnlyDictionary<string, string> given)
    {
        if (given.Keys.FirstOrDefault(name => declared?.ContainsKey(name) != true) is { } unknown)
            throw new TemplateException($"Parameters.{unknown}", "was given a value, but the template has no such parameter");
        return (declared ?? []).ToDictionary(p => p.Key, p => Value(p.Key, p.Value, given.GetValueOrDefault(p.Key)));
    }

    private static JsonNode Value(string name, JsonNode? declaration, string? given)
    {
        var path = $"Parameters.{name}";
        var text = given ?? (declaration?["Default"] is { } fallback ? Intrinsics.Text(fallback, $"{path}.Default") : null)
            ?? throw new TemplateException(path, "has no default and was not given a value");
        if (declaration?["AllowedValues"] is JsonArray allowed
            && !allowed.Any(a => Intrinsics.Text(a, $"{path}.AllowedValues") == text))
        {
            throw new TemplateException(path, $"'{text}' is not one of the allowed values");
        }
        var type = (string?)declaration?["Type"] ?? throw new TemplateException(path, "has no Type");
        var isList = type == "CommaDelimitedList" || type.StartsWith("List<", StringComparison.Ordinal);
        return isList
            ? new JsonArray([.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(i => (JsonNode)i)])
            : text;
    }
}
