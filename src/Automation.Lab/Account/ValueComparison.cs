using System.Globalization;
using System.Text.Json;

namespace Automation.Lab.Account;

/// <summary>One entry in a pattern's list: a value, or an operator such as <c>{"prefix":"us-"}</c>.</summary>
/// <param name="Accepts">Whether a leaf of the event fits.</param>
/// <param name="AcceptsAbsence">For <c>{"exists": false}</c>: fits when the field has no leaf at all.</param>
internal sealed record ValueComparison(Func<JsonElement, bool> Accepts, bool AcceptsAbsence = false)
{
    private const double NumericLimit = 5e9;

    /// <exception cref="FormatException">The operator is unknown or its argument malformed.</exception>
    public static ValueComparison Parse(JsonElement value, string path)
    {
        if (value.ValueKind == JsonValueKind.Array) throw new FormatException($"event pattern {path}: a list within a list");
        if (value.ValueKind != JsonValueKind.Object) return new ValueComparison(Equal(value));
        var (name, argument) = Operator(value, path);
        if (name == "exists")
        {
            return argument.ValueKind switch
            {
                JsonValueKind.True => new ValueComparison(_ => true),
                JsonValueKind.False => new ValueComparison(_ => false, AcceptsAbsence: true),
                _ => throw Wrong(path, name, "true or false"),
            };
        }
        return new ValueComparison(name switch
        {
            "numeric" => Numeric(argument, path),
            "anything-but" => AnythingBut(argument, path),
            _ => OfText(name, argument, path),
        });
    }

    private static Func<JsonElement, bool> Equal(JsonElement expected) => expected.ValueKind switch
    {
        JsonValueKind.String when expected.GetString() is var text
            => leaf => leaf.ValueKind == JsonValueKind.String && leaf.GetString() == text,
        // "For numbers, EventBridge uses string representation: 300, 300.0 and 3.0e2 are not considered equal."
        JsonValueKind.Number when expected.GetRawText() is var number
            => leaf => leaf.ValueKind == JsonValueKind.Number && leaf.GetRawText() == number,
        var kind => leaf => leaf.ValueKind == kind,
    };

    private static Func<JsonElement, bool> OfText(string name, JsonElement argument, string path)
    {
        var test = TextTest(name, argument, path);
        return leaf => leaf.ValueKind == JsonValueKind.String && test(leaf.GetString()!);
    }

    private static Func<string, bool> TextTest(string name, JsonElement argument, string path)
    {
        var comparison = StringComparison.Ordinal;
        if (name is "prefix" or "suffix" && argument.ValueKind == JsonValueKind.Object
            && Operator(argument, path) is ("equals-ignore-case", var inner))
        {
            (argument, comparison) = (inner, StringComparison.OrdinalIgnoreCase);
        }
        if (name is not ("prefix" or "suffix" or "equals-ignore-case" or "wildcard"))
            throw new FormatException($"event pattern {path}: unknown operator '{name}'");
        if (argument.ValueKind != JsonValueKind.String) throw Wrong(path, name, "text");
        var expected = argument.GetString()!;
        if (name == "wildcard") return Wildcard.Parse(expected, path).Matches;
        return name switch
        {
            "prefix" => text => text.StartsWith(expected, comparison),
            "suffix" => text => text.EndsWith(expected, comparison),
            _ => text => text.Equals(expected, StringComparison.OrdinalIgnoreCase),
        };
    }

    private static Func<JsonElement, bool> AnythingBut(JsonElement argument, string path)
    {
        if (argument.ValueKind == JsonValueKind.Object)
        {
            var (name, inner) = Operator(argument, path);
            var tests = Each(inner).Select(i => TextTest(name, i, path)).ToArray();
            return leaf => leaf.ValueKind != JsonValueKind.String || !tests.Any(test => test(leaf.GetString()!));
        }
        var excluded = Each(argument).Select(value => value.ValueKind is JsonValueKind.String or JsonValueKind.Number
            ? Equal(value)
            : throw Wrong(path, "anything-but", "text, a number, a list of these or an operator")).ToArray();
        if (excluded.Length == 0) throw Wrong(path, "anything-but", "at least one value");
        return leaf => !excluded.Any(equal => equal(leaf));
    }

    private static JsonElement[] Each(JsonElement argument) =>
        argument.ValueKind == JsonValueKind.Array ? [.. argument.EnumerateArray()] : [argument];

    private static Func<JsonElement, bool> Numeric(JsonElement argument, string path)
    {
        if (argument.ValueKind != JsonValueKind.Array || argument.GetArrayLength() is not (2 or 4))
            throw Wrong(path, "numeric", "a comparison and a number, once or twice");
        var tests = argument.EnumerateArray().Chunk(2).Select(pair => NumericTest(pair[0], pair[1], path)).ToArray();
        return leaf => leaf.ValueKind == JsonValueKind.Number && tests.All(test => test(leaf.GetDouble()));
    }

    private static Func<double, bool> NumericTest(JsonElement comparison, JsonElement bound, string path)
    {
        if (comparison.ValueKind != JsonValueKind.String || bound.ValueKind != JsonValueKind.Number
            || Math.Abs(bound.GetDouble()) > NumericLimit)
        {
            throw Wrong(path, "numeric", string.Create(CultureInfo.InvariantCulture, $"numbers between {-NumericLimit} and {NumericLimit}"));
        }
        var limit = bound.GetDouble();
        return comparison.GetString() switch
        {
            "=" => number => number.Equals(limit),
            "<" => number => number < limit,
            "<=" => number => number <= limit,
            ">" => number => number > limit,
            ">=" => number => number >= limit,
            var other => throw Wrong(path, "numeric", $"one of = < <= > >= and not '{other}'"),
        };
    }

    private static (string Name, JsonElement Argument) Operator(JsonElement value, string path)
    {
        var members = value.EnumerateObject().ToArray();
        return members.Length == 1
            ? (members[0].Name, members[0].Value)
            : throw new FormatException($"event pattern {path}: expected one operator, found {members.Length}");
    }

    private static FormatException Wrong(string path, string name, string expected) =>
        new($"event pattern {path}: '{name}' expects {expected}");
}
