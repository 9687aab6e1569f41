using Automation.Lab.Postgres;
using Automation.LabTests.Postgres;
using Automation.Storage.Bytes;

namespace Automation.LabTests.Storage.Bytes;

/// <summary>A primary with a read replica: both are measured, and the primary tells who has the replica's slot.</summary>
public sealed class StandbyBytesTests(PostgresFixture postgres)
{
    private const string Role = "automation";

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_ReplicaAndItsPrimary_AreMeasuredAndTheSlotHasItsConsumer()
    {
        await using var primary = await postgres.StartOwnAsync(18);
        await ByteReading.CreateRoleAsync(primary, Role);
        await primary.ExecuteAsync("SELECT pg_create_physical_replication_slot('replica')", Test);
        await using var standby = await PostgresStandby.AddAsync(primary, $"{primary.Name}-b", new StandbyOptions
        {
            Synchronous = false,
            Settings = new Dictionary<string, string> { ["primary_slot_name"] = "replica", ["hot_standby_feedback"] = "on", ["wal_receiver_status_interval"] = "1s" },
        }, Test);

        var (there, used) = await ByteReading.ReadWithUsedAsync(standby.Server, Role);
        ByteTable here = null!;
        await Eventually.TrueAsync(async () =>
        {
            here = await ByteReading.ReadAsync(primary, Role);
            return here.XminHolders!.Any(holder => holder is { Kind: HolderKind.SlotXmin, Id: "replica" });
        });

        Assert.Equal((true, false), (there.InRecovery, here.InRecovery));
        Assert.True(there.Wal > 0);
        Assert.DoesNotContain(there.Blind, sentence => sentence.StartsWith("Not seen", StringComparison.Ordinal));
        Assert.InRange(ByteRules.Compose(there, used).Other, 0, used / 20);
        Assert.All(there.Relations, relation => Assert.Null(relation.DeadBytes));
        var slot = here.Slots!.Single();
        Assert.Equal(("replica", "physical", true, new SlotConsumer("rdsadmin", standby.Server.Name, null)), (slot.Name, slot.Type, slot.Active, slot.Consumer! with { BackendStart = null }));
        Assert.NotNull(slot.Consumer.BackendStart);
        Assert.NotNull(slot.ActivePid);
        Assert.NotNull(slot.XminAge);
    }
}
