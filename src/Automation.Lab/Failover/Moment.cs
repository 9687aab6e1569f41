namespace Automation.Lab.Failover;

/// <summary>A point in time, to be shown and to be measured from.</summary>
/// <param name="Utc">The wall clock.</param>
/// <param name="Timestamp">The monotonic clock, as <see cref="TimeProvider.GetTimestamp"/>: differences are true whatever the wall clock does.</param>
internal readonly record struct Moment(DateTimeOffset Utc, long Timestamp)
{
    public static Moment Now(TimeProvider time) => new(time.GetUtcNow(), time.GetTimestamp());
}
