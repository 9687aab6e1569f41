using System.Runtime.InteropServices;

namespace Automation.Snapshots;

/// <summary>The snapshots of one database as time goes by and nothing fails.</summary>
internal sealed class SimulatedSeries
{
    private readonly SnapshotSeries series;
    private readonly List<DateTimeOffset> newestFirst;
    private bool changed;

    public SimulatedSeries(SnapshotSeries series)
    {
        this.series = series;
        newestFirst = [.. series.Slots.OrderDescending()];
        changed = true;
        Retain();
    }

    public int Count => newestFirst.Count;

    /// <summary>The last slot, when there is none of it: a missed run catches up with one snapshot.</summary>
    public void TakeWhatIsDue(DateTimeOffset now)
    {
        var slot = SlotRules.At(now, series.Every);
        if (newestFirst is [var newest, ..] && newest >= slot) return;
        newestFirst.Insert(0, slot);
        changed = true;
    }

    public void Retain()
    {
        if (!changed) return;
        var selection = new RetentionSelection(series.Policy, CollectionsMarshal.AsSpan(newestFirst));
        for (var i = newestFirst.Count - 1; i >= 0; i--)
            if (!selection.Keeps(i)) newestFirst.RemoveAt(i);
        changed = false;
    }
}
