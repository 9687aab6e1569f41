using Automation.Fleet;
using Automation.Snapshots;
using static Automation.Tests.Snapshots.Given;

namespace Automation.Tests.Snapshots;

/// <summary>Whose a snapshot is.</summary>
public sealed class PlaceTests
{
    private static readonly Snapshot Ours = Given.Snapshot(Slot), Copied = Given.Snapshot(Slot, region: Away);

    public static TheoryData<string> Strangers => [.. Strange.Keys];

    private static Dictionary<string, Snapshot> Strange => new()
    {
        ["no tag"] = Ours with { Tags = new Dictionary<string, string>() },
        ["somebody else's tag"] = Ours with { Tags = Changed(Tags.ManagedBy, "me") },
        ["of another database, by its tag"] = Ours with { Tags = Changed(Tags.Source, "db-OTHER") },
        ["of another database, by RDS"] = Ours with { ResourceId = "db-OTHER" },
        ["of another kind"] = Ours with { Kind = DatabaseKind.Cluster },
        ["under another name"] = Ours with { Id = Ours.Id + "-keep" },
        ["under the name of another slot"] = Ours with { Tags = Changed(Tags.Slot, SnapshotTags.Text(Slot.AddHours(-6))) },
        ["a copy at home"] = Copied with { ResourceId = "db-ORDERS" },
    };

    [Fact]
    public void Of_OursAndItsCopy_AreOwnWhereTheyBelong()
    {
        Assert.Single(At(Home, Ours).Own);
        Assert.Single(At(Home, Ours with { ResourceId = null }).Own);
        Assert.Single(At(Away, Copied).Own);
    }

    [Theory, MemberData(nameof(Strangers))]
    public void Of_AStrangers_IsNot(string which)
    {
        var place = At(Home, Strange[which]);

        Assert.Empty(place.Own);
        Assert.Single(place.Others);
    }

    [Fact]
    public void Of_AtADestination_WhatIsNoCopyIsNotOurs() => Assert.Empty(At(Away, Ours).Own);

    [Fact]
    public void NewestGood_LooksAtTheSlotAndNotIntoTheFuture()
    {
        var place = Given.Place(Home, Own(Slot.AddHours(-6)), Own(Slot, "failed"), Own(Slot.AddHours(-12)), Own(Now.AddDays(9)));

        Assert.Equal(Slot.AddHours(-6), place.NewestGood(Now)!.Slot);
    }

    private static Place At(string region, Snapshot snapshot) =>
        Automation.Snapshots.Place.Of(region, region == Home, [snapshot], new HashSet<string> { snapshot.Id }, Orders(), Tags);

    private static Dictionary<string, string> Changed(string tag, string value) => new(Ours.Tags) { [tag] = value };
}
