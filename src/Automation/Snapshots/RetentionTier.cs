namespace Automation.Snapshots;

/// <summary>
/// One generation of grandfather-father-son, as in restic and borg: of each of the last so many periods in which there is a
/// snapshot, the newest stands. A period without one is not counted, so a gap ages nothing out.
/// </summary>
/// <param name="Name">"daily".</param>
/// <param name="Period">"day".</param>
/// <param name="Count">How many periods; 0 keeps none.</param>
/// <param name="PeriodOf">Numbers the periods: the same for two instants of one period, another for any other.</param>
internal sealed record RetentionTier(string Name, string Period, int Count, Func<DateTimeOffset, int> PeriodOf)
{
    /// <summary>The place of a snapshot older than all periods of the tier.</summary>
    public const int Beyond = 0;

    /// <summary>The place of a snapshot in whose period there is a newer one.</summary>
    public const int Superseded = -1;

    private const int DaysOfWeek = 7, MonthsOfYear = 12;

    public static RetentionTier[] Of(RetentionPolicy policy) =>
    [
        new("hourly", "hour", policy.Hourly, slot => (int)(slot.UtcTicks / TimeSpan.TicksPerHour)),
        new("daily", "day", policy.Daily, Day),
        // Day 0 of the calendar, 0001-01-01, is a Monday: sevens of days are ISO weeks, across the ends of years too.
        new("weekly", "week", policy.Weekly, slot => Day(slot) / DaysOfWeek),
        new("monthly", "month", policy.Monthly, slot => slot.UtcDateTime.Year * MonthsOfYear + slot.UtcDateTime.Month),
        new("yearly", "year", policy.Yearly, slot => slot.UtcDateTime.Year),
    ];

    /// <summary>Finds the place of each slot: 1 for the one of the last period, 2 of the one before; or one of the constants.</summary>
    /// <param name="newestFirst">In this order.</param>
    /// <param name="places">As many as there are slots.</param>
    public void Place(ReadOnlySpan<DateTimeOffset> newestFirst, Span<int> places)
    {
        var (taken, current) = (0, int.MinValue);
        for (var i = 0; i < newestFirst.Length; i++)
        {
            var period = PeriodOf(newestFirst[i]);
            if (period == current)
            {
                places[i] = Superseded;
                continue;
            }
            if (taken >= Count)
            {
                places[i..].Clear(); // Beyond
                return;
            }
            current = period;
            places[i] = ++taken;
        }
    }

    private static int Day(DateTimeOffset slot) => (int)(slot.UtcTicks / TimeSpan.TicksPerDay);
}
