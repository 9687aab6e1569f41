using Automation.Lab.Storage;
using Automation.LabTests.Postgres;

namespace Automation.LabTests.Storage.Lab;

/// <summary>RDS's own growth, which everybody else has to reckon with.</summary>
[Collection(nameof(VolumeStage))]
public sealed class AutoscalingTests(VolumeStage stage)
{
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Low_ForFiveMinutes_GrowsByAStepAndSaysWhenItCannot()
    {
        await stage.BeginAsync(new LabVolumeOptions { AllocatedGiB = 20, MaxAllocatedGiB = 35 });
        var (accepted, told) = (stage.Volumes.Accepted.Entries.Count, stage.Lab.Account.Failovers.Events.Entries.Count);
        await stage.Instance.Server.ExecuteAsync("CREATE TABLE filling (id int)", cancellation);

        await stage.Instance.Volume!.ExtendRelationAsync("filling", 18 * LabVolume.GiB, cancellation);
        await ToldAsync(told, "RDS-EVENT-0225");
        await stage.EndedAsync();
        await stage.Instance.Volume.ExtendRelationAsync("filling", 9 * LabVolume.GiB, cancellation);
        await ToldAsync(told, "RDS-EVENT-0224");

        var grown = Assert.Single(stage.Volumes.Accepted.Entries.Skip(accepted));
        Assert.Equal((true, 20, 30), (grown.IsAutoscaling, grown.From.AllocatedGiB, grown.To.AllocatedGiB));
        Assert.Empty(grown.Sent);
        Assert.Equal(30, (await stage.ShownAsync()).AllocatedStorage);
        Assert.Equal(
            ["RDS-EVENT-0217", "RDS-EVENT-0218", "RDS-EVENT-0225", "RDS-EVENT-0224"],
            Events(told).Except(["RDS-EVENT-0089", "RDS-EVENT-0222"]));
        await stage.Instance.Server.ExecuteAsync("DROP TABLE filling; CHECKPOINT", cancellation);
    }

    [Fact]
    public async Task Low_SoonAfterAChange_TellsOnceThatItWaits()
    {
        await stage.BeginAsync(new LabVolumeOptions { AllocatedGiB = 30 });
        await stage.GrowAsync(40);
        await stage.EndedAsync();
        stage.Volumes.Cooldown = TimeSpan.FromMinutes(2);
        var (accepted, told) = (stage.Volumes.Accepted.Entries.Count, stage.Lab.Account.Failovers.Events.Entries.Count);
        await stage.Instance.Server.ExecuteAsync("CREATE TABLE waiting (id int)", cancellation);
        await stage.Instance.Volume!.ExtendRelationAsync("waiting", 37 * LabVolume.GiB, cancellation);
        stage.Instance.Volume.Settings = stage.Instance.Volume.Settings with { MaxAllocatedGiB = 400 };

        await ToldAsync(told, "RDS-EVENT-0220");
        Assert.Equal(accepted, stage.Volumes.Accepted.Entries.Count);
        stage.Time.Advance(TimeSpan.FromMinutes(2));
        await ToldAsync(told, "RDS-EVENT-0218");
        await stage.EndedAsync();

        Assert.Single(Events(told), "RDS-EVENT-0220");
        Assert.Equal(50, (await stage.ShownAsync()).AllocatedStorage);
        await stage.Instance.Server.ExecuteAsync("DROP TABLE waiting; CHECKPOINT", cancellation);
    }

    private IEnumerable<string> Events(int after) => stage.Lab.Account.Failovers.Events.Entries.Skip(after).Select(e => e.EventId);

    private Task ToldAsync(int after, string eventId) => Eventually.TrueAsync(() =>
    {
        if (Events(after).Contains(eventId)) return Task.FromResult(true);
        stage.Time.Advance(TimeSpan.FromSeconds(1));
        return Task.FromResult(false);
    });
}
