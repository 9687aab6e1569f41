namespace Automation.Lab.Report;

/// <summary>What a series measures.</summary>
internal enum Measure
{
    /// <summary>Sessions that execute a statement.</summary>
    Active,

    /// <summary>Sessions that have an open transaction and do nothing, failed ones too.</summary>
    IdleInTransaction,

    /// <summary>Sessions without a transaction that do nothing.</summary>
    Idle,

    /// <summary>Sessions of other kinds: replication.</summary>
    OtherSessions,

    /// <summary>The server's <c>max_connections</c>.</summary>
    Slots,

    /// <summary>Free bytes of the volume.</summary>
    Free,

    /// <summary>Allocated bytes of the volume.</summary>
    Allocated,

    /// <summary>Logins of all clients that ended in a session, per second.</summary>
    LoggedIn,

    /// <summary>Logins of all clients that were refused, per second.</summary>
    LoginsRefused,
}

/// <summary>A value at a time.</summary>
/// <param name="At">When it was taken.</param>
/// <param name="Value"><c>null</c>: it could not be taken, the line has a gap.</param>
internal readonly record struct RunPoint(DateTimeOffset At, double? Value);

/// <summary>One measure of one database over the run.</summary>
/// <param name="Database">The identifier.</param>
/// <param name="Measure">What is measured.</param>
/// <param name="Points">Oldest first.</param>
internal sealed record RunSeries(string Database, Measure Measure, IReadOnlyList<RunPoint> Points);

/// <summary>The report's own client of a database, which logs in and writes again and again.</summary>
/// <param name="Database">The identifier.</param>
/// <param name="Attempts">Oldest first.</param>
internal sealed record RunProbe(string Database, IReadOnlyList<RunAttempt> Attempts);

/// <summary>One attempt of the probe.</summary>
/// <param name="At">When it began.</param>
/// <param name="Took">Until the write was acknowledged, or until it failed.</param>
/// <param name="LoggedIn">Whether it got a session.</param>
/// <param name="Wrote">Whether a write was acknowledged.</param>
/// <param name="Error">What the server or the network said; <c>null</c> when all went well.</param>
internal sealed record RunAttempt(DateTimeOffset At, TimeSpan Took, bool LoggedIn, bool Wrote, string? Error);

/// <summary>A time in which a database took no writes.</summary>
/// <param name="Database">The identifier.</param>
/// <param name="Way">How clients came: <c>writer</c>, <c>proxy</c>.</param>
/// <param name="From">The primary was gone.</param>
/// <param name="To">The way leads to a primary again.</param>
/// <param name="MeasuredMs">What the automation measured on this way, in milliseconds; empty when it did not.</param>
internal sealed record RunOutage(string Database, string Way, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<long> MeasuredMs);
