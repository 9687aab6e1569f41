using System.Text;

namespace Automation.Notifications;

/// <summary>
/// The subject of an e-mail as SNS allows it: ASCII, no line break or control character, up to 100 characters, a first
/// character that is no space.
/// </summary>
internal static class SubjectLine
{
    // SNS's reference says "less than 100".
    private const int Longest = 99;
    private const string CutMark = "...";

    public static string Of(string headline, string fallback)
    {
        var ascii = string.Concat(headline.EnumerateRunes().Select(Ascii));
        var line = string.Join(' ', ascii.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return line.Length switch
        {
            0 => fallback,
            > Longest => line[..(Longest - CutMark.Length)].TrimEnd() + CutMark,
            _ => line,
        };
    }

    private static string Ascii(Rune rune) => rune.Value switch
    {
        >= ' ' and <= '~' => rune.ToString(),
        '\t' or '\r' or '\n' or '\u00a0' => " ",
        '\u2018' or '\u2019' => "'",
        '\u201c' or '\u201d' => "\"",
        >= '\u2010' and <= '\u2015' => "-",
        '\u2026' => "...",
        '\u2192' => "->",
        '\u2264' => "<=",
        '\u2265' => ">=",
        '\u00d7' => "x",
        _ => "?",
    };
}
