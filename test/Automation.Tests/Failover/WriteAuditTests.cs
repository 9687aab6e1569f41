using Automation.Failover;

namespace Automation.Tests.Failover;

public sealed class WriteAuditTests
{
    private const long Salt = 639000000000000000;

    /// <summary>Another stack's test wrote into a table of the same name.</summary>
    [Fact]
    public void Of_RowsOfAnotherTest_AreNotOurs() => Assert.Equal(1, WriteAudit.Of(
        [new LaneJournal(Given.Lane(), Given.Attempts("0:ok"))], [new WrittenRow(0, 0, LaneProbe.PayloadOf(Salt + 1, 0, 0))], Salt).Lost);

    [Fact]
    public void Of_EveryFateAndEveryRow_IsCountedOnce()
    {
        Lane lane = new(2, ProbePath.Proxy, ProbeClients.Pooled, Given.Lane().Endpoint);
        var fates = new[]
        {
            WriteFate.Acknowledged, WriteFate.Acknowledged, WriteFate.Acknowledged, // 0 there, 1 gone, 2 is not what was written
            WriteFate.Unknown, WriteFate.Unknown, // 3 there, 4 not
            WriteFate.Rejected, WriteFate.NotSent, // 5 not there, as it should be; 6 there all the same
            WriteFate.Acknowledged, // 7 there twice
        };
        var journal = new LaneJournal(lane, [.. fates.Select((fate, i) => new ProbeAttempt { Started = Given.Ms(i), Ended = Given.Ms(i), Sequence = i, Fate = fate })]);

        var counts = WriteAudit.Of([journal],
        [
            Row(2, 0), new WrittenRow(2, 2, 42), Row(2, 3), Row(2, 6), Row(2, 7), Row(2, 7),
            Row(9, 0), // of no lane of this test
        ], Salt);

        Assert.Equivalent(new WriteCounts
        {
            Acknowledged = 4,
            Lost = 2,
            UnknownPresent = 1,
            UnknownAbsent = 1,
            Duplicated = 1,
            Unexpected = 2,
            FirstLost = ["proxy, pooled #1", "proxy, pooled #2"],
        }, counts, strict: true);
    }

    [Fact]
    public void Of_NoRowsAtAll_EveryAcknowledgedOneIsLost() =>
        Assert.Equal((3, 3), WriteAudit.Of([new LaneJournal(Given.Lane(), Given.Attempts("0:ok 50:ok 100:ok"))], [], Salt) is var counts ? (counts.Acknowledged, counts.Lost) : default);

    [Fact]
    public void PayloadOf_LanesAndNumbers_DoNotMeet() =>
        Assert.Equal(5 * 10_000, Enumerable.Range(0, 5).SelectMany(lane => Enumerable.Range(0, 10_000).Select(seq => LaneProbe.PayloadOf(Salt, lane, seq))).Distinct().Count());

    private static WrittenRow Row(int lane, long sequence) => new(lane, sequence, LaneProbe.PayloadOf(Salt, lane, sequence));
}
