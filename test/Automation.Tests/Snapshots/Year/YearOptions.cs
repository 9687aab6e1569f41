using Automation.Outcomes;

namespace Automation.Tests.Snapshots.Year;

/// <summary>What EventBridge does with the events of RDS.</summary>
internal enum Delivery
{
    InOrder,
    Lost,
    Twice,
    Reordered,

    /// <summary>All of it, by chance.</summary>
    Careless,
}

internal sealed record YearOptions
{
    public required int Seed { get; init; }
    public int Days { get; init; } = 365;

    /// <summary>Whether AWS, the process and people disturb.</summary>
    public bool Trouble { get; init; } = true;

    public Delivery Delivery { get; init; } = Delivery.Careless;
    public Mode Mode { get; init; } = Mode.Act;

    /// <summary>Leaves out runs that find what the run before found, which changed nothing.</summary>
    public bool LeavesOutIdleRuns { get; init; } = true;

    /// <summary>
    /// Quarters of an hour all along, and ReconcileSnapshots on schedule by the hour only: what happens in between, events tell it.
    /// </summary>
    public bool EventsBetweenRuns { get; init; }
}
