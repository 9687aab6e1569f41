namespace Automation.LabTests.Connections;

/// <summary>The machine's time, but nobody waits: what would last two seconds lasts a tenth of one.</summary>
internal sealed class HastyTime : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : dueTime / 20, period);
}
