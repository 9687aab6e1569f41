using Npgsql;

namespace Automation.Failover;

/// <summary>
/// What one attempt has come to. The attempt writes, the watchdog reads; what comes after it has read is too late and counts for
/// nothing, as it would for a client that has given up.
/// </summary>
internal sealed class ProbeSteps(TimeProvider time, long zero, long sequence)
{
    private readonly Lock sync = new();
    private readonly TimeSpan started = time.GetElapsedTime(zero);
    private TimeSpan? read, wrote;
    private ServerIdentity? server;
    private bool sent, warned, closed;

    public void ReadAnswered(ServerIdentity who)
    {
        lock (sync)
        {
            if (closed) return;
            (read, server) = (time.GetElapsedTime(zero), who);
        }
    }

    /// <summary>Before the INSERT leaves: from here on it may have happened.</summary>
    public void WriteSent()
    {
        lock (sync) sent = true;
    }

    /// <summary>
    /// The server said more than "done": "canceling wait for synchronous replication" is a warning, and the commit it comes with
    /// may be lost. Whatever the language of the server, a warned commit is not an acknowledged one.
    /// </summary>
    public void Noticed(PostgresNotice notice)
    {
        if (notice.InvariantSeverity is "NOTICE" or "INFO" or "LOG" or "DEBUG") return;
        lock (sync) warned = true;
    }

    public void WriteAnswered(ServerIdentity who)
    {
        lock (sync)
        {
            if (closed) return;
            (wrote, server) = (time.GetElapsedTime(zero), who);
        }
    }

    /// <summary>What it came to.</summary>
    /// <param name="error">What ended it, if something did.</param>
    /// <param name="writes">Whether it was to write.</param>
    /// <param name="limit">An answer after this is none, also when the watchdog itself was late. What it says of the row still counts.</param>
    public ProbeAttempt Close(Exception? error, bool writes, TimeSpan limit)
    {
        lock (sync)
        {
            closed = true;
            var acknowledged = wrote is not null && !warned;
            var (readInTime, wroteInTime) = (read is { } at && at - started <= limit, acknowledged && wrote!.Value - started <= limit);
            var complete = readInTime && (!writes || wroteInTime);
            return new ProbeAttempt
            {
                Started = started,
                Ended = complete ? wrote ?? read!.Value : time.GetElapsedTime(zero),
                Read = readInTime ? read : null,
                Wrote = wroteInTime ? wrote : null,
                Sequence = sequence,
                Fate = acknowledged ? WriteFate.Acknowledged
                    : !sent ? WriteFate.NotSent
                    : wrote is null && error is not null && ErrorClasses.ProvesNoCommit(error) ? WriteFate.Rejected
                    : WriteFate.Unknown,
                Server = server,
                // An error after the last answer is one of closing, and nothing to a client.
                Error = complete ? null : error is not null ? ErrorClasses.Of(error) : warned ? ErrorClasses.Warned : ErrorClasses.Timeout,
            };
        }
    }
}
