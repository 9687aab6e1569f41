using System.ComponentModel;
using Automation.Lab.Postgres;

namespace Automation.Lab.Snapshots;

/// <summary>Makes the data of a snapshot; gets percents to report.</summary>
internal delegate Task<BaseBackup?> MakeData(Action<int> progress, CancellationToken cancellation);

/// <summary>Snapshots and copies underway: each is done when its data are there, however long that takes.</summary>
/// <param name="shelf">Shows how far they are.</param>
/// <param name="faults">May hold or fail them.</param>
/// <param name="time">When they are done.</param>
internal sealed class SnapshotWork(SnapshotShelf shelf, SnapshotFaults faults, TimeProvider time) : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (CancellationTokenSource Cancellation, Task Task)> underway = [];

    /// <summary>Begins; returns at once.</summary>
    /// <param name="snapshot">Is on the shelf.</param>
    /// <param name="make">Makes its data.</param>
    /// <param name="onDone">Gets it when it is available; nobody hears of a failure.</param>
    public void Start(LabSnapshot snapshot, MakeData make, Action<LabSnapshot> onDone)
    {
        var cancellation = new CancellationTokenSource();
        lock (gate) underway.Add(snapshot.Arn, (cancellation, RunAsync(snapshot, make, onDone, cancellation.Token)));
    }

    /// <summary>Ends one that is underway, as failed; returns when it has ended.</summary>
    public async Task CancelAsync(string arn)
    {
        (CancellationTokenSource Cancellation, Task Task) work;
        lock (gate)
        {
            if (!underway.TryGetValue(arn, out work)) return;
        }
        await work.Cancellation.CancelAsync();
        await work.Task;
    }

    public async ValueTask DisposeAsync()
    {
        string[] left;
        lock (gate) left = [.. underway.Keys];
        await Task.WhenAll(left.Select(CancelAsync));
    }

    private async Task RunAsync(LabSnapshot snapshot, MakeData make, Action<LabSnapshot> onDone, CancellationToken cancellation)
    {
        // Never on the thread of the one who asked: the answer goes out first.
        await Task.Yield();
        try
        {
            await faults.PassAsync(snapshot, cancellation);
            var data = await make(percent => shelf.Change(snapshot.Arn, s => s.IsUnderway ? s with { Percent = percent } : s), cancellation);
            var now = time.GetUtcNow();
            shelf.Change(snapshot.Arn, s => s with
            {
                Status = SnapshotStatus.Available,
                Percent = 100,
                CreatedAt = now,
                OriginallyCreatedAt = s.OriginallyCreatedAt ?? now,
                Data = data,
            }, onDone);
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or Win32Exception or OperationCanceledException)
        {
            shelf.Change(snapshot.Arn, s => s with { Status = SnapshotStatus.Failed, Problem = e.Message });
        }
        finally
        {
            // Not disposed: whoever cancels may hold it still, and it has neither timer nor parent.
            lock (gate) underway.Remove(snapshot.Arn);
        }
    }
}
