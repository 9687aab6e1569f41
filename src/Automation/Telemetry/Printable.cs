using System.Globalization;
using System.Text;

namespace Automation.Telemetry;

/// <summary>
/// Text from outside (an event, a tag, an error message) made fit for one line. Line breaks, terminal escapes and
/// bidirectional overrides would let whoever names an alarm or a session forge log lines (CWE-117).
/// </summary>
internal static class Printable
{
    private const string CutMark = "...";

    /// <summary>One line of at most <paramref name="limit"/> characters; what cannot be shown is written as <c>\uXXXX</c>.</summary>
    public static string Line(string text, int limit = 400)
    {
        var line = new StringBuilder(Math.Min(text.Length, limit));
        foreach (var rune in text.EnumerateRunes())
        {
            var shown = IsShown(rune) ? rune.ToString() : string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            if (line.Length + shown.Length > limit)
            {
                line.Length = Math.Min(line.Length, Math.Max(0, limit - CutMark.Length));
                if (line.Length > 0 && char.IsHighSurrogate(line[^1])) line.Length--;
                return line.Append(CutMark).ToString();
            }
            line.Append(shown);
        }
        return line.ToString();
    }

    private static bool IsShown(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control
        or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate);
}
