namespace Automation.Failover.Page;

/// <summary>Cells next to each other that show the same.</summary>
/// <param name="From">First cell.</param>
/// <param name="To">The cell after the last.</param>
/// <param name="Error">What was met; <c>null</c> where it was answered.</param>
internal readonly record struct ChartSegment(int From, int To, string? Error);

/// <summary>From attempts, of which there are thousands, to the cells of a row. Pure.</summary>
internal static class ChartRules
{
    /// <summary>However long the test was, a row is never more than this.</summary>
    public const int Cells = 600;

    /// <summary>A cell in which anything failed shows the failure: what is short must not vanish.</summary>
    /// <param name="journal">One lane.</param>
    /// <param name="operation">Read or write.</param>
    /// <param name="window">What is shown.</param>
    /// <param name="ended">When the lane was stopped.</param>
    public static IReadOnlyList<ChartSegment> Segments(LaneJournal journal, Operation operation, ChartWindow window, TimeSpan ended)
    {
        var answered = new bool[Cells];
        var errors = new string?[Cells];
        foreach (var (attempt, first, end) in Spread(journal, window, ended))
        {
            var good = attempt.AnsweredAt(operation) is not null;
            for (var cell = first; cell < end; cell++)
            {
                if (good) answered[cell] = true;
                else errors[cell] = attempt.Error ?? ErrorClasses.Other;
            }
        }
        return Merge(answered, errors);
    }

    /// <summary>The slowest answer of each cell; zero where there was none. An answer stands until the next attempt.</summary>
    /// <param name="journal">One lane.</param>
    /// <param name="window">What is shown.</param>
    /// <param name="ended">When the lane was stopped.</param>
    public static IReadOnlyList<TimeSpan> Latencies(LaneJournal journal, ChartWindow window, TimeSpan ended)
    {
        var slowest = new TimeSpan[Cells];
        foreach (var (attempt, first, end) in Spread(journal, window, ended).Where(line => line.Attempt.Error is null))
        {
            var latency = attempt.Ended - attempt.Started;
            for (var cell = first; cell < end; cell++)
                if (latency > slowest[cell]) slowest[cell] = latency;
        }
        return slowest;
    }

    /// <summary>
    /// The cells of each attempt, up to the start of the next one. The cell in which the next one begins is the next one's, but each
    /// attempt has one.
    /// </summary>
    private static IEnumerable<(ProbeAttempt Attempt, int First, int End)> Spread(LaneJournal journal, ChartWindow window, TimeSpan ended)
    {
        for (var i = 0; i < journal.Attempts.Count; i++)
        {
            var attempt = journal.Attempts[i];
            var until = i + 1 < journal.Attempts.Count ? journal.Attempts[i + 1].Started : ended;
            if (until <= window.From || attempt.Started >= window.To) continue;
            var first = CellOf(attempt.Started, window);
            yield return (attempt, first, Math.Max(first + 1, CellOf(until, window)));
        }
    }

    /// <summary>In whole ticks: what begins with a cell belongs to it. The end of the window is the cell after the last.</summary>
    private static int CellOf(TimeSpan at, ChartWindow window) => (int)Math.Clamp((at - window.From).Ticks * Cells / window.Length.Ticks, 0, Cells);

    private static List<ChartSegment> Merge(bool[] answered, string?[] errors)
    {
        var segments = new List<ChartSegment>();
        for (var cell = 0; cell < Cells; cell++)
        {
            if (!answered[cell] && errors[cell] is null) continue;
            if (segments.Count > 0 && segments[^1] is var last && last.To == cell && last.Error == errors[cell]) segments[^1] = last with { To = cell + 1 };
            else segments.Add(new ChartSegment(cell, cell + 1, errors[cell]));
        }
        return segments;
    }
}
