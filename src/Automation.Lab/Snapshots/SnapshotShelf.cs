using Automation.Lab.Account;

namespace Automation.Lab.Snapshots;

/// <summary>The snapshots of the lab, by ARN.</summary>
internal sealed class SnapshotShelf
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, LabSnapshot> snapshots = [];

    /// <summary>Every state of every snapshot, in order.</summary>
    public Journal<LabSnapshot> Changes { get; } = new();

    public IReadOnlyList<LabSnapshot> All
    {
        get
        {
            lock (gate) return [.. snapshots.Values];
        }
    }

    public LabSnapshot? Find(string arn)
    {
        lock (gate) return snapshots.GetValueOrDefault(arn);
    }

    public LabSnapshot? Find(SnapshotKind kind, string region, string id) => All.FirstOrDefault(s =>
        s.Kind == kind && s.Region == region && string.Equals(s.Id, id, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a snapshot is being taken of a database.</summary>
    public bool IsBackingUp(SnapshotKind kind, string region, string databaseId) => All.Any(s =>
        s.Status == SnapshotStatus.Creating && s.Kind == kind && s.Region == region
        && string.Equals(s.DatabaseId, databaseId, StringComparison.OrdinalIgnoreCase));

    public void Add(LabSnapshot snapshot)
    {
        lock (gate)
        {
            snapshots.Add(snapshot.Arn, snapshot);
            Changes.Add(snapshot);
        }
    }

    /// <param name="arn">Names it.</param>
    /// <param name="change">Gives what it is from now on.</param>
    /// <param name="announce">Tells others, before anybody sees it: what they do about it comes after.</param>
    public void Change(string arn, Func<LabSnapshot, LabSnapshot> change, Action<LabSnapshot>? announce = null)
    {
        lock (gate)
        {
            // A late word of how far it is, about one that is gone.
            if (!snapshots.TryGetValue(arn, out var before)) return;
            var after = snapshots[arn] = change(before);
            announce?.Invoke(after);
            Changes.Add(after);
        }
    }

    public LabSnapshot? Remove(string arn)
    {
        lock (gate) return snapshots.Remove(arn, out var removed) ? removed : null;
    }
}
