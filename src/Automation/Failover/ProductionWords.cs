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
        foreach (var word in Letters().EnumerateMatches(text))
        {
            var found = text.Substring(word.Index, word.Length);
            // non-production and pre-production are what people call staging; "no" is a country.
            if (Says(found) && !(before is "non" or "pre")) return found;
            before = found.ToLowerInvariant();
        }
        return null;
    }

    private static bool Says(string word) => !Negated().IsMatch(word) && Production().IsMatch(word);

    // Runs of letters: digits and everything else part words, capitals do not, so that ordersProd and PRODdb are one word each.
    [GeneratedRegex(@"\p{L}+", RegexOptions.CultureInvariant)]
    private static partial Regex Letters();

    // Also run together with what it describes: ordersprod, proddb, productioneu; but neither product nor produce.
    [GeneratedRegex(@"production|\Aprod(?!uc|uk)|(?:prod|prd)\z|\Aprd|\Alive\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Production();

    [GeneratedRegex(@"\A(?:non|pre)prod(?:uction)?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Negated();
}
