using Automation.Lab.Report;
using Automation.Lab.Report.Charts;

namespace Automation.Tests.Lab.Report;

public sealed class StripTests
{
    private static readonly TimeAxis Axis = TimeAxis.Of(Recorded.Start, Recorded.Start, Recorded.At(100), 0, 1000);

    [Fact]
    public void Segments_AllGood_AreOne() =>
        Assert.Equal(new StripSegment(0, 110, true), Assert.Single(Segments(Attempts(11, _ => true))));

    [Fact]
    public void Segments_OneFailed_StandsUntilTheNext() =>
        Assert.Equal([new StripSegment(0, 50, true), new StripSegment(50, 60, false), new StripSegment(60, 110, true)], Segments(Attempts(11, n => n != 5)));

    [Fact]
    public void Segments_NobodyLooked_IsAGap() =>
        Assert.Equal(
            [new StripSegment(0, 10, true), new StripSegment(500, 510, true)],
            Segments([Attempt(0, true), Attempt(50, true)]));

    [Fact]
    public void Segments_FailureTooShortToSee_IsWidened()
    {
        var segments = Segments([Attempt(0, true), Attempt(1, false), Attempt(1.001, true), Attempt(2, true)]);

        var failed = Assert.Single(segments, segment => !segment.Good);
        Assert.Equal(1.5, failed.To - failed.From, 6);
    }

    private static IReadOnlyList<StripSegment> Segments(IReadOnlyList<RunAttempt> attempts) =>
        Strip.Segments(attempts, attempt => attempt.LoggedIn, Axis, TimeSpan.FromSeconds(1));

    private static List<RunAttempt> Attempts(int count, Func<int, bool> good) => [.. Enumerable.Range(0, count).Select(n => Attempt(n, good(n)))];

    private static RunAttempt Attempt(double seconds, bool good) => new(Recorded.At(seconds), TimeSpan.FromMilliseconds(10), good, good, null);
}
