using Amazon.RDS;
using Amazon.RDS.Model;
using Automation.Lab.Account;
using Automation.Lab.Storage;

namespace Automation.LabTests.Storage.Lab;

/// <summary>What RDS refuses of a change of the storage, over the wire.</summary>
[Collection(nameof(VolumeStage))]
public sealed class ModificationRefusalTests(VolumeStage stage)
{
    private const string Combination = "InvalidParameterCombination", Value = "InvalidParameterValue";

    public static TheoryData<string, int, int?, int?, int?, string?, int?, int?, int?, string> Cases => new()
    {
        // type, GiB, IOPS, maximum of the volume; GiB, type, IOPS, throughput, maximum asked for
        { "gp3", 100, null, null, 99, null, null, null, null, Combination },
        { "gp3", 100, null, null, 100, null, null, null, null, Combination },
        { "gp3", 100, null, null, 109, null, null, null, null, Combination },
        { "gp3", 101, null, null, 111, null, null, null, null, Combination },
        { "gp3", 100, null, null, 120, null, 3_000, null, null, Combination },
        { "gp3", 100, null, null, 120, null, null, 125, null, Combination },
        { "gp3", 390, null, null, 450, null, 3_000, null, null, Combination },
        { "gp3", 450, null, null, 500, null, null, null, null, Combination },
        { "gp3", 450, null, null, 500, null, 11_999, null, null, Combination },
        { "gp3", 450, null, null, 500, null, 12_000, 3_001, null, Combination },
        { "gp3", 60_000, null, null, 66_000, null, 12_000, null, null, Value },
        { "gp2", 100, null, null, 120, null, 3_000, null, null, Combination },
        { "gp2", 100, null, null, 120, "io1", null, null, null, Combination },
        { "gp2", 100, null, null, 120, "gp4", null, null, null, Value },
        { "io1", 1_000, 1_000, null, 2_001, null, 1_000, null, null, Combination },
        { "io1", 1_000, 1_000, null, 1_200, null, null, null, null, Combination },
        { "io1", 100, 5_000, null, 110, null, 5_501, null, null, Combination },
        { "io1", 1_000, 1_000, null, 1_100, null, 1_000, null, 2_500, Combination },
        { "standard", 3_000, null, null, 3_300, null, null, null, null, Value },
        { "gp3", 100, null, null, null, null, null, null, 99, Combination },
        { "gp3", 100, null, null, null, null, null, null, 109, Combination },
        { "gp3", 100, null, 150, 160, null, null, null, null, Combination },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Modify_AgainstARule_IsRefusedAndChangesNothing(
        string type, int allocated, int? iops, int? max, int? askedSize, string? askedType, int? askedIops, int? askedThroughput, int? askedMax, string code)
    {
        var volume = new LabVolumeOptions { AllocatedGiB = allocated, StorageType = type, Iops = iops, MaxAllocatedGiB = max };
        await stage.BeginAsync(volume);
        var accepted = stage.Volumes.Accepted.Entries.Count;

        var refusal = await Assert.ThrowsAsync<AmazonRDSException>(() => stage.ModifyAsync(new()
        {
            AllocatedStorage = askedSize,
            StorageType = askedType,
            Iops = askedIops,
            StorageThroughput = askedThroughput,
            MaxAllocatedStorage = askedMax,
            ApplyImmediately = true,
        }));

        Assert.Equal(code, refusal.ErrorCode);
        Assert.Equal(code, stage.Volumes.Refused.Entries[^1].Refusal.Code);
        Assert.Equal(volume, stage.Instance.Volume!.Settings);
        Assert.Equal(accepted, stage.Volumes.Accepted.Entries.Count);
        Assert.Null((await stage.ShownAsync()).PendingModifiedValues?.AllocatedStorage);
    }

    [Fact]
    public async Task Modify_NotAvailable_IsRefused()
    {
        await stage.BeginAsync(new LabVolumeOptions { AllocatedGiB = 100 });
        stage.Lab.Account.Failovers.SetStatus(VolumeStage.Id, "backing-up");
        try
        {
            await Assert.ThrowsAsync<InvalidDBInstanceStateException>(() => stage.GrowAsync(120));
        }
        finally
        {
            stage.Lab.Account.Failovers.SetStatus(VolumeStage.Id, "available");
        }
    }

    [Fact]
    public async Task Modify_AnInstanceWithoutAVolume_IsMotosAlone()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await stage.Lab.Account.RegisterAsync(
            new LabDatabase { Id = "plain", Endpoint = new DatabaseEndpoint("localhost", 1), EngineVersion = "15.18" }, cancellation);

        await stage.Rds.ModifyDBInstanceAsync(
            new ModifyDBInstanceRequest { DBInstanceIdentifier = "plain", AllocatedStorage = 101, ApplyImmediately = true }, cancellation);

        Assert.Equal(101, Assert.Single((await stage.Rds.DescribeDBInstancesAsync(
            new DescribeDBInstancesRequest { DBInstanceIdentifier = "plain" }, cancellation)).DBInstances).AllocatedStorage);
        await Assert.ThrowsAsync<DBInstanceNotFoundException>(() => stage.Rds.ModifyDBInstanceAsync(
            new ModifyDBInstanceRequest { DBInstanceIdentifier = "nothing", AllocatedStorage = 101 }, cancellation));
    }
}
