using System.Text;
using Automation.Outcomes;

namespace Automation.Notifications;

/// <summary>
/// The subject of an e-mail as SNS allows it: ASCII, no line break or control character, up to 100 characters, a first
/// character that is no space. It begins with the severity, because mail is sorted by its subject: filters do not see the
/// attributes of a message.
/// </summary>
internal static class SubjectLine
{
    // SNS's reference says "less than 100".
    private const int Longest = 99;
    private const string CutMark = "...";

    public static string Of(Severity severity, string headline, string fallback)
    {
        var mark = Mark(severity);
        var longest = Longest - mark.Length;
        var ascii = string.Concat(headline.EnumerateRunes().Select(Ascii));
        var line = string.Join(' ', ascii.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return mark + (line.Length == 0 ? fallback : line.Length > longest ? line[..(longest - CutMark.Length)].TrimEnd() + CutMark : line);
    }

    private static string Mark(Severity severity) => severity switch
    {
        Severity.Critical => "[CRITICAL] ",
        Severity.Warning => "[warning] ",
        Severity.Info => "[info] ",
        _ => throw new ArgumentOutOfRangeException(nameof(severity), severity, null),
    };

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
