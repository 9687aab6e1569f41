using System.Globalization;
using Npgsql;

namespace Automation.Connections;

/// <summary>What a server says about its connections, and of itself.</summary>
/// <param name="Facts">Its connections.</param>
/// <param name="OurRole">Who we are on it.</param>
/// <param name="ServerVersion">As <c>server_version_num</c>.</param>
/// <param name="InRecovery">A replica, or a reader of a cluster.</param>
internal sealed record Measurement(ConnectionFacts Facts, string OurRole, int ServerVersion, bool InRecovery);

/// <summary>Reads one <see cref="Measurement"/> from a server.</summary>
internal static class ActivityReader
{
    /// <summary>The first measurement of a session: sets its own limits before.</summary>
    public static async Task<Measurement> PrepareAndReadAsync(
        NpgsqlConnection connection, IReadOnlyList<string> protectedRoles, CancellationToken cancellation)
    {
        await using (var prepare = new NpgsqlCommand(ConnectionSql.PrepareSession, connection))
            await prepare.ExecuteNonQueryAsync(cancellation);
        return await ReadAsync(connection, protectedRoles, cancellation);
    }

    /// <summary>One measurement.</summary>
    /// <param name="connection">A prepared session.</param>
    /// <param name="protectedRoles">The policy's: no name holds a slash.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<Measurement> ReadAsync(
        NpgsqlConnection connection, IReadOnlyList<string> protectedRoles, CancellationToken cancellation)
    {
        // One implicit transaction: within it PostgreSQL shows one copy of pg_stat_activity.
        var names = string.Join('/', protectedRoles);
        var untouchable = string.Join('/', ProtectionRules.RdsRoles.Concat(protectedRoles));
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(ConnectionSql.Slots),
                new(ConnectionSql.Sessions) { Parameters = { new() { Value = untouchable } } },
                new(ConnectionSql.ReachedLimits),
                new(ConnectionSql.UnknownRoles) { Parameters = { new() { Value = names } } },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellation);

        await reader.ReadAsync(cancellation);
        var measuredAt = reader.GetFieldValue<DateTimeOffset>(0);
        var ourRole = reader.GetString(1);
        var version = reader.GetInt32(2);
        var slots = new SlotBudget(reader.GetInt32(3), reader.GetInt32(4), reader.GetInt32(5), reader.GetInt32(6));
        var inRecovery = reader.GetBoolean(7);

        await reader.NextResultAsync(cancellation);
        var sessions = new List<Session>();
        while (await reader.ReadAsync(cancellation)) sessions.Add(ReadSession(reader));

        await reader.NextResultAsync(cancellation);
        var limits = new List<ReachedLimit>();
        while (await reader.ReadAsync(cancellation))
            limits.Add(new ReachedLimit(reader.GetString(0), reader.GetString(1), reader.GetInt32(2), reader.GetInt32(3)));

        await reader.NextResultAsync(cancellation);
        var unknown = new List<string>();
        while (await reader.ReadAsync(cancellation)) unknown.Add(reader.GetString(0));

        var facts = new ConnectionFacts
        {
            MeasuredAt = measuredAt,
            Slots = slots,
            Sessions = sessions,
            ReachedLimits = limits,
            UnknownProtectedRoles = unknown,
        };
        return new Measurement(facts, ourRole, version, inRecovery);
    }

    private static Session ReadSession(NpgsqlDataReader row) => new()
    {
        Pid = row.GetInt32(0),
        BackendStart = Time(row, 1),
        BackendType = Text(row, 2),
        State = Text(row, 3),
        StateChange = Time(row, 4),
        Role = Text(row, 5),
        Database = Text(row, 6),
        Application = row.GetString(7),
        ClientAddress = Text(row, 8),
        Wrote = row.GetBoolean(9),
        LeaderPid = row.IsDBNull(10) ? null : row.GetInt32(10),
        Superuser = row.IsDBNull(11) ? null : row.GetBoolean(11),
        Replication = row.IsDBNull(12) ? null : row.GetBoolean(12),
        HoldsAdvisoryLock = row.GetBoolean(13),
        Listens = row.GetBoolean(14),
        InProtectedRole = row.GetBoolean(15),
        HoldsTransaction = row.GetBoolean(17),
        BlockedBy = [.. row.GetString(16).Split(',', StringSplitOptions.RemoveEmptyEntries).Select(pid => int.Parse(pid, CultureInfo.InvariantCulture))],
    };

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
