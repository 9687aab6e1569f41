using Automation.Failover;
using Automation.Failover.Page;

namespace Automation.Tests.Failover.Report;

public sealed class ChartTests
{
    private static readonly Lane Lane = Given.Lane(ProbePath.Writer, ProbeClients.Fresh);

    // A minute in 600 cells: a tenth of a second each, two attempts.
    private static readonly ChartWindow Minute = new(TimeSpan.Zero, Given.Ended);

    private static IReadOnlyList<ChartSegment> Segments(LaneJournal journal, ChartWindow? window = null) => ChartRules.Segments(journal, Operation.Write, window ?? Minute, Given.Ended);

    [Fact]
    public void Segments_OfAnOutage_AreWhatWasMetInItsOrder() => Assert.Equal(
        [new(0, 220, null), new(220, 270, ErrorClasses.Timeout), new(270, 290, "57P03"), new(290, 600, null)],
        Segments(Given.Journal(Lane, (2, 7, ErrorClasses.Timeout), (7, 9, "57P03"))));

    [Fact]
    public void Segments_OfOneFailedAttemptAmongThousands_ShowIt() => Assert.Equal(
        [new(0, 220, null), new(220, 221, ErrorClasses.Refused), new(221, 600, null)], Segments(Given.Journal(Lane, (2.01, 2.06, ErrorClasses.Refused))));

    // The read was answered; the row of reads must not show the error of the write.
    [Fact]
    public void Segments_OfAReadThatWasAnswered_AreGoodThoughItsWriteFailed()
    {
        var attempt = new ProbeAttempt { Started = TimeSpan.Zero, Ended = Given.Seconds(1), Read = Given.Seconds(0.5), Error = "25006" };
        var journal = new LaneJournal(Lane, [attempt]);

        Assert.Equal([new(0, 600, null)], ChartRules.Segments(journal, Operation.Read, Minute, Given.Ended).Select(segment => segment with { To = 600 }));
        Assert.Equal("25006", Assert.Single(ChartRules.Segments(journal, Operation.Write, Minute, Given.Ended)).Error);
    }

    [Fact]
    public void Segments_OutsideTheWindow_AreNotShown() => Assert.Equal(
        [new(0, 600, ErrorClasses.Timeout)], Segments(Given.Journal(Lane, (2, 7, ErrorClasses.Timeout)), new ChartWindow(Given.Called + Given.Seconds(3), Given.Called + Given.Seconds(6))));

    // Cells are a tenth of a second each: two answers in one, one that stands for two, and a failure, which has no latency.
    [Fact]
    public void Latencies_OfACell_AreItsSlowestAnswer()
    {
        ProbeAttempt Answered(double at, double milliseconds, string? error = null) =>
            new() { Started = Given.Seconds(at), Ended = Given.Seconds(at) + TimeSpan.FromMilliseconds(milliseconds), Error = error };
        var journal = new LaneJournal(Lane, [Answered(1.01, 4), Answered(1.05, 9), Answered(1.2, 3), Answered(1.4, 500, ErrorClasses.Timeout)]);

        var latencies = ChartRules.Latencies(journal, Minute, Given.Ended);

        Assert.Equal(ChartRules.Cells, latencies.Count);
        Assert.Equal(
            [(10, 9), (11, 9), (12, 3), (13, 3)],
            latencies.Select((latency, cell) => (cell, (int)latency.TotalMilliseconds)).Where(line => line.Item2 > 0));
    }

    [Fact]
    public void Window_OfAnOutage_IsItAndALittleMore()
    {
        var window = ChartWindow.Of(Given.Report(Given.Journal(Lane, (2, 9, ErrorClasses.Refused))));

        Assert.Equal(Given.Called - Given.Seconds(2), window.From);
        Assert.InRange(window.To - Given.Called, Given.Seconds(11), Given.Seconds(11.1));
        Assert.Equal(Given.Seconds(2), window.Step);
    }

    [Fact]
    public void Window_OfAnOutageWithoutAnEnd_GoesToTheEnd() => Assert.Equal(Given.Ended, ChartWindow.Of(Given.Report(Given.Journal(Lane, (2, 1000, ErrorClasses.Refused)))).To);

    [Fact]
    public void Window_WithoutAnOutage_GoesFromTheCallToTheEnd()
    {
        var window = ChartWindow.Of(Given.Report(Given.Journal(Lane)));

        Assert.InRange(window.From, TimeSpan.Zero, Given.Called);
        Assert.Equal(Given.Ended, window.To);
    }

    [Theory]
    [InlineData(8, 1)]
    [InlineData(20, 2)]
    [InlineData(95, 10)]
    [InlineData(360, 60)]
    [InlineData(4000, 300)]
    public void Step_OfTheAxis_IsRound(int length, int step) => Assert.Equal(Given.Seconds(step), new ChartWindow(TimeSpan.Zero, Given.Seconds(length)).Step);
}
