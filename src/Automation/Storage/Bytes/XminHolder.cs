using System.Text.Json.Serialization;

namespace Automation.Storage.Bytes;

/// <summary>What keeps rows that died since a transaction from being removed by any vacuum.</summary>
internal sealed record XminHolder
{
    public required HolderKind Kind { get; init; }

    /// <summary>What it is called: a pid, the standby's application name, the prepared transaction's gid, the slot's name.</summary>
    public required string Id { get; init; }

    /// <summary>Transactions begun since the oldest it holds.</summary>
    public required int Age { get; init; }

    /// <summary>The only database whose rows it holds; <c>null</c>: those of all.</summary>
    public string? Database { get; init; }

    public string? Role { get; init; }

    public string? Application { get; init; }

    public string? Address { get; init; }

    /// <summary>Of a session: <c>idle in transaction</c>, <c>active</c>.</summary>
    public string? State { get; init; }

    /// <summary>Of a session: when it began, which makes its pid unique.</summary>
    public DateTimeOffset? BackendStart { get; init; }

    /// <summary>When its transaction began, or was prepared; of a standby, when it connected.</summary>
    public DateTimeOffset? Since { get; init; }
}

/// <summary>The places where PostgreSQL takes its oldest transaction from.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HolderKind>))]
internal enum HolderKind
{
    /// <summary>A session's snapshot, or its own transaction, even when that has no snapshot.</summary>
    Backend,

    /// <summary>A query on a standby with <c>hot_standby_feedback</c>.</summary>
    StandbyFeedback,

    PreparedTransaction,

    /// <summary>A standby's feedback that its slot remembers while it is away.</summary>
    SlotXmin,

    /// <summary>A logical slot: only rows of the system catalogs.</summary>
    SlotCatalogXmin,
}
