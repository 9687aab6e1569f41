using Automation.Database;

namespace Automation.Tests.Database;

public sealed class WatchdogTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static CancellationToken Test => TestContext.Current.CancellationToken;
    private readonly ManualClock clock = ManualClock.AtNoon();

    [Fact]
    public async Task Run_WorkInTime_GivesItsResult() =>
        Assert.Equal(7, await Watchdog.RunAsync(_ => Task.FromResult(7), Limit, clock, Test));

    [Fact]
    public async Task Run_WorkFailsInTime_GivesItsError() =>
        await Assert.ThrowsAsync<InvalidDataException>(() =>
            Watchdog.RunAsync<int>(_ => throw new InvalidDataException("mine"), Limit, clock, Test));

    [Fact]
    public async Task Run_WorkTimesOutByItself_IsNotTakenForTheDeadline()
    {
        var e = await Assert.ThrowsAsync<TimeoutException>(() => Watchdog.RunAsync<int>(_ => throw new TimeoutException("mine"), Limit, clock, Test));

        Assert.Equal("mine", e.Message);
    }

    [Fact]
    public async Task Run_WorkBlocksItsThread_EndsAtTheLimitAndNotBefore()
    {
        using var release = new ManualResetEventSlim();
        var run = Watchdog.RunAsync(_ =>
        {
            release.Wait(Test);
            return Task.FromResult(7);
        }, Limit, clock, Test);
        await TimerIsSet();

        clock.Pass(Limit - TimeSpan.FromTicks(1));
        Assert.False(run.IsCompleted);
        clock.Pass(TimeSpan.FromTicks(1));
        var e = await Assert.ThrowsAsync<DeadlineExceededException>(() => run.WaitAsync(Patience, Test));

        Assert.Equal(Limit, e.Limit);
        release.Set();
    }

    [Fact]
    public async Task Run_StopBlocksToo_TheCallerGoesOn()
    {
        using var release = new ManualResetEventSlim();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var run = Watchdog.RunAsync<int>(async stop =>
        {
            // As Npgsql's cancel does: connects again, on the thread that cancels.
            await using var _ = stop.Register(() =>
            {
                asked.SetResult();
                release.Wait();
            });
            await asked.Task;
            throw new OperationCanceledException(stop);
        }, Limit, clock, Test);
        await TimerIsSet();

        clock.Pass(Limit);

        await Assert.ThrowsAsync<DeadlineExceededException>(() => run.WaitAsync(Patience, Test));
        await asked.Task.WaitAsync(Patience, Test);
        release.Set();
    }

    [Fact]
    public async Task Run_ResultComesTooLate_IsDisposed()
    {
        var arrival = new TaskCompletionSource<LateConnection>();
        var run = Watchdog.RunAsync(_ => arrival.Task, Limit, clock, Test);
        await TimerIsSet();
        clock.Pass(Limit);
        await Assert.ThrowsAsync<DeadlineExceededException>(() => run.WaitAsync(Patience, Test));

        var late = new LateConnection();
        arrival.SetResult(late);

        await late.Disposed.Task.WaitAsync(Patience, Test);
    }

    [Fact]
    public async Task Run_CallerCancels_EndsAtOnceAndSaysSo()
    {
        using var caller = new CancellationTokenSource();
        var never = new TaskCompletionSource<int>();
        var run = Watchdog.RunAsync(_ => never.Task, Limit, clock, caller.Token);
        await TimerIsSet();

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(Patience, Test));
    }

    [Fact]
    public async Task Run_NoTimeAtAll_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Watchdog.RunAsync(_ => Task.FromResult(7), TimeSpan.Zero, clock, Test));

    private async Task TimerIsSet()
    {
        using var limit = new CancellationTokenSource(Patience);
        while (clock.Pending == 0)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private sealed class LateConnection : IAsyncDisposable
    {
        public TaskCompletionSource Disposed { get; } = new();

        public ValueTask DisposeAsync()
        {
            Disposed.SetResult();
            return ValueTask.CompletedTask;
        }
    }
}
