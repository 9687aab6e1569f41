using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Automation.LabTests.Template;

internal enum Verdict
{
    /// <summary>No statement allows it.</summary>
    NotAllowed,

    Allowed,

    /// <summary>A statement denies it, whatever else is allowed.</summary>
    Denied,
}

/// <summary>
/// IAM's evaluation for one role: an explicit Deny wins, else an Allow is needed. Statements are resolved; the context has
/// the condition keys of the call.
/// </summary>
internal sealed class PolicySimulator(IReadOnlyList<Statement> statements)
{
    public Verdict Evaluate(string action, string resource, params (string Key, string Value)[] context)
    {
        // A key that is given more than once has several values.
        var keys = context.ToLookup(k => k.Key, k => k.Value);
        var matching = statements.Where(s => s.Actions.Any(a => IsLike(a, action, ignoreCase: true))
            && s.Resources.Any(r => IsLike((string)r!, resource))
            && (s.When is null || s.When.All(c => Holds(c.Key, c.Value!.AsObject(), keys)))).ToList();
        return matching.Exists(s => !s.IsAllow) ? Verdict.Denied
            : matching.Count > 0 ? Verdict.Allowed
            : Verdict.NotAllowed;
    }

    private static bool Holds(string operation, JsonObject expected, ILookup<string, string> context) => expected.All(e => operation switch
    {
        "StringEquals" or "Bool" or "ForAnyValue:StringEquals" => context[e.Key].Any(Values(e.Value).Contains),
        // Also where the key is absent.
        "StringNotEquals" => !context[e.Key].Any(Values(e.Value).Contains),
        "StringLike" => context[e.Key].Any(value => Values(e.Value).Any(pattern => IsLike(pattern, value))),
        // Also where the key is absent.
        "StringNotLike" => !context[e.Key].Any(value => Values(e.Value).Any(pattern => IsLike(pattern, value))),
        // Also where the key is absent.
        "ForAllValues:StringEquals" => context[e.Key].All(Values(e.Value).Contains),
        "Null" => Values(e.Value).Single() == (context.Contains(e.Key) ? "false" : "true"),
        _ => throw new InvalidOperationException($"The simulator does not know the operator {operation}."),
    });

    private static string[] Values(JsonNode? node) => node is JsonArray list ? [.. list.Select(v => v!.ToString())] : [node!.ToString()];

    private static bool IsLike(string pattern, string text, bool ignoreCase = false) => Regex.IsMatch(text,
        $@"\A{Regex.Escape(pattern).Replace(@"\*", ".*", StringComparison.Ordinal).Replace(@"\?", ".", StringComparison.Ordinal)}\z",
        ignoreCase ? RegexOptions.IgnoreCase | RegexOptions.CultureInvariant : RegexOptions.CultureInvariant);
}
