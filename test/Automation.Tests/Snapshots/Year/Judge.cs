using Automation.Snapshots;

namespace Automation.Tests.Snapshots.Year;

/// <summary>What must be true after every step, of every database in whose way nothing stood for long enough.</summary>
internal sealed class Judge(SimulatedRds rds, Watch watch, Health health)
{
    // RDS takes at most 35 minutes for a snapshot and 55 for a copy that will be good; a run may be an hour away.
    private static readonly TimeSpan SnapshotTime = TimeSpan.FromMinutes(75), CopyTime = TimeSpan.FromMinutes(150);

    // Ten deletions in a run.
    private static readonly TimeSpan RetentionTime = TimeSpan.FromHours(4);

    // After failures the automation tries less: once in a slot when an earlier one failed, and once a day after ten.
    private const int MostTries = 3, MostFailures = 10;
    private static readonly TimeSpan FailureWindow = TimeSpan.FromDays(3);

    private readonly Dictionary<(string Owner, string Region), DateTimeOffset> expected = [];
    private readonly Dictionary<string, Queue<(DateTimeOffset At, DateTimeOffset? Newest)>> earlier = [];

    public long Looked { get; private set; }
    public long Young { get; private set; }
    public long Bounded { get; private set; }
    public long Copied { get; private set; }

    /// <summary>What stands in the way right now: states of RDS, and snapshots that will come to nothing.</summary>
    public void Note(DateTimeOffset now)
    {
        foreach (var database in rds.Databases)
        {
            if (database.Policy is null) health.Hurt(database.ResourceId, now);
            else if (database.Status is not ("available" or "storage-optimization")
                || (database.Kind == Automation.Fleet.DatabaseKind.Cluster && database.Status != "available")) health.Hurt(database.ResourceId, "take", now);
        }
        foreach (var snapshot in rds.InTheMaking.Where(snapshot => snapshot is { IsUnderway: true, Good: false }))
        {
            if (snapshot.Source is not null) health.Hurt(snapshot.Owner, "copy " + snapshot.Region, now);
            else if (rds.Find(snapshot.Owner) is { Policy: { } policy } owner
                && (owner.Kind == Automation.Fleet.DatabaseKind.Instance || (SlotOf(now, policy.Every) == snapshot.Slot && now - snapshot.Begun <= TimeSpan.FromHours(12))))
                health.Hurt(snapshot.Owner, "take", now);
        }
        // Three names of a slot, and RDS made nothing of any.
        foreach (var given in rds.All.Where(snapshot => snapshot.Ours && snapshot is { Status: "failed", Source: not null } && now - snapshot.Slot < TimeSpan.FromDays(2))
            .GroupBy(snapshot => (snapshot.Region, snapshot.Owner, snapshot.Slot)).Where(slot => slot.Count() >= MostTries))
            health.Hurt(given.Key.Owner, "copy " + given.Key.Region, now);
        foreach (var database in rds.Databases.Where(database => database.Policy is not null && !MayTry(database, now))) health.Hurt(database.ResourceId, "take", now);
        foreach (var snapshot in rds.Region(SimulatedRds.HomeRegion).Underway.Where(snapshot => !snapshot.Ours && snapshot.Source is null))
            if (rds.Databases.Find(database => database.Id == snapshot.DatabaseId) is { } busy) health.Hurt(busy.ResourceId, "take", now);
        if (watch.NothingMayChange) health.Hurt(null, now);
        foreach (var region in rds.Unreadable.Concat(rds.KeyMissing)) health.Hurt(null, "copy", now);
        if (rds.Unreadable.Count > 0) health.Hurt(null, "retain", now);
        if (rds.Quota < 1000) health.Hurt(null, "take", now);
    }

    public void Check(DateTimeOffset now)
    {
        foreach (var database in rds.Databases)
        {
            if (database.Policy is not { } policy) continue;
            Looked++;
            var newest = Good(database, SimulatedRds.HomeRegion).Max(snapshot => snapshot.Slot);
            CheckAge(database, policy, newest, now);
            CheckCopies(database, policy, newest, now);
            if (now.Minute == 0) CheckCount(database, policy, now);
        }
        if (now is { Hour: 12, Minute: 0 }) CheckShares(now);
    }

    private bool MayTry(SimulatedDatabase database, DateTimeOffset now)
    {
        var slot = SlotOf(now, database.Policy!.Every);
        var ours = rds.Region(SimulatedRds.HomeRegion).Snapshots.Where(snapshot => snapshot.Ours && snapshot.Owner == database.ResourceId && snapshot.Source is null).ToList();
        var failed = ours.Where(snapshot => snapshot.Status == "failed" && snapshot.Slot > now - FailureWindow).ToList();
        return failed.Count < MostFailures
            && ours.Count(snapshot => snapshot.Slot == slot && !snapshot.Good) < (failed.Exists(snapshot => snapshot.Slot < slot) ? 1 : MostTries);
    }

    /// <summary>
    /// A run that went well, of a database that could be snapshotted, and time for the snapshot: from then on there is a good one
    /// of that slot or a later one. So the newest is older than two slots only when a whole slot gave no such chance.
    /// </summary>
    private void CheckAge(SimulatedDatabase database, SnapshotsPolicy policy, DateTimeOffset? newest, DateTimeOffset now)
    {
        var least = expected.GetValueOrDefault((database.ResourceId, ""), DateTimeOffset.MinValue);
        if (now - health.Last(database.ResourceId, "take") > SnapshotTime)
        {
            Young++;
            expected[(database.ResourceId, "")] = least = SlotOf(now - SnapshotTime, policy.Every) is var slot && slot > least ? slot : least;
        }
        if (least > DateTimeOffset.MinValue && !(newest >= least)) watch.Fault($"{database.Id}: its newest good snapshot is of {newest:u}, and one of {least:u} could be made");
    }

    private void CheckCount(SimulatedDatabase database, SnapshotsPolicy policy, DateTimeOffset now)
    {
        if (now - health.Last(database.ResourceId, "retain") <= RetentionTime) return;
        Bounded++;
        var copied = rds.InTheMaking.Select(copy => copy.Source).OfType<SimulatedSnapshot>().ToHashSet();
        foreach (var region in policy.Regions.Prepend(SimulatedRds.HomeRegion))
        {
            var loose = Good(database, region).Count(snapshot => !snapshot.Held && snapshot.Accounts.Count == 0 && !copied.Contains(snapshot));
            if (loose > QuotaRules.Bound(policy.Retention)) watch.Fault($"{database.Id} has {loose} snapshots in {region}, and its policy keeps {QuotaRules.Bound(policy.Retention)} at most");
        }
    }

    /// <summary>What was the newest good one when nothing was in the way any more is at the destination once a copy, and one before it, had time.</summary>
    private void CheckCopies(SimulatedDatabase database, SnapshotsPolicy policy, DateTimeOffset? newest, DateTimeOffset now)
    {
        if (policy.Regions.Count == 0) return;
        if (!earlier.TryGetValue(database.ResourceId, out var past)) earlier[database.ResourceId] = past = new();
        past.Enqueue((now, newest));
        while (past.TryPeek(out var oldest) && now - oldest.At > CopyTime) past.Dequeue();
        foreach (var region in policy.Regions)
        {
            var least = expected.GetValueOrDefault((database.ResourceId, region), DateTimeOffset.MinValue);
            if (now - health.Last(database.ResourceId, "copy", "copy " + region) > CopyTime && past.Peek().Newest is { } then)
            {
                Copied++;
                expected[(database.ResourceId, region)] = least = then > least ? then : least;
            }
            if (least == DateTimeOffset.MinValue) continue;
            var copy = Good(database, region).Max(snapshot => snapshot.Slot);
            if (!(copy >= least)) watch.Fault($"{database.Id}: its newest copy in {region} is of {copy:u}, and one of {least:u} could be made");
        }
    }

    /// <summary>A share that is forgotten is a snapshot that is never deleted, and another account's for ever.</summary>
    private void CheckShares(DateTimeOffset now)
    {
        foreach (var database in rds.Databases.Where(database => database.Policy is not null && now - health.Last(database.ResourceId, "retain") > RetentionTime))
        {
            foreach (var account in (string[])[SimulatedYear.Partner, SimulatedYear.Auditor])
            {
                var shared = Good(database, SimulatedRds.HomeRegion).Where(snapshot => snapshot.Accounts.Contains(account)).OrderByDescending(snapshot => snapshot.Slot).ToList();
                if (shared.Skip(1).FirstOrDefault(snapshot => now - snapshot.Slot > TimeSpan.FromDays(8)) is { } forgotten)
                    watch.Fault($"{forgotten.Id} is still shared with {account}");
            }
        }
    }

    private IEnumerable<SimulatedSnapshot> Good(SimulatedDatabase database, string region) =>
        rds.Region(region).Snapshots.Where(snapshot => snapshot.Ours && snapshot.IsAvailable && snapshot.Owner == database.ResourceId);

    private static DateTimeOffset SlotOf(DateTimeOffset now, TimeSpan every) => now - TimeSpan.FromTicks((now - DateTimeOffset.UnixEpoch).Ticks % every.Ticks);
}
