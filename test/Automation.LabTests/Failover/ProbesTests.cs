using Automation.Failover;

namespace Automation.LabTests.Failover;

/// <summary>What clients write down while servers misbehave, held against what was done to them and what the table has.</summary>
[Collection(nameof(FailoverFixture))]
public sealed class ProbesTests(FailoverFixture fixture)
{
    private static readonly ProbeTimes Times = new();

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_HealthyServer_EveryWriteIsAcknowledgedAndThere()
    {
        await using var rig = await ConnectAsync();

        await rig.EachAsync(30);
        var journal = await rig.StopAsync();

        Assert.All(journal, lane => Assert.All(lane.Attempts, attempt => Assert.True(attempt is { Error: null, Fate: WriteFate.Acknowledged }, $"{lane.Lane.Name}: {attempt}")));
        var audit = WriteAudit.Of(journal, await rig.RowsAsync());
        Assert.Equivalent(
            new { Acknowledged = journal.Sum(lane => lane.Attempts.Count), Lost = 0, UnknownPresent = 0, UnknownAbsent = 0, Duplicated = 0, Unexpected = 0 }, audit);
        Assert.All(journal, lane => Assert.All(lane.Attempts, attempt => Assert.False(attempt.Server!.IsAnother(rig.Before), attempt.Server.ToString())));
    }

    private Task<ProbeRig> ConnectAsync(IReadOnlyList<Lane>? lanes = null, ProbeTimes? times = null) => ProbeRig.ConnectAsync(fixture, lanes ?? fixture.Lanes, times ?? Times);
}
