using System.Globalization;
using System.Text.Json.Nodes;

namespace Automation.Lab.Template;

/// <summary>A resolved value and where it stands in the template, so that every complaint names the place.</summary>
internal readonly record struct TemplateNode(JsonNode? Value, string Path)
{
    public bool Exists => Value is not null;

    public TemplateNode this[string key] => new(Value switch
    {
        null => null,
        JsonObject map => map[key],
        _ => throw new TemplateException(Path, "expected a mapping"),
    }, $"{Path}.{key}");

    /// <exception cref="TemplateException">One of these is given, and would be ignored.</exception>
    public void RefuseMembers(params ReadOnlySpan<string> unknown)
    {
        foreach (var key in unknown)
        {
            if (this[key].Exists) throw new TemplateException(this[key].Path, "the lab does not follow this property");
        }
    }

    public string Text() => OptionalText() ?? throw new TemplateException(Path, "is required");

    public string? OptionalText() => Value is null ? null : Intrinsics.Text(Value, Path);

    public int Number(int? fallback = null) => Value is null && fallback is { } value ? value
        : int.TryParse(Text(), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number
        : throw new TemplateException(Path, $"expected a whole number, found '{Text()}'");

    public double Real() => double.TryParse(Text(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new TemplateException(Path, $"expected a number, found '{Text()}'");

    public TimeSpan Seconds(int? fallback = null) => TimeSpan.FromSeconds(Number(fallback));

    public bool Flag(bool fallback) => OptionalText()?.ToUpperInvariant() switch
    {
        null => fallback,
        "TRUE" => true,
        "FALSE" => false,
        _ => throw new TemplateException(Path, $"expected true or false, found '{Text()}'"),
    };

    public IEnumerable<TemplateNode> Items()
    {
        if (Value is not (null or JsonArray)) throw new TemplateException(Path, "expected a list");
        var path = Path;
        return (Value as JsonArray ?? []).Select((item, i) => new TemplateNode(item, $"{path}[{i}]"));
    }

    public IReadOnlyDictionary<string, TemplateNode> Members()
    {
        if (Value is not (null or JsonObject)) throw new TemplateException(Path, "expected a mapping");
        var path = Path;
        return (Value as JsonObject ?? []).ToDictionary(p => p.Key, p => new TemplateNode(p.Value, $"{path}.{p.Key}"));
    }
}
