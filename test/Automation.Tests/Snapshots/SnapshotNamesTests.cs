using Automation.Fleet;
using Automation.Snapshots;
using static Automation.Tests.Snapshots.Given;

namespace Automation.Tests.Snapshots;

public sealed class SnapshotNamesTests
{
    [Theory]
    [InlineData(1, "auto-orders-20261121-0600")]
    [InlineData(2, "auto-orders-20261121-0600-2")]
    public void Of_Attempt_IsTheEnd(int attempt, string id) => Assert.Equal(id, SnapshotNames.Of(DatabaseKind.Cluster, "orders", Slot, attempt));

    [Fact]
    public void OfCopy_NamesTheRegionItCameFrom() =>
        Assert.Equal("auto-orders-20261121-0600-eu-central-1-3", SnapshotNames.OfCopy(DatabaseKind.Instance, "orders", Slot, Home, 3));

    [Fact]
    public void Of_ClustersOfEveryLength_FitsAndNeverCollides()
    {
        var ids = new HashSet<string>();
        for (var length = 1; length <= 63; length++)
        {
            foreach (var name in (string[])[new('a', length), new string('a', length - 1) + "b", $"a{string.Concat(Enumerable.Repeat("-a", 32))}"[..length].TrimEnd('-') + "x"])
            {
                foreach (var (id, region) in ((string, string?)[])[(SnapshotNames.Of(DatabaseKind.Cluster, name, Slot, 3), null), (SnapshotNames.OfCopy(DatabaseKind.Cluster, name, Slot, "ap-southeast-2", 3), "ap-southeast-2")])
                {
                    Assert.InRange(id.Length, 1, 63);
                    Assert.Matches(@"\A[a-z](?!.*--)[a-z0-9-]*[a-z0-9]\z", id);
                    Assert.True(SnapshotNames.IsOf(id, DatabaseKind.Cluster, name, Slot, region), id);
                    ids.Add(name + "\n" + id);
                }
            }
        }
        Assert.Equal(ids.Count, ids.Select(id => id.Split('\n')[1]).Distinct().Count());
    }

    [Fact]
    public void Of_LongInstance_IsNotCut() => Assert.StartsWith("auto-" + new string('a', 63), SnapshotNames.Of(DatabaseKind.Instance, new string('a', 63), Slot, 1), StringComparison.Ordinal);

    /// <summary>Tags travel with copies and restored databases; a name does not.</summary>
    [Theory]
    [InlineData("before-release")]
    [InlineData("auto-orders-20261121-1200")]
    [InlineData("my-auto-orders-20261121-0600")]
    [InlineData("auto-orders-20261121-0600-4")]
    [InlineData("auto-orders-eu-20261121-0600")]
    [InlineData("auto-orders-20261121-0600-eu-central-1")]
    public void Read_OurTagsUnderAnotherName_IsNotOurs(string id) => Assert.Null(Tags.Read(Snapshot(Slot) with { Id = id }));

    [Theory]
    [InlineData("auto-orders-20261121-0600", null, true)]
    [InlineData("auto-orders-20261121-0600-3", null, true)]
    [InlineData("auto-orders-20261121-0600-eu-central-1-2", Home, true)]
    [InlineData("auto-orders-20261121-0600-eu-central-1", "us-west-2", false)]
    [InlineData("auto-orders-20261121-0600", Home, false)]
    public void IsOf_NameAndRegion_IsExact(string id, string? fromRegion, bool ours) =>
        Assert.Equal(ours, SnapshotNames.IsOf(id, DatabaseKind.Instance, "orders", Slot, fromRegion));

    /// <summary>A replica in another Region, of the same name, would otherwise have the original's snapshots counted as its own.</summary>
    [Fact]
    public void PlaceOf_CopyAtHomeOrOriginalAtADestination_IsNotOurs()
    {
        var (original, copy) = (Snapshot(Slot), Snapshot(Slot, region: Away));
        var index = new SnapshotIndex([original, copy], Tags);
        Assert.Equal([original.Id], index.PlaceOf(Orders(), Home, isHome: true).Own.Select(own => own.Id));
        Assert.Equal([copy.Id], index.PlaceOf(Orders(), Away, isHome: false).Own.Select(own => own.Id));
    }

    /// <summary>Anybody may write a tag; of which database a snapshot is, RDS says.</summary>
    [Fact]
    public void PlaceOf_RdsNamesAnotherDatabase_IsNotOurs() =>
        Assert.Empty(new SnapshotIndex([Snapshot(Slot) with { ResourceId = "db-OTHER" }], Tags).PlaceOf(Orders(), Home, isHome: true).Own);
}
