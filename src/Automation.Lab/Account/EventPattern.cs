using System.Text.Json;

namespace Automation.Lab.Account;

/// <summary>
/// An EventBridge event pattern. Fields are joined by "and", the values of a field by "or"; a pattern reaches through
/// arrays, and several fields of one object in an array must hold for the same element.
/// </summary>
/// <remarks>Rules: "Comparison operators for use in event patterns", Amazon EventBridge user guide.</remarks>
internal sealed class EventPattern
{
    private readonly Func<JsonElement?, bool> matches;

    private EventPattern(Func<JsonElement?, bool> matches) => this.matches = matches;

    /// <exception cref="FormatException">The pattern is malformed or uses an unknown operator; names the place.</exception>
    public static EventPattern Parse(JsonElement pattern) => new(Fields(pattern, ""));

    public bool Matches(JsonElement document) => matches(document);

    private static Func<JsonElement?, bool> Fields(JsonElement pattern, string path)
    {
        if (pattern.ValueKind != JsonValueKind.Object || !pattern.EnumerateObject().Any())
            throw Malformed(path, "expected a mapping with at least one field");
        var fields = pattern.EnumerateObject().Select(field => Field(field, path)).ToArray();
        return value => InSomeElement(value, element => fields.All(matches => matches(element)));
    }

    private static Func<JsonElement?, bool> Field(JsonProperty field, string parent)
    {
        var path = parent.Length == 0 ? field.Name : $"{parent}.{field.Name}";
        if (field.Name == "$or") return Alternatives(field.Value, path, parent);
        var matches = field.Value.ValueKind switch
        {
            JsonValueKind.Object => Fields(field.Value, path),
            JsonValueKind.Array when field.Value.GetArrayLength() > 0 => AnyValue(field.Value, path),
            _ => throw Malformed(path, "expected a mapping or a list with at least one value"),
        };
        return value => matches(Member(value, field.Name));
    }

    private static Func<JsonElement?, bool> Alternatives(JsonElement alternatives, string path, string parent)
    {
        if (alternatives.ValueKind != JsonValueKind.Array || alternatives.GetArrayLength() < 2)
            throw Malformed(path, "expected a list of at least two patterns");
        var patterns = alternatives.EnumerateArray().Select(a => Fields(a, parent)).ToArray();
        return value => patterns.Any(matches => matches(value));
    }

    private static Func<JsonElement?, bool> AnyValue(JsonElement values, string path)
    {
        var comparisons = values.EnumerateArray().Select(v => ValueComparison.Parse(v, path)).ToArray();
        return value =>
        {
            var leaves = Leaves(value).ToArray();
            return comparisons.Any(c => c.AcceptsAbsence ? leaves.Length == 0 : leaves.Any(c.Accepts));
        };
    }

    // A field that is missing is matched as "nothing", so that {"exists": false} also holds below a missing parent.
    private static bool InSomeElement(JsonElement? value, Func<JsonElement?, bool> holds) => value is { ValueKind: JsonValueKind.Array } array
        ? array.EnumerateArray().Any(element => InSomeElement(element, holds))
        : holds(value);

    private static JsonElement? Member(JsonElement? value, string name) =>
        value is { ValueKind: JsonValueKind.Object } map && map.TryGetProperty(name, out var member) ? member : null;

    // Only leaf nodes can be compared: an object, or an array without scalars, has none.
    private static IEnumerable<JsonElement> Leaves(JsonElement? value) => value switch
    {
        null or { ValueKind: JsonValueKind.Object } => [],
        { ValueKind: JsonValueKind.Array } array => array.EnumerateArray().SelectMany(element => Leaves(element)),
        { } leaf => [leaf],
    };

    private static FormatException Malformed(string path, string problem) => new($"event pattern {(path.Length == 0 ? "" : path + ": ")}{problem}");
}
