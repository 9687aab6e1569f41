namespace Automation.Connections;

/// <summary>
/// Names that come from the server: a client chooses its application_name freely, so it must not be able to forge lines
/// in a message a person trusts.
/// </summary>
internal static class Printable
{
    private const int Longest = 63; // NAMEDATALEN - 1: longer cannot come from PostgreSQL

    /// <summary>The text without control, format or separator characters, at most 63 characters; <c>(none)</c> when empty.</summary>
    public static string Of(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return "(none)";
        var clean = new string([.. text.Take(Longest).Select(c => char.IsLetterOrDigit(c) || char.IsPunctuation(c) || char.IsSymbol(c) || c == ' ' ? c : '?')]);
        return clean.Trim();
    }

    /// <summary>As an SQL identifier that may be pasted into psql.</summary>
    public static string Identifier(string name) => $"\"{Of(name).Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>12 s, 6 min 12 s, 3 h 5 min.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalMinutes: < 1 } => $"{(int)span.TotalSeconds} s",
        { TotalHours: < 1 } => $"{(int)span.TotalMinutes} min {span.Seconds} s",
        _ => $"{(int)span.TotalHours} h {span.Minutes} min",
    };
}
