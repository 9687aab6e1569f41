namespace Automation.Lab.Report.Charts;

/// <summary>A stretch in which a probe met the same.</summary>
/// <param name="From">Where it begins.</param>
/// <param name="To">Where it ends.</param>
/// <param name="Good">Whether the attempts went well.</param>
/// <param name="Words">What was said at its first failure; <c>null</c> where all went well.</param>
internal readonly record struct StripSegment(double From, double To, bool Good, string? Words = null);

/// <summary>From attempts to stretches of a row. Pure.</summary>
internal static class Strip
{
    // Narrower than this nobody sees.
    private const double Narrowest = 1.5;

    /// <summary>
    /// An attempt stands for the time until the next one, and at most for <paramref name="longest"/>: where nobody looked is a gap.
    /// What is too narrow to be seen is widened when it failed, so that a short failure does not vanish.
    /// </summary>
    /// <param name="attempts">Oldest first.</param>
    /// <param name="good">Whether an attempt went well.</param>
    /// <param name="axis">What is shown.</param>
    /// <param name="longest">How long an attempt says something.</param>
    public static IReadOnlyList<StripSegment> Segments(
        IReadOnlyList<RunAttempt> attempts, Func<RunAttempt, bool> good, TimeAxis axis, TimeSpan longest)
    {
        var segments = new List<StripSegment>();
        for (var n = 0; n < attempts.Count; n++)
        {
            var attempt = attempts[n];
            var until = attempt.At + (attempt.Took > longest ? attempt.Took : longest);
            if (n + 1 < attempts.Count && attempts[n + 1].At < until) until = attempts[n + 1].At;
            if (until < axis.From || attempt.At > axis.To) continue;
            Add(segments, good(attempt)
                ? new StripSegment(axis.X(attempt.At), axis.X(until), true)
                : new StripSegment(axis.X(attempt.At), axis.X(until), false, attempt.Error));
        }
        return segments;
    }

    private static void Add(List<StripSegment> segments, StripSegment next)
    {
        if (!next.Good && next.To - next.From < Narrowest) next = next with { To = next.From + Narrowest };
        if (segments.Count == 0)
        {
            segments.Add(next);
            return;
        }
        var last = segments[^1];
        if (next.From < last.To) next = next with { From = Math.Min(last.To, next.To) };
        if (last.Good == next.Good && next.From - last.To < 0.01) segments[^1] = last with { To = Math.Max(last.To, next.To) };
        else if (next.To > next.From) segments.Add(next);
    }
}
