using System.Globalization;

namespace Automation.Lab.Soak;

/// <summary>What the ledger calls a session: its pid and when it began. Pure.</summary>
internal static class SessionKey
{
    /// <param name="pid">Of the backend.</param>
    /// <param name="start">When it began; <c>null</c> when it was gone before anybody could ask.</param>
    public static string Of(int pid, DateTime? start) => string.Create(CultureInfo.InvariantCulture, $"{pid}-{start:yyyyMMddHHmmssffffff}");

    /// <summary>Whether a record is about a session: by its pid alone where nobody knows when the session began.</summary>
    /// <param name="record">The key of the record.</param>
    /// <param name="session">The key of the session.</param>
    public static bool Names(string record, string session) =>
        session.EndsWith('-') ? record.StartsWith(session, StringComparison.Ordinal) : record == session;
}
