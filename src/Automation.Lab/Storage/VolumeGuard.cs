namespace Automation.Lab.Storage;

/// <summary>
/// Enforces a volume's size: stops the server when nothing is free, as RDS does before a full disk breaks it, and starts it
/// again when there is room.
/// </summary>
/// <param name="volume">What is watched.</param>
/// <param name="stop">Stops the server, and lets its endpoint refuse.</param>
/// <param name="start">Starts it, and lets its endpoint serve.</param>
/// <param name="time">The clock.</param>
internal sealed class VolumeGuard(LabVolume volume, Func<Task> stop, Func<CancellationToken, Task> start, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private readonly CancellationTokenSource ending = new();
    private bool isLow;

    /// <summary>Fails when the server could not be stopped or started; is cancelled by disposing.</summary>
    public Task Watching { get; private set; } = Task.CompletedTask;

    public void Watch() => Watching = WatchAsync();

    /// <summary>Looks once, now.</summary>
    public Task CheckAsync(CancellationToken cancellation) => volume.AloneAsync(async () =>
    {
        var (used, allocated) = (volume.UsedBytes, volume.AllocatedBytes);
        if (volume.IsFull && used < allocated)
        {
            await start(cancellation);
            volume.IsFull = false;
            volume.OnChange(VolumeChange.Resumed);
        }
        var wasLow = isLow;
        isLow = (allocated - used) * 10 < allocated;
        if (isLow && !wasLow) volume.OnChange(VolumeChange.Low);
        if (used >= allocated && !volume.IsFull)
        {
            await stop();
            volume.IsFull = true;
            volume.OnChange(VolumeChange.Full);
        }
        return true;
    }, cancellation);

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await Watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ending.Dispose();
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(ending.Token)) await CheckAsync(ending.Token);
    }
}
