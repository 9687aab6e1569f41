using Automation.Fleet;
using Automation.Outcomes;

namespace Automation.Snapshots;

/// <summary>The databases that ask for snapshots, and what is to be said of the others.</summary>
internal sealed record Gates
{
    public required IReadOnlyList<(RdsDatabase Database, SnapshotsPolicy Policy)> Open { get; init; }

    public required IReadOnlyList<(RdsDatabase? Database, Conclusion Conclusion)> Conclusions { get; init; }

    /// <param name="databases">All, or those of one name.</param>
    /// <param name="tags">How they opt in.</param>
    /// <param name="only">The name a person asked for; then those that do not opt in are told of, too.</param>
    public static Gates Of(IReadOnlyList<RdsDatabase> databases, SnapshotTags tags, string? only)
    {
        var open = new List<(RdsDatabase, SnapshotsPolicy)>();
        var conclusions = new List<(RdsDatabase?, Conclusion)>();
        foreach (var database in databases.OrderBy(database => database.Id, StringComparer.Ordinal))
        {
            switch (SnapshotGate.Of(database, tags))
            {
                case SnapshotGate.Open(var policy):
                    open.Add((database, policy));
                    break;
                case SnapshotGate.Refused({ Reason: Reasons.TagOnMember }) when only is null && IsLookedAfter(database.ClusterId, databases, tags):
                    // Tags that a tool puts on everything are no mistake.
                    break;
                case SnapshotGate.Refused(var finding):
                    conclusions.Add((database, SnapshotsConclusions.Of(database, finding)));
                    break;
                case SnapshotGate.NotAsked(var reason, var sentence) when only is not null:
                    conclusions.Add((database, SnapshotsConclusions.Of(database, new Finding(reason, sentence, null))));
                    break;
            }
        }
        if (only is not null && databases.Count == 0)
            conclusions.Add((null, SnapshotsConclusions.NotHere(only, Reasons.DatabaseNotFound, "RDS knows no instance or cluster of this name here")));
        return new Gates { Open = open, Conclusions = conclusions };
    }

    private static bool IsLookedAfter(string? clusterId, IReadOnlyList<RdsDatabase> databases, SnapshotTags tags) =>
        databases.Any(database => database.Kind == DatabaseKind.Cluster && database.Id == clusterId && SnapshotGate.Of(database, tags) is SnapshotGate.Open);
}
