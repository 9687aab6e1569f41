namespace Automation.LabTests.Gate;

/// <summary>A clock whose timers go off when the test says so.</summary>
internal sealed class HeldTimers : TimeProvider
{
    private readonly TaskCompletionSource<HeldTimer> first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new HeldTimer(() => callback(state), dueTime);
        first.TrySetResult(timer);
        return timer;
    }

    /// <returns>When the first timer would have gone off by itself.</returns>
    public async Task<TimeSpan> FireFirstAsync()
    {
        var timer = await first.Task.WaitAsync(Deadline.Limit, TestContext.Current.CancellationToken);
        timer.Fire();
        return timer.Due;
    }

    private sealed class HeldTimer(Action fire, TimeSpan due) : ITimer
    {
        public TimeSpan Due => due;

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
