using System.Text.RegularExpressions;

namespace Automation.Failover;

/// <summary>
/// Whether a name or a tag says "production". A guard beside the tags that allow the test, for the day on which somebody copies a
/// set of tags: it errs on the side of refusing.
/// </summary>
internal static partial class ProductionWords
{
    /// <summary>The word that says so, as it stands there; <c>null</c> when none does.</summary>
    public static string? In(string text)
    {
        var before = "";
        foreach (var word in Word().EnumerateMatches(text))
        {
            var found = text.Substring(word.Index, word.Length);
            // non-production and pre-production are what people call staging.
            if (Production().IsMatch(found) && !Negation().IsMatch(before)) return found;
            before = found;
        }
        return null;
    }

    // Letters, a new word beginning with a capital after a small letter: orders-prod1, ordersProd, ORDERS_PROD.
    [GeneratedRegex(@"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    // Also run together with what it describes: ordersprod, proddb, prodeu; but neither product nor reproduce.
    [GeneratedRegex(@"\A(?!.*(?:non|pre|not)prod)(?:.*(?:prod|production)|prod(?:db|pg|sql|rds|aurora|eu|us|ap)|prd|live)\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Production();

    [GeneratedRegex(@"\A(?:non|not|no|pre)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Negation();
}
