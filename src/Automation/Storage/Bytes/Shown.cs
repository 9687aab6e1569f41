using System.Globalization;
using Automation.Telemetry;

namespace Automation.Storage.Bytes;

/// <summary>Names, texts and sizes of a server as they stand in a sentence or a statement for a person.</summary>
internal static class Shown
{
    // Room for schema.relation, for a prepared transaction's gid (200 bytes at most) too.
    private const int LongestName = 200;

    /// <summary>On one line: whoever names a relation or an application must not be able to forge lines of a message.</summary>
    public static string Name(string? name) => string.IsNullOrWhiteSpace(name) ? "(none)" : Printable.Line(name.Trim(), LongestName);

    /// <summary>A failure's sentence on one line: the server's own words are in it, and names that anybody may have chosen.</summary>
    public static string Failure(string sentence) => Printable.Line(sentence);

    /// <summary>As a string in a statement that may be pasted; <c>null</c>: it holds what cannot be shown as it is.</summary>
    public static string? Literal(string text)
    {
        if (text.Length == 0 || Printable.Line(text, LongestName) != text) return null;
        var quoted = text.Replace("'", "''", StringComparison.Ordinal);
        // With a backslash in it the plain form means another text where standard_conforming_strings is off.
        return text.Contains('\\', StringComparison.Ordinal) ? $"E'{quoted.Replace("\\", @"\\", StringComparison.Ordinal)}'" : $"'{quoted}'";
    }

    /// <summary>As an identifier in a statement that may be pasted; <c>null</c>: it cannot be shown as it is.</summary>
    public static string? Identifier(string name) => SqlIdentifier.IsName(name) && Printable.Line(name, LongestName) == name ? SqlIdentifier.Quote(name) : null;

    /// <summary>12.3 GiB.</summary>
    public static string Size(long bytes) => Math.Abs(bytes) switch
    {
        >= 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.0} GiB"),
        >= 1L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 20):0.0} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.0} KiB"),
    };

    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
