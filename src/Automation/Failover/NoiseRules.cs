namespace Automation.Failover;

/// <summary>Measures the lanes while nothing happens. Pure.</summary>
internal static class NoiseRules
{
    /// <summary>Share of attempts that may fail by themselves: a stall of an instance's regular work is one attempt or two.</summary>
    public const double MostFailures = 0.02;

    /// <param name="attempts">Of one lane.</param>
    /// <param name="from">The warm-up ended.</param>
    /// <param name="to">The baseline ended.</param>
    public static Noise Of(IReadOnlyList<ProbeAttempt> attempts, TimeSpan from, TimeSpan to)
    {
        var within = attempts.Where(attempt => attempt.Started >= from && attempt.Ended <= to).ToList();
        var latencies = within.Where(attempt => attempt.Error is null).Select(attempt => attempt.Ended - attempt.Started).Order().ToList();
        var answers = within.Where(attempt => attempt.Error is null).Select(attempt => attempt.Ended).ToList();
        var spacing = Spacing(within).Order().ToList();
        return new Noise
        {
            Attempts = within.Count,
            Failures = within.Count(attempt => attempt.Error is not null),
            Median = At(latencies, 0.5),
            Percentile99 = At(latencies, 0.99),
            // What came before the first answer, and after the last, is a gap too.
            LongestGap = answers.Count == 0 ? to - from : answers.Prepend(from).Zip(answers.Append(to), (one, next) => next - one).Max(),
            Interval = At(spacing, 0.5),
        };
    }

    /// <summary>From the start of each attempt to the start of the next.</summary>
    public static IEnumerable<TimeSpan> Spacing(IEnumerable<ProbeAttempt> attempts) => attempts.Zip(attempts.Skip(1), (one, next) => next.Started - one.Started);

    private static TimeSpan At(List<TimeSpan> ordered, double share) =>
        ordered.Count == 0 ? TimeSpan.Zero : ordered[Math.Min(ordered.Count - 1, (int)(share * ordered.Count))];
}
