using System.Globalization;
using System.Text.RegularExpressions;
using Automation.Fleet;
using Automation.Outcomes;

namespace Automation.Tests.Snapshots.Year;

/// <summary>
/// Looks at every change while it is made, from RDS's side: what the automation believes is not asked. Faults are kept and not
/// thrown, because the code under test survives whatever a call throws.
/// </summary>
internal sealed partial class Watch(Mishaps mishaps, TimeProvider time)
{
    private static readonly TimeSpan StuckAfter = TimeSpan.FromHours(12), CopyStuckAfter = TimeSpan.FromHours(24);
    private readonly Dictionary<string, string> toldBy = [];

    public List<string> Faults { get; } = [];

    public SimulatedLedger? Ledger { get; set; }

    /// <summary>The mode is <c>observe</c>.</summary>
    public bool Observes { get; init; }

    /// <summary>The kill switch is on.</summary>
    public bool Stopped { get; set; }

    public bool NothingMayChange => Observes || Stopped;

    public SortedDictionary<string, int> Changes { get; } = [];

    public int Announcements { get; private set; }

    public static DateTimeOffset? SlotOf(IReadOnlyDictionary<string, string> tags) =>
        tags.TryGetValue("automation:slot", out var slot) ? DateTimeOffset.Parse(slot, CultureInfo.InvariantCulture) : null;

    /// <summary>Before anything else: whether this change may be made at all.</summary>
    public void Change(string action, string key)
    {
        Changes[action] = Changes.GetValueOrDefault(action) + 1;
        if (NothingMayChange) Fault($"{action} {key} although nothing may change");
        if (!Ledger!.Announces(key, action, mishaps.Run)) Fault($"{action} {key} without a record in the ledger");
    }

    public void Name(DatabaseKind kind, string id)
    {
        if (!Identifier().IsMatch(id) || id.Length > (kind == DatabaseKind.Cluster ? 63 : 255)) Fault($"RDS takes no name like {id}");
    }

    public void Taken(SimulatedSnapshot snapshot, IEnumerable<SimulatedSnapshot> others)
    {
        if (others.FirstOrDefault(other => IsSameSlot(other, snapshot) && (other.IsAvailable || (other.IsUnderway && time.GetUtcNow() - other.Begun <= StuckAfter))) is { } first)
            Fault($"{snapshot.Id} is a second snapshot of a slot: {first.Id} is {first.Status}, begun {first.Begun:u}");
    }

    public void Copied(SimulatedSnapshot copy, IEnumerable<SimulatedSnapshot> others)
    {
        if (others.FirstOrDefault(other => IsSameSlot(other, copy) && other.Status != "failed") is { } first)
            Fault($"{copy.Id} is a second copy: {first.Id} is {first.Status}");
    }

    public void Deleting(SimulatedSnapshot snapshot, IEnumerable<SimulatedSnapshot> place, IEnumerable<SimulatedSnapshot> copies, SimulatedDatabase? owner)
    {
        if (!snapshot.Ours) Fault($"deletes {snapshot.Id}, which a person made");
        if (snapshot.Held) Fault($"deletes {snapshot.Id}, which is held");
        if (snapshot.Accounts.Count > 0) Fault($"deletes {snapshot.Id}, which is shared with {string.Join(", ", snapshot.Accounts)}");
        if (!snapshot.IsAvailable) Fault($"deletes {snapshot.Id}, which is {snapshot.Status}");
        if (copies.FirstOrDefault() is { } copy) Fault($"deletes {snapshot.Id} while {copy.Arn} is made of it");
        if (owner?.Policy is not { } policy) Fault($"deletes {snapshot.Id}, of which no policy speaks");
        else
        {
            var good = place.Where(other => other.Ours && other.Owner == snapshot.Owner && other.IsAvailable).Select(other => other.Slot!.Value).OrderDescending().ToList();
            if (good.Count == 0 || good[0] <= snapshot.Slot) Fault($"deletes {snapshot.Id}, the newest good one");
            if (Tiers.WhyKept(policy.Retention, good, snapshot.Slot!.Value) is { } why
                && !place.Any(other => other != snapshot && other.IsAvailable && IsSameSlot(other, snapshot))) Fault($"deletes {snapshot.Id}, which {why} keeps");
        }
    }

    public void Sharing(SimulatedSnapshot snapshot, string account, bool share)
    {
        if (!share) return;
        if (account is not (SimulatedYear.Partner or SimulatedYear.Auditor)) Fault($"shares {snapshot.Id} with {account}");
        if (!snapshot.Ours) Fault($"shares {snapshot.Id}, which a person made");
    }

    public void Tagging(SimulatedSnapshot snapshot, string key)
    {
        if (key != "automation:shared-with" || !snapshot.Ours) Fault($"tags {snapshot.Id} with {key}");
    }

    /// <summary>What a run says of a database, held against what RDS knows.</summary>
    public void Said(Conclusion conclusion, SimulatedRds rds)
    {
        var (outcome, now) = (conclusion.Outcome, time.GetUtcNow());
        if (rds.Databases.Find(database => outcome.Resource.EndsWith(":" + database.Id, StringComparison.Ordinal)) is { Policy: { } policy } database)
        {
            var ours = rds.Region(SimulatedRds.HomeRegion).Snapshots.Where(snapshot => snapshot.Ours && snapshot.Owner == database.ResourceId).ToList();
            var newest = ours.Where(snapshot => snapshot.IsAvailable).MaxBy(snapshot => (snapshot.Slot, snapshot.Begun));
            foreach (var metric in conclusion.Metrics ?? [])
            {
                var truth = Math.Round((now - (newest?.CreatedAt ?? database.CreatedAt)).TotalHours, 2);
                if (metric.Name == "SnapshotAgeHours" && metric.Value != truth) Fault($"{database.Id}: says its newest snapshot is {metric.Value} hours old, and it is {truth}");
            }
            if (outcome.Reason == "overdue" && now - (newest?.Slot ?? database.CreatedAt) <= 2 * policy.Every) Fault($"says without need: {outcome.Summary}");
            if (outcome.Reason == "snapshot-stuck" && !ours.Any(snapshot => snapshot.IsUnderway && now - snapshot.Begun > StuckAfter)) Fault($"says without need: {outcome.Summary}");
            if (outcome.Reason == "copy-stuck" && !rds.All.Any(copy => copy.IsUnderway && copy.Source is not null && copy.Owner == database.ResourceId && now - copy.Begun > CopyStuckAfter))
                Fault($"says without need: {outcome.Summary}");
        }
        if (outcome.Reason == "unexpected-error") Fault(outcome.Summary);
    }

    /// <summary>People are told.</summary>
    public void Told(Conclusion conclusion)
    {
        if (conclusion.Announcement is null) return;
        Announcements++;
        if (conclusion.Claim is not { } claim)
        {
            if (!mishaps.LedgerMet) Fault($"tells of {conclusion.Outcome.Reason} without remembering it");
            return;
        }
        var today = time.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        if (!claim.Key.EndsWith(today, StringComparison.Ordinal) && conclusion.Outcome.Reason != "weekly-digest") Fault($"{claim.Key} is not of today");
        if (!toldBy.TryAdd(claim.Key, mishaps.Run) && toldBy[claim.Key] != mishaps.Run) Fault($"tells twice of {claim.Key}");
    }

    public void Fault(string what)
    {
        if (Faults.Count < 20) Faults.Add($"{time.GetUtcNow():u} {mishaps.Run}: {what}");
    }

    private static bool IsSameSlot(SimulatedSnapshot one, SimulatedSnapshot other) => one.Ours && one.Owner == other.Owner && one.Slot == other.Slot;

    [GeneratedRegex(@"\A[a-z](?!.*--)[a-z0-9-]*[a-z0-9]\z")]
    private static partial Regex Identifier();
}
