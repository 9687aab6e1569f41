using Automation.Fleet;
using Automation.Outcomes;

namespace Automation.Events;

/// <summary>What a snapshot function is asked for.</summary>
internal abstract record SnapshotsRequest
{
    private SnapshotsRequest()
    {
    }

    /// <summary>A schedule: every database.</summary>
    public sealed record Everything : SnapshotsRequest;

    /// <summary>A person, or a schedule with an input of its own.</summary>
    /// <param name="Id">Identifier of an instance or cluster.</param>
    /// <param name="Mode">Weakens the function's mode.</param>
    public sealed record OneDatabase(string Id, Mode Mode) : SnapshotsRequest;

    /// <summary>RDS says that something happened to a snapshot.</summary>
    /// <param name="Kind">What it is a snapshot of.</param>
    /// <param name="SnapshotId">Its identifier.</param>
    public sealed record SnapshotEvent(DatabaseKind Kind, string SnapshotId) : SnapshotsRequest;
}
