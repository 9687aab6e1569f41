using System.IO.Enumeration;

namespace Automation.Lab.Iam;

/// <summary>IAM's <c>*</c> and <c>?</c>. There is no escape.</summary>
internal static class IamPattern
{
    private const int ArnParts = 6;

    public static bool Matches(string pattern, string text, bool ignoreCase = false) =>
        // This matcher takes nothing for no pattern (S3's ARNs have empty parts), and a backslash for an escape.
        pattern.Length == 0 ? text.Length == 0 : FileSystemName.MatchesSimpleExpression(pattern.Replace(@"\", @"\\", StringComparison.Ordinal), text, ignoreCase);

    /// <summary>
    /// ARNs are compared part by part: a wildcard for the Region does not reach into the account. Only the last part, the
    /// resource, has colons of its own.
    /// </summary>
    public static bool MatchesArn(string pattern, string arn)
    {
        if (pattern == "*") return true;
        var (expected, given) = (pattern.Split(':', ArnParts), arn.Split(':', ArnParts));
        return expected.Length == given.Length && expected.Zip(given).All(pair => Matches(pair.First, pair.Second));
    }
}
