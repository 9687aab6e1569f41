using Automation.Fleet;
using Automation.Outcomes;

namespace Automation.Snapshots;

/// <summary>What is not as it should be with the snapshots of a database.</summary>
internal static class HealthRules
{
    public static IEnumerable<Finding> Check(
        RdsDatabase database, SnapshotsPolicy policy, Place home, IReadOnlyList<Destination> destinations, DateTimeOffset now)
    {
        var newest = home.NewestGood(now);
        // A database that was made just now has time until its second slot, as one that missed a slot has.
        var since = newest?.Slot ?? database.CreatedAt;
        if (since is { } then && now - then > policy.Overdue)
        {
            yield return newest is null
                // An old database that opted in a minute ago looks the same as one whose snapshots all fail.
                ? new(Reasons.Overdue, $"it has no good snapshot of ours, and was made {Words.Age(now - then)} ago", home.Own.Count == 0 ? Severity.Warning : Severity.Critical)
                : new(Reasons.Overdue, $"its newest good snapshot is {newest.Id}, {Words.Age(now - then)} old; one is due every {Words.Age(policy.Every)}", Severity.Critical);
        }

        foreach (var own in home.Own.Where(own => own.Snapshot.Status == "failed" && own.Slot >= SlotRules.At(now, policy.Every)))
            yield return new(Reasons.SnapshotFailed, $"{own.Id} failed; the next run tries again under another name", Severity.Warning, About: own.Id);
        foreach (var own in home.Own.Where(own => DueRules.IsStuck(own, now)))
            yield return new(Reasons.SnapshotStuck, $"{own.Id} has been {own.Snapshot.Status} for {Words.Age(own.UnderwayFor(now)!.Value)}", Severity.Warning, About: own.Id);

        foreach (var destination in destinations)
        {
            // Before the first one came to be, its own findings say why; a Region may have been named just now.
            if (destination.Place?.NewestGood(now) is { Slot: { } slot } && now - slot > policy.Overdue)
                yield return new(Reasons.CopyOverdue, $"its newest copy in {destination.Region} is {Words.Age(now - slot)} old; one is due every {Words.Age(policy.Every)}", Severity.Warning, About: destination.Region);
        }

        foreach (var copy in destinations.SelectMany(destination => destination.Place?.Own ?? []))
        {
            if (copy.UnderwayFor(now) is { } age && age > CopyRules.StuckAfter)
                yield return new(Reasons.CopyStuck, $"the copy {copy.Snapshot.Arn} has been {copy.Snapshot.Status} for {Words.Age(age)}", Severity.Warning, About: copy.Snapshot.Arn);
        }
    }
}
