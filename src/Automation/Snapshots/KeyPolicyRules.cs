using System.Text.Json;

namespace Automation.Snapshots;

/// <summary>Whether the policy of a key lets another account copy what is encrypted with it.</summary>
internal static class KeyPolicyRules
{
    private static readonly string[] Needed = ["kms:Decrypt", "kms:CreateGrant"];

    /// <param name="policy">The policy's JSON.</param>
    /// <param name="account">12 digits.</param>
    public static bool Lets(string policy, string account)
    {
        try
        {
            using var document = JsonDocument.Parse(policy);
            var allowed = Items(Member(document.RootElement, "Statement"))
                .Where(statement => Member(statement, "Effect").ValueEquals("Allow") && Items(Member(Member(statement, "Principal"), "AWS")).Any(principal => IsOf(principal, account)))
                .SelectMany(statement => Items(Member(statement, "Action")))
                .Select(action => action.GetString() ?? "")
                .ToList();
            return Needed.All(action => allowed.Exists(pattern => Covers(pattern, action)));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A policy of a shape that nobody expects lets nobody.
            return false;
        }
    }

    // "210987654321", "arn:aws:iam::210987654321:root" or a role of it.
    private static bool IsOf(JsonElement principal, string account) =>
        principal.GetString() is { } name && (name == account || (name.Split(':') is [_, _, _, _, var of, ..] && of == account));

    // "kms:*", "kms:Decrypt", "kms:Create*", "*"; IAM does not tell case apart in actions.
    private static bool Covers(string pattern, string action) => pattern.EndsWith('*')
        ? action.StartsWith(pattern[..^1], StringComparison.OrdinalIgnoreCase)
        : pattern.Equals(action, StringComparison.OrdinalIgnoreCase);

    private static JsonElement Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : default;

    /// <summary>IAM writes one thing without its array.</summary>
    private static IEnumerable<JsonElement> Items(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Undefined => [],
        JsonValueKind.Array => element.EnumerateArray(),
        _ => [element],
    };
}
