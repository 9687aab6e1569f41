using Npgsql;

namespace Automation.Connections;

/// <summary>What became of one attempt to end a session.</summary>
internal enum TerminationResult
{
    /// <summary>It is gone; seen to be gone.</summary>
    Ended,

    /// <summary>It was no longer the session that was chosen; nothing was done.</summary>
    Changed,

    /// <summary>The signal was sent, but the session was still there when the wait was over.</summary>
    Signalled,
}

/// <summary>The one place that ends sessions.</summary>
internal static class SessionTerminator
{
    private const int Looks = 60; // of 50 ms each (ConnectionSql.StillThere): the 3 s that later versions wait
    private const int WaitsForEnd = 140_000; // server_version_num of the first version whose pg_terminate_backend can wait

    public static async Task<TerminationResult> EndAsync(
        NpgsqlConnection connection, Victim victim, IEnumerable<string> untouchable, int serverVersion, CancellationToken cancellation)
    {
        var session = victim.Session;
        var waits = serverVersion >= WaitsForEnd;
        await using var command = new NpgsqlCommand(waits ? ConnectionSql.Terminate : ConnectionSql.TerminateBefore14, connection)
        {
            Parameters =
            {
                new() { Value = session.Pid },
                new() { Value = session.BackendStart!.Value },
                new() { Value = session.State! },
                new() { Value = session.StateChange!.Value },
                new() { Value = session.Role! },
                new() { Value = victim.MinimumAge.TotalSeconds },
                new() { Value = string.Join('/', untouchable) },
            },
        };
        return await command.ExecuteScalarAsync(cancellation) switch
        {
            null or DBNull => TerminationResult.Changed,
            true when waits => TerminationResult.Ended,
            _ => await WaitForEndAsync(connection, session, looks: waits ? 1 : Looks, cancellation),
        };
    }

    private static async Task<TerminationResult> WaitForEndAsync(
        NpgsqlConnection connection, Session session, int looks, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(ConnectionSql.StillThere, connection)
        {
            Parameters = { new() { Value = session.Pid }, new() { Value = session.BackendStart!.Value } },
        };
        for (var look = 0; look < looks; look++)
            if (await command.ExecuteScalarAsync(cancellation) is 0) return TerminationResult.Ended;
        return TerminationResult.Signalled;
    }
}
