using System.Globalization;
using Amazon.RDS;
using Amazon.RDS.Model;
using Automation.Lab;
using Automation.Lab.Account;
using Automation.Lab.Failover;
using Automation.Lab.Postgres;
using Automation.LabTests.Account;
using Automation.LabTests.Fixtures;
using Automation.LabTests.Postgres;

namespace Automation.LabTests.Failover.Lab;

/// <summary>Failovers of a Multi-AZ instance through the RDS API.</summary>
public sealed class FailoverApiTests(FailoverApiTests.Stage stage) : IClassFixture<FailoverApiTests.Stage>
{
    private const string Id = "switching";

    // As short as it may be: what clients see is tested elsewhere.
    private static readonly FailoverScript Quick = new()
    {
        Lead = TimeSpan.FromMilliseconds(20),
        Silent = TimeSpan.FromMilliseconds(20),
        Refused = TimeSpan.FromMilliseconds(20),
        StartingUp = TimeSpan.FromMilliseconds(20),
        Completion = TimeSpan.FromMilliseconds(20),
        ZoneSwap = TimeSpan.FromMilliseconds(20),
    };

    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    private IAmazonRDS Rds => stage.Lab.Application.Rds;

    private FailoversService Failovers => stage.Lab.Account.Failovers;

    [Fact]
    public async Task Reboot_WithForceFailover_SwitchesTheServerAndTellsOfIt()
    {
        Failovers.Pause = TimeSpan.Zero;
        var before = await ShownAsync();
        var server = stage.Instance.Server;
        var events = Failovers.Events.Entries.Count;
        Failovers.Script(Id, Quick);

        var answer = await RebootAsync(force: true);
        Assert.Equal("rebooting", answer.DBInstanceStatus);
        var ended = await EndedAsync();

        var after = await ShownAsync();
        Assert.NotSame(server, stage.Instance.Server);
        Assert.Equal("available", after.DBInstanceStatus);
        Assert.Equal((before.SecondaryAvailabilityZone, before.AvailabilityZone), (after.AvailabilityZone, after.SecondaryAvailabilityZone));
        Assert.True(after.MultiAZ);
        Assert.Equal(before.Endpoint.Port, after.Endpoint.Port);
        Assert.NotNull(ended.Truth.PromotedAt);
        Assert.Equal(["RDS-EVENT-0013", "RDS-EVENT-0006", "RDS-EVENT-0015", "RDS-EVENT-0049"], Failovers.Events.Entries.Skip(events).Select(e => e.EventId));
        Assert.Contains(stage.Lab.Account.Bus.Events.Entries, e =>
            e.GetProperty("detail").GetProperty("EventID").GetString() == "RDS-EVENT-0049"
            && e.GetProperty("detail").GetProperty("SourceArn").GetString() == after.DBInstanceArn);
        Assert.Empty(stage.Lab.Account.Endpoint.Problems.Entries);
    }

    [Fact]
    public async Task DescribeEvents_FiltersAsRdsDoes()
    {
        Failovers.Tell(Event("one", TimeSpan.FromMinutes(5), "failover"));
        Failovers.Tell(Event("one", TimeSpan.FromMinutes(5), "maintenance"));
        Failovers.Tell(Event("one", TimeSpan.FromHours(3), "failover"));
        Failovers.Tell(Event("other", TimeSpan.FromMinutes(5), "failover"));

        Assert.Equal(["failover", "maintenance"], await CategoriesAsync(new() { SourceIdentifier = "one", SourceType = SourceType.DbInstance }));
        Assert.Equal(["failover"], await CategoriesAsync(new() { SourceIdentifier = "one", SourceType = SourceType.DbInstance, EventCategories = ["failover"] }));
        Assert.Equal(3, (await CategoriesAsync(new() { SourceIdentifier = "one", SourceType = SourceType.DbInstance, Duration = 240 })).Length);
        Assert.Equal(2, (await CategoriesAsync(new()
        {
            SourceIdentifier = "one",
            SourceType = SourceType.DbInstance,
            EventCategories = ["failover"],
            StartTime = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-4),
        })).Length);
        Assert.Empty(await CategoriesAsync(new() { SourceIdentifier = "one", SourceType = SourceType.DbCluster }));
        var refusal = await Assert.ThrowsAsync<AmazonRDSException>(() => CategoriesAsync(new() { SourceIdentifier = "one" }));
        Assert.Equal("InvalidParameterCombination", refusal.ErrorCode);
    }

    [Fact]
    public async Task DescribeEvents_ManyPages_GivesEveryEventOnce()
    {
        for (var i = 0; i < 45; i++) Failovers.Tell(Event("paged", TimeSpan.FromMinutes(50 - i), "notification"));

        var found = new List<Event>();
        var request = new DescribeEventsRequest { SourceIdentifier = "paged", SourceType = SourceType.DbInstance, MaxRecords = 20 };
        do
        {
            var page = await Rds.DescribeEventsAsync(request, cancellation);
            found.AddRange(page.Events);
            request.Marker = page.Marker;
        }
        while (request.Marker is not null);

        Assert.Equal(45, found.Select(e => e.Date).Distinct().Count());
        Assert.Equal(45, found.Count);
    }

    [Fact]
    public async Task Reboot_SoonAfterAFailover_IsAcceptedAndAbandoned()
    {
        Failovers.Pause = TimeSpan.Zero;
        Failovers.Script(Id, Quick);
        await RebootAsync(force: true);
        await EndedAsync();
        var server = stage.Instance.Server;
        Failovers.Pause = TimeSpan.FromMinutes(1);

        Assert.Equal("rebooting", (await RebootAsync(force: true)).DBInstanceStatus);
        var ended = await EndedAsync();

        Assert.Equal(FailoverOutcome.Abandoned, ended.Truth.Outcome);
        Assert.Same(server, stage.Instance.Server);
        Assert.Equal("RDS-EVENT-0034", Failovers.Events.Entries[^1].EventId);
        Assert.Equal("available", (await ShownAsync()).DBInstanceStatus);
    }

    [Fact]
    public async Task Reboot_InPlace_KeepsTheServer()
    {
        var server = stage.Instance.Server;

        await RebootAsync(force: false);
        var ended = await EndedAsync();

        Assert.Equal(FailoverOutcome.BackToSame, ended.Truth.Outcome);
        Assert.False(ended.Accepted.Forced);
        Assert.Same(server, stage.Instance.Server);
        Assert.True(server.IsRunning);
    }

    [Fact]
    public async Task Reboot_NotAvailable_IsRefusedAndNotCounted()
    {
        var accepted = Failovers.Accepted.Entries.Count;
        Failovers.SetStatus(Id, "modifying");
        try
        {
            Assert.Equal("modifying", (await ShownAsync()).DBInstanceStatus);
            await Assert.ThrowsAsync<InvalidDBInstanceStateException>(() => RebootAsync(force: true));
            Assert.Equal(accepted, Failovers.Accepted.Entries.Count);
        }
        finally
        {
            Failovers.SetStatus(Id, "available");
        }
    }

    [Fact]
    public async Task Reboot_ForceFailoverOfASingleAzInstance_IsRefused()
    {
        await stage.Lab.Account.RegisterAsync(
            new LabDatabase { Id = "single", Endpoint = new DatabaseEndpoint("localhost", 1), EngineVersion = "15.18" }, cancellation);

        var refusal = await Assert.ThrowsAsync<AmazonRDSException>(() =>
            Rds.RebootDBInstanceAsync(new RebootDBInstanceRequest { DBInstanceIdentifier = "single", ForceFailover = true }, cancellation));

        Assert.Equal("InvalidParameterCombination", refusal.ErrorCode);
        await Assert.ThrowsAsync<DBInstanceNotFoundException>(() =>
            Rds.RebootDBInstanceAsync(new RebootDBInstanceRequest { DBInstanceIdentifier = "nothing", ForceFailover = true }, cancellation));
    }

    [Fact]
    public async Task PendingMaintenance_AddedForOne_IsShownForItAlone()
    {
        var arn = (await ShownAsync()).DBInstanceArn;
        var due = new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
        Failovers.Maintenance.Add(new PendingMaintenance { ResourceArn = arn, Action = "system-update", CurrentApply = due });

        var shown = await Rds.DescribePendingMaintenanceActionsAsync(new DescribePendingMaintenanceActionsRequest { ResourceIdentifier = arn }, cancellation);
        var filtered = await Rds.DescribePendingMaintenanceActionsAsync(
            new DescribePendingMaintenanceActionsRequest { Filters = [new Filter { Name = "db-instance-id", Values = [Id] }] }, cancellation);
        var others = await Rds.DescribePendingMaintenanceActionsAsync(
            new DescribePendingMaintenanceActionsRequest { ResourceIdentifier = arn + "-other" }, cancellation);

        var action = Assert.Single(Assert.Single(shown.PendingMaintenanceActions).PendingMaintenanceActionDetails);
        Assert.Equal(("system-update", due.UtcDateTime), (action.Action, action.CurrentApplyDate));
        Assert.Single(filtered.PendingMaintenanceActions);
        Assert.Empty(others.PendingMaintenanceActions ?? []);
    }

    [Fact]
    public async Task Proxy_Registered_IsFoundWhereItListensAndLeadsToTheInstance()
    {
        var proxy = Assert.Single((await Rds.DescribeDBProxiesAsync(new DescribeDBProxiesRequest { DBProxyName = "before-switching" }, cancellation)).DBProxies);
        Assert.Equal(stage.Instance.Proxy!.Endpoint.Host, proxy.Endpoint);
        Assert.True(proxy.RequireTLS);
        Assert.Same(DBProxyStatus.Available, proxy.Status);
        Assert.NotEmpty((await Rds.DescribeDBProxyTargetGroupsAsync(
            new DescribeDBProxyTargetGroupsRequest { DBProxyName = proxy.DBProxyName }, cancellation)).TargetGroups);
        var target = Assert.Single((await Rds.DescribeDBProxyTargetsAsync(
            new DescribeDBProxyTargetsRequest { DBProxyName = proxy.DBProxyName }, cancellation)).Targets);
        Assert.Equal((Id, TargetType.RDS_INSTANCE, TargetState.AVAILABLE), (target.RdsResourceId, target.Type, target.TargetHealth.State));

        var login = stage.Instance.LoginThroughProxy("through_proxy", await stage.Instance.CreateLoginAsync("through_proxy", cancellation), "application");
        Assert.Equal((proxy.Endpoint, 5432), (login.Host, login.Port));
        await using var session = new Npgsql.NpgsqlConnection(login.ConnectionString);
        await session.OpenAsync(cancellation);
        Assert.Equal(1, await session.ScalarAsync("SELECT 1"));
    }

    private async Task<DBInstance> ShownAsync() => Assert.Single((await Rds.DescribeDBInstancesAsync(
        new DescribeDBInstancesRequest { DBInstanceIdentifier = Id }, cancellation)).DBInstances);

    private async Task<DBInstance> RebootAsync(bool force) => (await Rds.RebootDBInstanceAsync(
        new RebootDBInstanceRequest { DBInstanceIdentifier = Id, ForceFailover = force }, cancellation)).DBInstance;

    /// <summary>The end of everything that was accepted.</summary>
    private async Task<EndedFailover> EndedAsync()
    {
        var last = Failovers.Accepted.Entries[^1];
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        return await Failovers.Ended.FirstAsync(e => e.Accepted == last, deadline.Token);
    }

    private async Task<string[]> CategoriesAsync(DescribeEventsRequest request) =>
        [.. ((await Rds.DescribeEventsAsync(request, cancellation)).Events ?? []).Select(e => Assert.Single(e.EventCategories))];

    private static RdsEvent Event(string source, TimeSpan ago, string category) => new()
    {
        At = TimeProvider.System.GetUtcNow() - ago,
        EventId = "RDS-EVENT-0000",
        Category = category,
        Message = string.Create(CultureInfo.InvariantCulture, $"told {ago} ago"),
        IsOfCluster = false,
        SourceId = source,
        SourceArn = $"arn:aws:rds:ap-southeast-6:123456789012:db:{source}",
    };

    /// <summary>One account and instance for the class.</summary>
    public sealed class Stage(MotoFixture moto, PostgresFixture postgres) : IAsyncLifetime
    {
        private const string Region = "ap-southeast-6";

        internal LabInstance Instance { get; private set; } = null!;

        internal AccountOnMoto Lab { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            var cancellation = TestContext.Current.CancellationToken;
            Instance = await LabInstance.StartAsync(new LabInstanceOptions
            {
                Id = Id,
                Binaries = await PostgresBinaries.FindOrInstallAsync(null, cancellation),
                Directory = postgres.Directory,
                Authority = postgres.Authority,
                Region = Region,
                Credentials = _ => null,
                MultiAz = new MultiAz(),
                Proxy = true,
                Time = TimeProvider.System,
            }, cancellation);
            Lab = await AccountOnMoto.StartAsync(moto, "failovers", Region, cancellation);
            Lab.Account.Connect(new NoFunctions());
            await Lab.Account.RegisterAsync(Instance, cancellation);
            await Lab.Account.RegisterProxyAsync("before-switching", Instance, cancellation);
        }

        public async ValueTask DisposeAsync()
        {
            if (Lab is not null) await Lab.DisposeAsync();
            if (Instance is not null) await Instance.DisposeAsync();
        }
    }
}
