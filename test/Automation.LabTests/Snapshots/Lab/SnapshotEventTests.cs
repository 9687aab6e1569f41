using System.Text.Json;
using Automation.Lab.Snapshots;
using Automation.LabTests.Fixtures;

namespace Automation.LabTests.Snapshots.Lab;

public sealed class SnapshotEventTests(MotoFixture moto) : IAsyncLifetime
{
    private const string Home = "me-south-1", Abroad = "me-central-1";
    private SnapshotsOnMoto lab = null!;

    public async ValueTask InitializeAsync() => lab = await SnapshotsOnMoto.StartAsync(moto, Home);

    public ValueTask DisposeAsync() => lab.DisposeAsync();

    [Fact]
    public async Task Events_OfAnInstance_AreThoseOfRdsInOrder()
    {
        var snapshot = await lab.TakeAsync(await lab.CreateInstanceAsync());
        await lab.DeleteAsync(snapshot.DBSnapshotIdentifier);

        Assert.Equal(
            [
                ("RDS-EVENT-0040", "creation", "Creating manual snapshot"),
                ("RDS-EVENT-0042", "creation", "Manual snapshot created"),
                ("RDS-EVENT-0041", "deletion", "Deleted manual snapshot"),
            ],
            lab.Events.Entries.Select(Told));
        AssertShape(lab.Events.Entries[2], "RDS DB Snapshot Event", "SNAPSHOT", Home, snapshot.DBSnapshotArn, snapshot.DBSnapshotIdentifier);
    }

    [Fact]
    public async Task Events_OfACluster_AreThoseOfAurora()
    {
        var snapshot = await lab.TakeOfClusterAsync(await lab.CreateClusterAsync());

        Assert.Equal(
            [("RDS-EVENT-0074", "backup", "Creating manual cluster snapshot"), ("RDS-EVENT-0075", "backup", "Manual cluster snapshot created")],
            lab.Events.Entries.Select(Told));
        AssertShape(lab.Events.Entries[0], "RDS DB Cluster Snapshot Event", "CLUSTER_SNAPSHOT", Home,
            snapshot.DBClusterSnapshotArn, snapshot.DBClusterSnapshotIdentifier);
    }

    [Fact]
    public async Task Events_OfACopy_AreOfTheDestination()
    {
        var source = await lab.TakeAsync(await lab.CreateInstanceAsync());
        var copy = await lab.CopyAsync(source.DBSnapshotArn, Abroad);
        await lab.UntilAsync(copy.DBSnapshotArn, SnapshotStatus.Available);

        var finished = await lab.Events.FirstAsync(e => Told(e).Id == "RDS-EVENT-0060", TestContext.Current.CancellationToken);

        Assert.Equal(["RDS-EVENT-0059", "RDS-EVENT-0060"], lab.EventIds.Skip(2));
        Assert.Equal(("RDS-EVENT-0060", "notification", $"Finished copy of snapshot {copy.DBSnapshotIdentifier} from region {Home} in 1 minutes."), Told(finished));
        AssertShape(finished, "RDS DB Snapshot Event", "SNAPSHOT", Abroad, copy.DBSnapshotArn, copy.DBSnapshotIdentifier);
    }

    [Fact]
    public async Task Events_OfAFailure_SayNothingOfIt()
    {
        lab.Snapshots.Faults.Inject(new SnapshotFault { Kind = SnapshotFaultKind.Fail });
        var begun = await lab.BeginAsync(await lab.CreateInstanceAsync());

        await lab.UntilAsync(begun.DBSnapshotArn, SnapshotStatus.Failed);

        Assert.Equal(["RDS-EVENT-0040"], lab.EventIds);
    }

    private static (string? Id, string? Category, string? Message) Told(JsonElement @event)
    {
        var detail = @event.GetProperty("detail");
        return (detail.GetProperty("EventID").GetString(), detail.GetProperty("EventCategories")[0].GetString(), detail.GetProperty("Message").GetString());
    }

    private static void AssertShape(JsonElement @event, string detailType, string sourceType, string region, string arn, string id)
    {
        Assert.Equal(["version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail"], @event.EnumerateObject().Select(p => p.Name));
        Assert.Equal(("0", detailType, "aws.rds", "123456789012", region), (Text("version"), Text("detail-type"), Text("source"), Text("account"), Text("region")));
        Assert.Equal(arn, Assert.Single(@event.GetProperty("resources").EnumerateArray()).GetString());
        var detail = @event.GetProperty("detail");
        Assert.Equal(["EventCategories", "SourceType", "SourceArn", "Date", "Message", "SourceIdentifier", "EventID"], detail.EnumerateObject().Select(p => p.Name));
        Assert.Equal((sourceType, arn, id),
            (detail.GetProperty("SourceType").GetString(), detail.GetProperty("SourceArn").GetString(), detail.GetProperty("SourceIdentifier").GetString()));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", Text("time"));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", detail.GetProperty("Date").GetString());

        string Text(string name) => @event.GetProperty(name).GetString()!;
    }
}
