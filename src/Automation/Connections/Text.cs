using Automation.Telemetry;

namespace Automation.Connections;

/// <summary>How names and times of a server are written in a message.</summary>
internal static class Text
{
    private const int LongestName = 63; // NAMEDATALEN - 1: PostgreSQL has no longer one

    /// <summary>
    /// A role, application or address on one line. A client chooses its application_name freely, so it must not be able to
    /// forge lines in a message that a person trusts.
    /// </summary>
    public static string Name(string? name) => string.IsNullOrWhiteSpace(name) ? "(none)" : Printable.Line(name.Trim(), LongestName);

    /// <summary>As an SQL identifier that may be pasted into psql; <c>null</c> when the name cannot be shown as it is.</summary>
    public static string? Identifier(string name) =>
        Printable.Line(name, LongestName) == name && SqlIdentifier.IsName(name) ? SqlIdentifier.Quote(name) : null;

    /// <summary>12 s, 6 min 12 s, 3 h 5 min.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalMinutes: < 1 } => $"{(int)span.TotalSeconds} s",
        { TotalHours: < 1 } => $"{(int)span.TotalMinutes} min {span.Seconds} s",
        _ => $"{(int)span.TotalHours} h {span.Minutes} min",
    };
}
