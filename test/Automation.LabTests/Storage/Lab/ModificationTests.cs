using Amazon.RDS;
using Amazon.RDS.Model;
using Automation.Lab.Storage;
using Automation.LabTests.Postgres;

namespace Automation.LabTests.Storage.Lab;

/// <summary>Storage through the RDS API: what is accepted, and what becomes of it.</summary>
[Collection(nameof(VolumeStage))]
public sealed class ModificationTests(VolumeStage stage)
{
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Grow_Accepted_GoesThroughRdsStatusesAndTellsOfIt()
    {
        await stage.BeginAsync(new LabVolumeOptions { AllocatedGiB = 20 });
        stage.Volumes.Script(VolumeStage.Id, VolumeStage.Slow);
        var told = stage.Lab.Account.Failovers.Events.Entries.Count;

        var answer = await stage.GrowAsync(30);
        Assert.Equal(("available", 20, 30), (answer.DBInstanceStatus, answer.AllocatedStorage, answer.PendingModifiedValues.AllocatedStorage));
        var modifying = await stage.UntilAsync("modifying");
        var optimizing = await stage.UntilAsync("storage-optimization");
        var busy = await Assert.ThrowsAsync<AmazonRDSException>(() => stage.GrowAsync(40));
        var available = await stage.UntilAsync("available");
        await stage.EndedAsync();

        Assert.Equal((20, 30), (modifying.AllocatedStorage, modifying.PendingModifiedValues.AllocatedStorage));
        Assert.Equal((30, null), (optimizing.AllocatedStorage, optimizing.PendingModifiedValues?.AllocatedStorage));
        Assert.InRange(int.Parse(optimizing.PercentProgress, System.Globalization.CultureInfo.InvariantCulture), 0, 99);
        Assert.Equal("InvalidParameterCombination", busy.ErrorCode);
        Assert.Equal((30, null), (available.AllocatedStorage, available.PercentProgress));
        Assert.Equal(30 * LabVolume.GiB, stage.Instance.Volume!.AllocatedBytes);
        Assert.Equal(["RDS-EVENT-0018", "RDS-EVENT-0017"], stage.Lab.Account.Failovers.Events.Entries.Skip(told).Select(e => e.EventId));
        Assert.Contains(stage.Lab.Account.Bus.Events.Entries, e =>
            e.GetProperty("detail").GetProperty("Message").GetString() == "Finished applying modification to allocated storage.");
        Assert.Empty(stage.Lab.Account.Endpoint.Problems.Entries);
    }

    [Fact]
    public async Task Grow_TenAtOnce_IsAcceptedOnce()
    {
        await stage.BeginAsync(new LabVolumeOptions { AllocatedGiB = 40 });
        var (accepted, refused) = (stage.Volumes.Accepted.Entries.Count, stage.Volumes.Refused.Entries.Count);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
        {
            try
            {
                await stage.GrowAsync(50);
                return "accepted";
            }
            catch (AmazonRDSException e)
            {
                return e.ErrorCode;
            }
        }));
        await stage.EndedAsync();

        Assert.Single(answers, "accepted");
        Assert.Equal(9, answers.Count(answer => answer == "InvalidDBInstanceState"));
        var one = Assert.Single(stage.Volumes.Accepted.Entries.Skip(accepted));
        Assert.Equal((40, 50, "50"), (one.From.AllocatedGiB, one.To.AllocatedGiB, one.Sent["AllocatedStorage"]));
        Assert.Equal(refused + 9, stage.Volumes.Refused.Entries.Count);
        Assert.Equal(50, (await stage.ShownAsync()).AllocatedStorage);
    }

    [Fact]
    public async Task Grow_WithinSixHoursOfAChange_IsRefusedAndLaterAccepted()
    {
        await stage.BeginAsync(new LabVolumeOptions { AllocatedGiB = 60 });
        await stage.GrowAsync(70);
        await stage.EndedAsync();
        stage.Volumes.Cooldown = TimeSpan.FromHours(6);

        stage.Time.Advance(TimeSpan.FromHours(5.9));
        Assert.Equal("available", (await stage.ShownAsync()).DBInstanceStatus);
        var refusal = await Assert.ThrowsAsync<AmazonRDSException>(() => stage.GrowAsync(80));
        stage.Time.Advance(TimeSpan.FromHours(0.2));
        await stage.GrowAsync(80);
        await stage.EndedAsync();

        Assert.Equal("InvalidParameterCombination", refusal.ErrorCode);
        Assert.Equal(80, (await stage.ShownAsync()).AllocatedStorage);
    }

    [Fact]
    public async Task Grow_NotImmediately_WaitsAndJoinsWhatIsApplied()
    {
        await stage.BeginAsync(new LabVolumeOptions { AllocatedGiB = 100, StorageType = "gp2" });

        await stage.ModifyAsync(new() { AllocatedStorage = 120 });
        stage.Time.Advance(TimeSpan.FromHours(1));
        var waiting = await stage.ShownAsync();
        await stage.ModifyAsync(new() { StorageType = "gp3", ApplyImmediately = true });
        await stage.EndedAsync();
        var applied = await stage.ShownAsync();

        Assert.Equal(("available", 100, 120), (waiting.DBInstanceStatus, waiting.AllocatedStorage, waiting.PendingModifiedValues.AllocatedStorage));
        Assert.Equal((120, "gp3", 3000, 125), (applied.AllocatedStorage, applied.StorageType, applied.Iops, applied.StorageThroughput));
        Assert.Null(applied.PendingModifiedValues?.AllocatedStorage);
    }

    [Fact]
    public async Task Grow_AcrossTheStripingSize_BringsItsOwnIops()
    {
        await stage.BeginAsync(new LabVolumeOptions { AllocatedGiB = 390 });
        Assert.Equal((3000, 125), (await stage.ShownAsync() is var before ? (before.Iops, before.StorageThroughput) : default));

        await stage.GrowAsync(450);
        await stage.EndedAsync();

        var after = await stage.ShownAsync();
        Assert.Equal((450, 12_000, 500), (after.AllocatedStorage, after.Iops, after.StorageThroughput));
    }

    [Fact]
    public async Task MaxAllocatedStorage_Changed_IsThereAtOnceAndCoolsNothing()
    {
        await stage.BeginAsync(new LabVolumeOptions { AllocatedGiB = 100 });
        var accepted = stage.Volumes.Accepted.Entries.Count;

        await stage.ModifyAsync(new() { MaxAllocatedStorage = 500 });
        Assert.Equal(500, (await stage.ShownAsync()).MaxAllocatedStorage);
        await stage.ModifyAsync(new() { MaxAllocatedStorage = 100 });

        Assert.Null((await stage.ShownAsync()).MaxAllocatedStorage);
        Assert.Equal("available", (await stage.ShownAsync()).DBInstanceStatus);
        Assert.All(stage.Volumes.Accepted.Entries.Skip(accepted), a => Assert.Equal(a.From.AllocatedGiB, a.To.AllocatedGiB));
    }

    [Fact]
    public async Task OtherParameters_WithAndWithoutStorage_ReachTheInstance()
    {
        await stage.BeginAsync(new LabVolumeOptions { AllocatedGiB = 200 });
        var accepted = stage.Volumes.Accepted.Entries.Count;

        await stage.ModifyAsync(new() { BackupRetentionPeriod = 3, ApplyImmediately = true });
        Assert.Equal((200, 3), (await stage.ShownAsync() is var one ? (one.AllocatedStorage, one.BackupRetentionPeriod) : default));
        await stage.ModifyAsync(new() { BackupRetentionPeriod = 5, AllocatedStorage = 220, ApplyImmediately = true });
        await stage.EndedAsync();

        Assert.Equal((220, 5), (await stage.ShownAsync() is var both ? (both.AllocatedStorage, both.BackupRetentionPeriod) : default));
        Assert.Equal(accepted + 1, stage.Volumes.Accepted.Entries.Count);
    }

    [Fact]
    public async Task Full_OnlyTheSizeIsAccepted_AndTheDataAreBack()
    {
        await stage.BeginAsync(new LabVolumeOptions { AllocatedGiB = 20 });
        stage.Volumes.Script(VolumeStage.Id, VolumeStage.Slow);
        var told = stage.Lab.Account.Failovers.Events.Entries.Count;
        await stage.Instance.Server.ExecuteAsync("CREATE TABLE orders AS SELECT generate_series(1, 100) AS id", cancellation);

        await stage.Instance.Volume!.ExtendRelationAsync("orders", 19 * LabVolume.GiB, cancellation);
        await ToldAsync(told, "RDS-EVENT-0222");
        await stage.Instance.Volume.ExtendRelationAsync("orders", LabVolume.GiB, cancellation);
        await ToldAsync(told, "RDS-EVENT-0007");

        Assert.Equal("storage-full", (await stage.ShownAsync()).DBInstanceStatus);
        await Assert.ThrowsAsync<InvalidDBInstanceStateException>(() => stage.ModifyAsync(new()
        {
            AllocatedStorage = 30, StorageType = "gp2", ApplyImmediately = true,
        }));
        await Assert.ThrowsAsync<InvalidDBInstanceStateException>(() => stage.ModifyAsync(new() { BackupRetentionPeriod = 7 }));
        await Assert.ThrowsAsync<InvalidDBInstanceStateException>(() => stage.Rds.RebootDBInstanceAsync(
            new RebootDBInstanceRequest { DBInstanceIdentifier = VolumeStage.Id }, cancellation));
        Assert.Equal("storage-full", (await stage.GrowAsync(30)).DBInstanceStatus);
        await stage.UntilAsync("modifying");
        Assert.False(stage.Instance.Server.IsRunning);
        await stage.UntilAsync("storage-optimization");
        Assert.True(stage.Instance.Server.IsRunning);
        await stage.UntilAsync("available");
        await stage.EndedAsync();

        Assert.Equal(
            ["RDS-EVENT-0089", "RDS-EVENT-0222", "RDS-EVENT-0221", "RDS-EVENT-0007", "RDS-EVENT-0018", "RDS-EVENT-0017"],
            stage.Lab.Account.Failovers.Events.Entries.Skip(told).Select(e => e.EventId));
        await using var session = await stage.Instance.Server.OpenAdminAsync(cancellation);
        Assert.Equal(100L, await session.ScalarAsync("SELECT count(*) FROM orders WHERE ctid < '(1,0)'"));
        await session.RunAsync("DROP TABLE orders");
        await session.RunAsync("CHECKPOINT");
        Assert.False(stage.Instance.Watching.IsFaulted);
    }

    [Fact]
    public async Task DescribeValid_AnInstanceWithAVolume_NamesEveryType()
    {
        await stage.BeginAsync(new LabVolumeOptions { AllocatedGiB = 105 });

        var valid = (await stage.Rds.DescribeValidDBInstanceModificationsAsync(
            new DescribeValidDBInstanceModificationsRequest { DBInstanceIdentifier = VolumeStage.Id }, cancellation)).ValidDBInstanceModificationsMessage;

        Assert.Equal(["gp2", "gp3", "io1", "io2", "standard"], valid.Storage.Select(s => s.StorageType));
        var gp3 = valid.Storage[1];
        Assert.Equal([(105, 105, 1), (116, 65_536, 1)], gp3.StorageSize.Select(r => (r.From, r.To, r.Step)).Select(r => ((int)r.From!, (int)r.To!, (int)r.Step!)));
        Assert.Equal(12_000, Assert.Single(gp3.ProvisionedIops).From);
        Assert.True(gp3.SupportsStorageAutoscaling);
        Assert.Equal((0.5, 50.0), Assert.Single(valid.Storage[2].IopsToStorageRatio) is var ratio ? (ratio.From!.Value, ratio.To!.Value) : default);
        Assert.Equal(3_072, valid.Storage[4].StorageSize[^1].To);
        Assert.False(valid.Storage[4].SupportsStorageAutoscaling);
    }

    private Task ToldAsync(int after, string eventId) => Eventually.TrueAsync(() =>
        Task.FromResult(stage.Lab.Account.Failovers.Events.Entries.Skip(after).Any(e => e.EventId == eventId)));
}
