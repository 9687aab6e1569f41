namespace Automation.LabTests.Gate;

/// <summary>A clock whose timers of more than a second never go off: what would end by its limit alone does not end.</summary>
internal sealed class OnlyShortTimers : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime > TimeSpan.FromSeconds(1) ? Timeout.InfiniteTimeSpan : dueTime, period);
}
