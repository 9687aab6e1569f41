using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;
using Automation.Failover;
using Automation.Outcomes;

namespace Automation.LabTests.Failover;

/// <summary>The same of a cluster: an explicit target, a reader's way, the lag of readers.</summary>
[Collection(nameof(FailoverFixture))]
public sealed class ClusterTests(FailoverFixture fixture)
{
    private static readonly Dictionary<string, string> Tags = new() { ["environment"] = "staging", ["automation:failover-test"] = "allow" };

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_Cluster_FailsOverToTheReaderThatIsNamedOnceItsLagIsKnown()
    {
        await using var cluster = await fixture.StartClusterAsync("game-cluster", Tags);
        await using var day = await GameDay.StartAsync(fixture, cluster);

        // Nothing is known of the reader yet.
        var unknown = await day.RunAsync();
        Assert.Equal((Decision.Refused, Reasons.ReplicaLag), (unknown.Decision, unknown.Reason));
        Assert.Empty(day.Mutations);
        await MeasureAsync(day, cluster.Reader.Id, 20);
        var target = cluster.Reader.Id;
        var outcome = await day.RunAsync();

        Assert.Equal((Decision.Acted, Reasons.Passed), (outcome.Decision, outcome.Reason));
        Assert.Equal(("FailoverDBCluster", target), Assert.Single(day.Failovers.Accepted.Entries) is var accepted ? (Assert.Single(day.Mutations), accepted.Target) : default);
        Assert.Equal(target, day.Report.Target);
        Assert.Equivalent(new { Lost = 0, Duplicated = 0, Unexpected = 0 }, day.Report.Writes);
        Assert.Equal(6, day.Report.Lanes.Count);
        Assert.All(day.Report.Lanes.Where(lane => lane.Lane.Path == ProbePath.Reader), lane => Assert.Null(lane.Writes));
        Assert.Contains(day.Report.Timeline, line => line.Event == $"writer leads to {target}");
        // Over for the lab when the old writer is back as a reader, which clients do not wait for.
        var truth = (await day.Failovers.Ended.FirstAsync(_ => true, Test)).Truth;
        var down = TimeProvider.System.GetElapsedTime(truth.KilledAt!.Value.Timestamp, truth.ServingAt!.Value.Timestamp);
        Assert.All(day.Report.Lanes.Where(lane => lane.Lane.Path == ProbePath.Writer),
            lane => Assert.InRange(lane.Writes!.Down, down - day.Report.Resolution, down + day.Report.Resolution));
    }

    private static Task<PutMetricDataResponse> MeasureAsync(GameDay day, string reader, double milliseconds) => day.Account.Application.CloudWatch.PutMetricDataAsync(new PutMetricDataRequest
    {
        Namespace = "AWS/RDS",
        MetricData =
        [
            new MetricDatum
            {
                MetricName = "AuroraReplicaLag",
                Dimensions = [new Dimension { Name = "DBInstanceIdentifier", Value = reader }],
                Timestamp = DateTime.UtcNow.AddMinutes(-1),
                Unit = StandardUnit.Milliseconds,
                Value = milliseconds,
            },
        ],
    }, Test);
}
