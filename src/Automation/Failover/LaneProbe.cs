using System.Data.Common;
using System.Globalization;
using Automation.Database;
using Npgsql;

namespace Automation.Failover;

/// <summary>Runs the attempts of one lane, one after the other, and keeps what each came to.</summary>
internal sealed class LaneProbe : IAsyncDisposable
{
    private readonly RdsDataSource source;
    private readonly ProbeTimes times;
    private readonly TimeProvider time;
    private readonly long zero, salt;
    private readonly string read, write;
    private readonly Lock sync = new();
    private readonly List<ProbeAttempt> attempts = [];
    private ServerIdentity? lastSeen;

    /// <param name="lane">Where and how.</param>
    /// <param name="login">As whom.</param>
    /// <param name="roots">What servers prove themselves with.</param>
    /// <param name="aurora">Whether the server has Aurora's functions.</param>
    /// <param name="salt">The test's own: rows of another have other payloads.</param>
    /// <param name="times">Interval and deadline.</param>
    /// <param name="time">The clock.</param>
    /// <param name="zero">The timestamp that times count from, the same for all lanes.</param>
    public LaneProbe(Lane lane, DatabaseLogin login, TrustedRoots roots, bool aurora, long salt, ProbeTimes times, TimeProvider time, long zero)
    {
        (Lane, this.salt, this.times, this.time, this.zero) = (lane, salt, times, time, zero);
        (read, write) = (ProbeSql.Read(aurora), ProbeSql.Write(aurora));
        // Npgsql counts in whole seconds, rounded up. The watchdog is the limit that counts; these make what it gave up end soon after.
        source = RdsDataSource.Create(lane.Endpoint, login, roots, OwnSessions.Options with
        {
            Pooling = lane.Clients == ProbeClients.Pooled,
            ConnectTimeout = times.Deadline,
            CommandTimeout = times.Deadline,
        }, time);
    }

    public Lane Lane { get; }

    /// <summary>A copy of what there is.</summary>
    public IReadOnlyList<ProbeAttempt> Attempts
    {
        get
        {
            lock (sync) return [.. attempts];
        }
    }

    /// <summary>
    /// The numbers of a row: a payload that follows from lane and number, but is neither, shows a row that is not the one that was
    /// written.
    /// </summary>
    public static long PayloadOf(long salt, int lane, long sequence) => unchecked(salt ^ (lane + 1L) * 0x1F3D5B79A2C4E687L ^ sequence * 0x5851F42D4C957F2DL);

    /// <summary>The first attempt, which makes the connection and may take longer; its row counts as any other.</summary>
    /// <returns><c>null</c> when it was good, else what went wrong.</returns>
    public async Task<string?> WarmUpAsync(CancellationToken cancellation)
    {
        var until = time.GetElapsedTime(zero) + times.WarmUp;
        ProbeAttempt last;
        do
        {
            last = await AttemptAsync(until - time.GetElapsedTime(zero), cancellation);
            if (last.Error is null) return null;
            // A refused login is refused again: a proxy that knows no token must not be asked twenty times a second.
            if (last.Error is "28000" or "28P01") return last.Error;
            await Task.Delay(times.Interval, time, cancellation);
        }
        while (time.GetElapsedTime(zero) < until);
        return last.Error;
    }

    /// <summary>Tries until it is told to stop; the last attempt is waited for.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var ticks = new PeriodicTimer(times.Interval, time);
        try
        {
            // A tick that passed during a slow attempt is due at once, and only one of them: a lane never runs ahead.
            do await AttemptAsync(times.Deadline, CancellationToken.None);
            while (await ticks.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to.
        }
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private async Task<ProbeAttempt> AttemptAsync(TimeSpan deadline, CancellationToken cancellation)
    {
        var sequence = Attempted;
        var steps = new ProbeSteps(time, zero, sequence);
        Exception? error = null;
        try
        {
            await Watchdog.RunAsync(async stop =>
            {
                await AskAsync(steps, sequence, stop);
                return true;
            }, deadline, time, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        // Whatever the driver throws at a server that is dying: the lane goes on.
        catch (Exception e)
        {
            error = e;
            // Lets go of pooled connections to a demoted writer.
            source.Observe(e, DatabaseActivity.Committing);
        }
        var attempt = steps.Close(error, Lane.Writes, deadline);
        lock (sync) attempts.Add(attempt);
        return attempt;
    }

    private int Attempted
    {
        get
        {
            lock (sync) return attempts.Count;
        }
    }

    private async Task AskAsync(ProbeSteps steps, long sequence, CancellationToken stop)
    {
        await using var connection = await source.DataSource.OpenConnectionAsync(stop);
        connection.Notice += (_, notice) => steps.Noticed(notice.Notice);
        await using (var command = new NpgsqlCommand(read, connection)) steps.ReadAnswered(await IdentityAsync(command, stop));
        if (!Lane.Writes) return;

        await using var insert = new NpgsqlCommand(write, connection)
        {
            Parameters = { new() { Value = Lane.Number }, new() { Value = sequence }, new() { Value = PayloadOf(salt, Lane.Number, sequence) } },
        };
        steps.WriteSent();
        steps.WriteAnswered(await IdentityAsync(insert, stop));
    }

    private async Task<ServerIdentity> IdentityAsync(NpgsqlCommand command, CancellationToken stop)
    {
        await using var reader = await command.ExecuteReaderAsync(stop);
        if (!await reader.ReadAsync(stop)) throw new InvalidDataException("The server answered without a row.");
        var who = IdentityOf(reader, reader.FieldCount > 4 ? 4 : null);
        // Nearly always the one before: then it is kept once, not for every attempt.
        who = who == lastSeen ? lastSeen : lastSeen = who;
        // To the end: an INSERT is committed when its last message is here, and not with its row.
        while (await reader.NextResultAsync(stop))
        {
        }
        return who;
    }

    internal static ServerIdentity IdentityOf(DbDataReader reader, int? instance) => new(
        new DateTimeOffset(reader.GetFieldValue<DateTime>(0).ToUniversalTime()),
        reader.IsDBNull(1) ? "" : string.Create(CultureInfo.InvariantCulture, $"{reader.GetString(1)}:{reader.GetInt32(2)}"),
        instance is { } column && !reader.IsDBNull(column) ? reader.GetString(column) : null,
        reader.GetBoolean(3));
}
