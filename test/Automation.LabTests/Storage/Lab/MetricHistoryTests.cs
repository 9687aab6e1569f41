using Amazon.CloudWatch.Model;
using Automation.LabTests.Account;
using Automation.LabTests.Fixtures;

namespace Automation.LabTests.Storage.Lab;

/// <summary>A past in CloudWatch.</summary>
public sealed class MetricHistoryTests(MotoFixture moto)
{
    [Fact]
    public async Task PutFreeStorage_FourteenDays_CanBeReadBack()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var lab = await AccountOnMoto.StartAsync(moto, "history", VolumeFixture.Region, cancellation);
        var until = new DateTimeOffset(TimeProvider.System.GetUtcNow().Date, TimeSpan.Zero);
        var gap = until.AddDays(-3);

        // More than one call takes.
        var minutes = await lab.Account.History.PutFreeStorageAsync(
            "minutes", until, TimeSpan.FromMinutes(1_500), at => 1, cancellation, TimeSpan.FromMinutes(1));
        var put = await lab.Account.History.PutFreeStorageAsync(
            "past", until, TimeSpan.FromDays(14), at => at == gap ? null : (until - at).TotalHours, cancellation);

        var read = await lab.Application.CloudWatch.GetMetricDataAsync(new GetMetricDataRequest
        {
            StartTime = until.AddDays(-15).UtcDateTime,
            EndTime = until.AddHours(1).UtcDateTime,
            ScanBy = "TimestampAscending",
            MetricDataQueries = [Query("past", 3_600, "Average"), Query("minutes", 30 * 86_400, "SampleCount")],
        }, cancellation);
        var past = Assert.Single(read.MetricDataResults, r => r.Id == "past");
        Assert.Equal((336, 1_501), (put, minutes));
        Assert.Equal(336, past.Values.Count);
        Assert.Equal((336, 0), (past.Values[0], past.Values[^1]));
        Assert.DoesNotContain(gap.UtcDateTime, past.Timestamps);
        Assert.Equal(1_501, Assert.Single(Assert.Single(read.MetricDataResults, r => r.Id == "minutes").Values));
    }

    private static MetricDataQuery Query(string instance, int period, string statistic) => new()
    {
        Id = instance,
        MetricStat = new MetricStat
        {
            Metric = new Metric
            {
                Namespace = "AWS/RDS",
                MetricName = "FreeStorageSpace",
                Dimensions = [new Dimension { Name = "DBInstanceIdentifier", Value = instance }],
            },
            Period = period,
            Stat = statistic,
        },
    };
}
