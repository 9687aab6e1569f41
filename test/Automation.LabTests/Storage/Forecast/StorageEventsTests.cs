using Automation.Lab.Account;
using Automation.Lab.Aws;
using Automation.Lab.Failover;
using Automation.LabTests.Fixtures;
using Automation.Storage.Forecast;

namespace Automation.LabTests.Storage.Forecast;

/// <summary>Resizes from the lab's DescribeEvents, which filters and pages as RDS does.</summary>
public sealed class StorageEventsTests(MotoFixture moto) : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());

    private readonly RdsEvents events = new(_ => { }, TimeProvider.System);
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;
    private LabEndpoint endpoint = null!;
    private LabClients clients = null!;

    public async ValueTask InitializeAsync()
    {
        endpoint = await LabEndpoint.StartAsync(moto.Server.Uri, TimeProvider.System, new Random(1), cancellation);
        endpoint.Serve("rds", "DescribeEvents", (call, _) => ValueTask.FromResult(events.Describe(call)));
        clients = new LabClients(endpoint.Uri, LabClients.Anybody, MotoFixture.Region);
    }

    public async ValueTask DisposeAsync()
    {
        clients.Dispose();
        await endpoint.DisposeAsync();
    }

    [Fact]
    public async Task Resizes_OfAllInstances_ComeFromThePagesOfOneQuestion()
    {
        Tell("orders", 300, "Applying modification to allocated storage.");
        Tell("orders", 299, "Finished applying modification to allocated storage.");
        Tell("orders", 3, "Applying autoscaling-initiated modification to allocated storage.");
        Tell("billing", 2, "Finished applying autoscaling-initiated modification to allocated storage.");
        Tell("billing", 1, "Finished applying modification to DB instance class.");
        Tell("billing", 24 * 15, "Finished applying modification to allocated storage.");
        Tell("cluster", 5, "Applying modification to allocated storage.", ofCluster: true);
        for (var i = 0; i < 250; i++) Tell("busy", 10 + i, "Updated to use DBParameterGroup other.");

        var resizes = await new RdsStorageEvents(clients.Rds).ResizesAsync(null, cancellation);

        Assert.Equal(["billing", "orders"], resizes.Keys.Order());
        Assert.Equal([new Resize(Now.AddHours(-300), Now.AddHours(-299)), new Resize(Now.AddHours(-3), null)], resizes["orders"]);
        Assert.Equal([new Resize(Now.AddHours(-26), Now.AddHours(-2))], resizes["Billing"]);
        Assert.Equal(3, endpoint.Calls.Entries.Count(call => call.Call.Action == "DescribeEvents"));
    }

    [Fact]
    public async Task Resizes_OfOneInstance_AreItsOwn()
    {
        Tell("orders", 3, "Applying modification to allocated storage.");
        Tell("billing", 3, "Applying modification to allocated storage.");

        Assert.Equal(["orders"], (await new RdsStorageEvents(clients.Rds).ResizesAsync("orders", cancellation)).Keys);
        Assert.Empty(await new RdsStorageEvents(clients.Rds).ResizesAsync("quiet", cancellation));
    }

    private void Tell(string instance, int hoursAgo, string message, bool ofCluster = false) => events.Tell(new RdsEvent
    {
        At = Now.AddHours(-hoursAgo),
        EventId = "RDS-EVENT-0000",
        Category = "configuration change",
        Message = message,
        IsOfCluster = ofCluster,
        SourceId = instance,
        SourceArn = $"arn:aws:rds:{MotoFixture.Region}:123456789012:{(ofCluster ? "cluster" : "db")}:{instance}",
    });
}
