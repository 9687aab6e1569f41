using System.Text.Encodings.Web;
using System.Text.RegularExpressions;

namespace Automation.Lab.Soak;

/// <summary>
/// Takes secrets out of whatever a soak prints: it looks for them, so it may have found one, and must not be the one that writes it
/// down. Whether one was where it must not be is judged before. Pure.
/// </summary>
internal static partial class SoakMask
{
    private const string Hidden = "***";

    public static string Over(string text, IEnumerable<Canary> canaries) => Signature().Replace(
        canaries.Where(canary => canary.Value != SoakFunctions.SignatureLabel).SelectMany(FormsOf).OrderByDescending(form => form.Length)
            .Aggregate(text, (masked, form) => masked.Replace(form, Hidden, StringComparison.Ordinal)),
        "$1" + Hidden);

    public static Verdict Over(Verdict verdict, IReadOnlyList<Canary> canaries) => verdict with { Violations = [.. verdict.Violations.Select(violation => Over(violation, canaries))] };

    // As it is, and as JSON and the query of a URL write its characters.
    private static IEnumerable<string> FormsOf(Canary canary) =>
        new[] { canary.Value, JavaScriptEncoder.Default.Encode(canary.Value), Uri.EscapeDataString(canary.Value) }.Where(form => form.Length > 0).Distinct();

    // The canary is the label, because every signature is another one.
    [GeneratedRegex("(" + SoakFunctions.SignatureLabel + @")[^&\s""'\\]+")]
    private static partial Regex Signature();
}
