using Automation.Fleet;
using Automation.Snapshots;
using static Automation.Tests.Snapshots.Given;

namespace Automation.Tests.Snapshots;

public sealed class SnapshotGateTests
{
    [Theory]
    [InlineData("postgres", false)]
    [InlineData("postgres", true)]
    [InlineData("aurora-postgresql", true)]
    public void Of_PostgresThatAsks_IsOpen(string engine, bool cluster) => Assert.IsType<SnapshotGate.Open>(
        SnapshotGate.Of(Orders("every=1d", cluster ? DatabaseKind.Cluster : DatabaseKind.Instance) with { Engine = engine }, Tags));

    [Theory]
    [InlineData("docdb")]
    [InlineData("neptune")]
    [InlineData("mysql")]
    [InlineData("aurora-mysql")]
    public void Of_AnotherEngine_IsLeftAlone(string engine) =>
        Assert.Equal("not-postgresql", Assert.IsType<SnapshotGate.Refused>(SnapshotGate.Of(Orders() with { Engine = engine }, Tags)).Finding.Reason);

    [Fact]
    public void Of_MemberOfACluster_IsNeverSnapshotted() =>
        Assert.Equal("tag-on-member", Assert.IsType<SnapshotGate.Refused>(SnapshotGate.Of(Orders() with { ClusterId = "ledger" }, Tags)).Finding.Reason);

    [Fact]
    public void Of_NoTagOrOff_DoesNotAsk()
    {
        Assert.Equal("not-opted-in", Assert.IsType<SnapshotGate.NotAsked>(SnapshotGate.Of(Orders(tag: null), Tags)).Reason);
        Assert.Equal("off", Assert.IsType<SnapshotGate.NotAsked>(SnapshotGate.Of(Orders("off"), Tags)).Reason);
    }

    [Fact]
    public void Gates_TaggedMemberOfAClusterThatIsLookedAfter_IsNoMistake()
    {
        var cluster = Orders("every=1d", DatabaseKind.Cluster, id: "ledger");
        var member = Orders("every=1d", id: "ledger-1") with { ClusterId = "ledger" };

        Assert.Empty(Gates.Of([cluster, member], Tags, only: null).Conclusions);
        Assert.Single(Gates.Of([member], Tags, only: null).Conclusions);
    }
}
