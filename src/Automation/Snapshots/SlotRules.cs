namespace Automation.Snapshots;

/// <summary>Times at which a snapshot is due: multiples of the policy's period since the Unix epoch, in UTC.</summary>
internal static class SlotRules
{
    /// <summary>The slot that is on: the last one that began.</summary>
    public static DateTimeOffset At(DateTimeOffset now, TimeSpan every)
    {
        var since = now.ToUniversalTime() - DateTimeOffset.UnixEpoch;
        return DateTimeOffset.UnixEpoch + TimeSpan.FromTicks(since.Ticks - Modulo(since.Ticks, every.Ticks));
    }

    private static long Modulo(long number, long by) => ((number % by) + by) % by;
}
