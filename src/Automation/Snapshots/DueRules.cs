using Automation.Fleet;

namespace Automation.Snapshots;

/// <summary>What TakeSnapshots does about one database.</summary>
internal abstract record DueDecision
{
    private DueDecision()
    {
    }

    /// <summary>Take the snapshot of this slot, under this name.</summary>
    public sealed record Take(DateTimeOffset Slot, string Id) : DueDecision;

    /// <summary>The slot that is on has its snapshot.</summary>
    public sealed record Satisfied(string Id) : DueDecision;

    /// <summary>RDS is at work on it.</summary>
    public sealed record Underway(string Id) : DueDecision;

    /// <summary>RDS takes none in this state; another run of the same slot may find it in a better one.</summary>
    public sealed record NotAvailable(string Status) : DueDecision;

    /// <summary>Every snapshot tried for this slot failed, or its name is taken.</summary>
    public sealed record GivenUp(DateTimeOffset Slot, IReadOnlyList<string> Ids) : DueDecision;
}

/// <summary>
/// Whether a snapshot is due. Only the slot that is on counts: however many were missed, one snapshot makes up for them.
/// </summary>
internal static class DueRules
{
    /// <summary>
    /// A snapshot that has been in the making for so long is not coming. RDS takes minutes, hours for the first one of
    /// a large database.
    /// </summary>
    public static readonly TimeSpan StuckAfter = TimeSpan.FromHours(12);

    /// <summary>Failed snapshots of one database within <see cref="FailureWindow"/>, after which one a day is tried.</summary>
    public const int MostFailures = 10;

    /// <summary>How long a failure counts.</summary>
    public static readonly TimeSpan FailureWindow = TimeSpan.FromDays(3);

    /// <summary>After so many failures, how long none is tried after the last one: one a day finds out when the trouble is over.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromDays(1);

    /// <param name="database">An instance of its own or a cluster.</param>
    /// <param name="policy">What its tag asks for.</param>
    /// <param name="own">Our snapshots of this very database.</param>
    /// <param name="taken">Whether a snapshot has this name, whoever's it is.</param>
    /// <param name="now">The time of the run.</param>
    public static DueDecision Decide(
        RdsDatabase database, SnapshotsPolicy policy, IReadOnlyList<OwnSnapshot> own, Func<string, bool> taken, DateTimeOffset now)
    {
        var slot = SlotRules.At(now, policy.Every);
        var ofSlot = own.Where(snapshot => snapshot.Slot == slot).ToList();
        if (ofSlot.Find(snapshot => snapshot.Snapshot.IsAvailable) is { } good) return new DueDecision.Satisfied(good.Id);
        if (ofSlot.Find(snapshot => snapshot.Snapshot.IsUnderway && !IsStuck(snapshot, now)) is { } underway) return new DueDecision.Underway(underway.Id);
        if (!Takes(database)) return new DueDecision.NotAvailable(database.Status);

        // Failed snapshots stay, and count in the account's quota: where they go on failing, few are tried.
        var failed = own.Where(snapshot => snapshot.Snapshot.Status == "failed" && snapshot.Slot > now - FailureWindow).ToList();
        if (failed.Count >= MostFailures && failed.Exists(snapshot => snapshot.Slot > now - Rest)) return new DueDecision.GivenUp(slot, [.. failed.Select(snapshot => snapshot.Id)]);
        var tries = failed.Exists(snapshot => snapshot.Slot < slot) ? 1 : SnapshotNames.Attempts;
        if (ofSlot.Count >= tries) return new DueDecision.GivenUp(slot, [.. ofSlot.Select(snapshot => snapshot.Id)]);
        // A name that somebody else has taken is no try.
        var names = Enumerable.Range(1, SnapshotNames.Attempts).Select(attempt => SnapshotNames.Of(database.Kind, database.Id, slot, attempt)).ToList();
        return names.Find(name => !taken(name)) is { } free ? new DueDecision.Take(slot, free) : new DueDecision.GivenUp(slot, names);
    }

    public static bool IsStuck(OwnSnapshot snapshot, DateTimeOffset now) => snapshot.UnderwayFor(now) > StuckAfter;

    // CreateDBSnapshot: "available" or "storage-optimization"; CreateDBClusterSnapshot: "available".
    private static bool Takes(RdsDatabase database) =>
        database.Status == "available" || (database.Kind == DatabaseKind.Instance && database.Status == "storage-optimization");
}
