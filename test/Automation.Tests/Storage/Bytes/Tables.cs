using Automation.Storage.Bytes;

namespace Automation.Tests.Storage.Bytes;

/// <summary>Measurements as they could have been; a test changes what it is about.</summary>
internal static class Tables
{
    public const long GiB = 1L << 30, MiB = 1L << 20;

    public static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    /// <summary>When sessions began, to the microsecond as PostgreSQL has it.</summary>
    public static readonly DateTimeOffset Began = new DateTimeOffset(2026, 11, 20, 9, 8, 7, TimeSpan.FromHours(2)).AddMicroseconds(123456);

    /// <summary>50 GiB of data with 1 GiB of large objects, 2 GiB WAL, 1 GiB of logs, nothing else.</summary>
    public static ByteTable Quiet { get; } = new()
    {
        At = Noon,
        InRecovery = false,
        Databases = [new DatabaseBytes("shop", 50 * GiB, 100 * GiB, 1 * GiB), new DatabaseBytes("postgres", 8 * MiB, 0, 16 * 1024)],
        Relations = [Relation("orders", 30 * GiB), Relation("items", 15 * GiB), Relation("users", 1 * GiB)],
        Wal = 2 * GiB,
        Temporary = 0,
        Logs = 1 * GiB,
        Slots = [],
        TemporaryUsers = [],
        XminHolders = [],
        Blind = [],
    };

    /// <summary>A day before.</summary>
    public static ByteTable Yesterday => Quiet with { At = Noon.AddDays(-1) };

    public static RelationBytes Relation(string name, long bytes, long? dead = 0, string schema = "public", string database = "shop") => new()
    {
        Database = database,
        Schema = schema,
        Name = name,
        Kind = "table",
        Bytes = bytes,
        IndexBytes = bytes / 4,
        DeadBytes = dead,
    };

    public static ReplicationSlot Slot(string name, long? retained, bool active = false) => new()
    {
        Name = name,
        Type = "logical",
        Database = "shop",
        Plugin = "pgoutput",
        Active = active,
        ActivePid = active ? 4711 : null,
        Consumer = active ? new SlotConsumer("cdc", "debezium", "10.0.0.7") { BackendStart = Began } : null,
        WalStatus = retained is null ? "lost" : "extended",
        RetainedBytes = retained,
        Temporary = false,
    };

    public static XminHolder Holder(HolderKind kind, string id, int age, string? database = null, DateTimeOffset? since = null) => new()
    {
        Kind = kind,
        Id = id,
        Age = age,
        Database = database,
        Role = "app",
        Application = "worker",
        Address = "10.0.0.9",
        State = "idle in transaction",
        BackendStart = kind == HolderKind.Backend ? Began : null,
        Since = since,
    };

    public static TemporaryUser Spill(int pid, long bytes) => new()
    {
        Pid = pid,
        Bytes = bytes,
        Files = 1,
        Role = "report",
        Application = "nightly",
        Address = "10.0.0.8",
        Database = "shop",
        BackendStart = Began,
        Since = Noon.AddHours(-1),
    };

    public static ByteTable WithData(this ByteTable table, long bytes) =>
        table with { Databases = [.. table.Databases.Select(one => one.Name == "shop" ? one with { Bytes = bytes } : one)] };

    public static ByteTable WithWritten(this ByteTable table, long bytes) =>
        table with { Databases = [.. table.Databases.Select(one => one.Name == "shop" ? one with { TemporaryWritten = bytes } : one)] };
}
