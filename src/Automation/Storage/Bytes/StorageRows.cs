using Npgsql;

namespace Automation.Storage.Bytes;

/// <summary>The rows of <see cref="StorageSql"/>.</summary>
internal static class StorageRows
{
    public static ServerRow Server(NpgsqlDataReader row) =>
        new(row.GetInt32(0), row.GetBoolean(1), row.GetString(2), row.GetString(3), row.GetInt32(4), row.GetInt32(5));

    public static DatabaseRow Database(NpgsqlDataReader row) =>
        new(new DatabaseBytes(row.GetString(0), Long(row, 1), Long(row, 2)), row.GetBoolean(3));

    public static long Bytes(NpgsqlDataReader row) => row.GetInt64(0);

    /// <returns>The sum of all users, and one of them.</returns>
    public static (long All, TemporaryUser User) Temporary(NpgsqlDataReader row) => (row.GetInt64(0), new TemporaryUser
    {
        Pid = Int(row, 1),
        Bytes = row.GetInt64(2),
        Files = row.GetInt32(3),
        Role = Text(row, 4),
        Application = Text(row, 5),
        Address = Text(row, 6),
        Database = Text(row, 7),
        Since = Time(row, 8),
        BackendStart = Time(row, 9),
    });

    /// <returns>How many there are, and one of them.</returns>
    public static (int Count, ReplicationSlot Slot) Slot(NpgsqlDataReader row) => (row.GetInt32(0), new ReplicationSlot
    {
        Name = row.GetString(1),
        Type = row.GetString(2),
        Database = Text(row, 3),
        Plugin = Text(row, 4),
        Active = row.GetBoolean(5),
        ActivePid = Int(row, 6),
        WalStatus = Text(row, 7),
        SafeWalBytes = Long(row, 8),
        RetainedBytes = Long(row, 9),
        InactiveSince = Time(row, 10),
        InvalidationReason = Text(row, 11),
        XminAge = Int(row, 12),
        CatalogXminAge = Int(row, 13),
        Temporary = row.GetBoolean(14),
        Consumer = Text(row, 15) is { } role ? new SlotConsumer(role, Text(row, 16) ?? "", Text(row, 17)) { BackendStart = Time(row, 18) } : null,
    });

    public static XminHolder Holder(NpgsqlDataReader row) => new()
    {
        Kind = Enum.Parse<HolderKind>(row.GetString(0)),
        Id = Text(row, 1) ?? "",
        Age = row.GetInt32(2),
        Database = Text(row, 3),
        Role = Text(row, 4),
        Application = Text(row, 5),
        Address = Text(row, 6),
        State = Text(row, 7),
        Since = Time(row, 8),
        BackendStart = Time(row, 9),
    };

    /// <returns>The relation, and whether its size is the catalog's because it is locked.</returns>
    public static (RelationBytes Relation, bool Locked) Relation(NpgsqlDataReader row, string database) => (new RelationBytes
    {
        Database = database,
        Schema = row.GetString(0),
        Name = row.GetString(1),
        Kind = row.GetString(2),
        Bytes = row.GetInt64(3),
        IndexBytes = row.GetInt64(4),
        DeadBytes = Long(row, 5),
    }, row.GetBoolean(6));

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static int? Int(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt32(column);

    private static long? Long(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}

/// <param name="Version"><c>server_version_num</c>.</param>
/// <param name="InRecovery">A standby.</param>
/// <param name="Database">Where we are.</param>
/// <param name="Role">Who we are.</param>
/// <param name="HiddenSessions">Of <c>pg_stat_activity</c>.</param>
/// <param name="ParallelWorkers">That run now.</param>
internal sealed record ServerRow(int Version, bool InRecovery, string Database, string Role, int HiddenSessions, int ParallelWorkers);

/// <param name="Database">Its size.</param>
/// <param name="MayEnter">Whether a session of ours belongs there.</param>
internal sealed record DatabaseRow(DatabaseBytes Database, bool MayEnter);
