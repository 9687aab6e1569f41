using System.Text.Json;
using Amazon.CloudWatch;
using Amazon.Lambda.Core;
using Amazon.RDS;
using Amazon.SimpleNotificationService;
using Automation.Events;
using Automation.Failover;
using Automation.Fleet;
using Automation.Lab;
using Automation.Lab.Account;
using Automation.Lab.Failover;
using Automation.LabTests.Account;
using Automation.Ledger;
using Automation.Notifications;
using Automation.Outcomes;
using Automation.Telemetry;
using NSubstitute;

namespace Automation.LabTests.Failover;

/// <summary>TestFailover with all its real parts in an AWS account of one test, on the fixture's servers.</summary>
internal sealed class GameDay : IAsyncDisposable
{
    /// <summary>Everything short: the lab's failovers are.</summary>
    public static readonly ProbeTimes Short = new()
    {
        WarmUp = TimeSpan.FromSeconds(20),
        Baseline = TimeSpan.FromSeconds(1.5),
        // The machine of a test is busy with others.
        FewestAttempts = 3,
        Deadline = TimeSpan.FromSeconds(1.5),
        Settle = TimeSpan.FromSeconds(1),
        SwitchLimit = TimeSpan.FromSeconds(10),
        Quiet = TimeSpan.FromSeconds(2),
        Verification = TimeSpan.FromSeconds(3),
        RecoveryLimit = TimeSpan.FromSeconds(20),
        Closing = TimeSpan.FromSeconds(5),
    };

    private static readonly string[] Changing = ["Reboot", "Failover", "Modify", "Promote", "Restore", "Start", "Stop", "Switchover"];

    private readonly FailoverFixture fixture;
    private readonly AccountOnMoto aws;
    private readonly bool proxy;
    private bool isCluster;
    private readonly List<FailoverReport> reports = [];

    private GameDay(FailoverFixture fixture, AccountOnMoto aws, string id, bool proxy) => (this.fixture, this.aws, Id, this.proxy) = (fixture, aws, id, proxy);

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public string Id { get; private set; }

    public LabAccount Aws => aws.Account;

    public AccountOnMoto Account => aws;

    public FailoversService Failovers => aws.Account.Failovers;

    public string Table => aws.Account.Template.Tables[0].Name;

    public string ResourceId => DatabaseDirectory.InstanceResourceId(Id);

    public IReadOnlyList<Notification> Told => aws.Account.Notifications.Entries;

    public DynamoLedger Ledger => new(aws.Application.DynamoDB, Table, TimeProvider.System);

    public static IReadOnlyDictionary<string, string> Tags { get; } = new Dictionary<string, string> { ["environment"] = "staging", ["automation:failover-test"] = "allow budget=20s" };

    /// <param name="fixture">Its servers.</param>
    /// <param name="instance">Of several the one to use; the fixture's own by default.</param>
    /// <param name="proxy">Whether RDS shows its proxy.</param>
    public static async Task<GameDay> StartAsync(FailoverFixture fixture, LabInstance? instance = null, bool proxy = true)
    {
        var id = fixture.NextName();
        var servers = instance ?? fixture.Instance;
        var day = new GameDay(fixture, await AccountOnMoto.DeployAsync(fixture.Moto, id, FailoverFixture.Region, AccountOnMoto.Clock, Test), id, proxy);
        await servers.RestoreStandbyAsync(Test);
        await day.RegisterAsync(servers);
        return day;
    }

    /// <summary>Of a cluster, under its own name.</summary>
    public static async Task<GameDay> StartAsync(FailoverFixture fixture, LabAuroraCluster cluster)
    {
        var day = new GameDay(fixture, await AccountOnMoto.DeployAsync(fixture.Moto, fixture.NextName(), FailoverFixture.Region, AccountOnMoto.Clock, Test), cluster.Id, proxy: true);
        await day.Aws.RegisterAsync(cluster, Test);
        await day.Aws.RegisterProxyAsync($"{cluster.Id}-proxy", cluster, Test);
        day.isCluster = true;
        return day;
    }

    public ScheduleRequest ByHand(Mode mode = Mode.Act) => new ScheduleRequest.OneDatabase(Id, mode);

    /// <summary>One invocation, from the request to the end of <see cref="FunctionRun"/>.</summary>
    /// <exception cref="InvocationFailedException">The invocation ends in error.</exception>
    public async Task<Outcome> RunAsync(
        ScheduleRequest? request = null, string? requestId = null, ProbeTimes? times = null, Mode mode = Mode.Act, TimeSpan? timeLeft = null, CancellationToken? cancellation = null)
    {
        var stop = cancellation ?? Test;
        var settings = new Settings
        {
            Mode = mode,
            TagPrefix = "automation",
            NotificationTopicArn = aws.Account.Template.Topics[0].Arn,
            LedgerTableName = Table,
            StagingTag = new StagingTag("environment", "staging"),
            DatabaseUser = LabInstance.AutomationUser,
            CaBundlePath = null,
        };
        var role = Aws.Roles.CredentialsOf("TestFailoverFunction").ForSdk();
        using var rds = new AmazonRDSClient(role, aws.OfFunction(new AmazonRDSConfig()));
        using var once = new SingleSendRdsClient(role, aws.OfFunction(new AmazonRDSConfig()));
        using var dynamo = new Amazon.DynamoDBv2.AmazonDynamoDBClient(role, aws.OfFunction(new Amazon.DynamoDBv2.AmazonDynamoDBConfig()));
        using var sns = new AmazonSimpleNotificationServiceClient(role, aws.OfFunction(new AmazonSimpleNotificationServiceConfig()));
        using var cloudWatch = new AmazonCloudWatchClient(role, aws.OfFunction(new AmazonCloudWatchConfig()));
        using var regions = new RdsRegions(FailoverFixture.Region, _ => rds);
        var time = TimeProvider.System;
        var ledger = new DynamoLedger(dynamo, Table, time);
        var inventory = new RdsInventory(regions);
        var control = new RdsFailoverControl(rds, once);
        var loading = new FailoverLoading(control, new CloudWatchHealth(cloudWatch, time), inventory, ledger, fixture.Writer, time);
        var shape = times ?? Short;
        var test = new FailoverTest(loading, control, new RdsDatabaseProxies(rds), fixture.Writer, new FailoverCall(control, ledger, time), shape, settings, time);
        var store = Substitute.For<IReportStore>();
        store.SaveAsync(null!, null!, null!, default).ReturnsForAnyArgs(call =>
        {
            reports.Add(call.Arg<FailoverReport>());
            return Task.FromResult<string?>(null);
        });
        var function = new TestFailover(inventory, loading, test, new FailoverResults(ledger, store, time), ledger, shape, settings, time);
        var run = new FunctionRun(new Notifier(sns, settings), ledger, new TelemetryWriter(Stream.Null, time), settings);

        var invocation = new Invocation(requestId ?? Guid.NewGuid().ToString(), time.GetUtcNow() + (timeLeft ?? TimeSpan.FromMinutes(10)));
        var result = await run.FinishAsync(TestFailover.Capability, function.RunAsync(request ?? ByHand(), invocation, stop), Substitute.For<ILambdaLogger>(), stop);
        return result.Outcomes.Last(outcome => outcome.Database == Id);
    }

    /// <summary>The report of the last test that was carried out.</summary>
    public FailoverReport Report => reports[^1];

    public Task<IReadOnlyList<ActionRecord>> RecordsAsync() => Ledger.HistoryAsync(ResourceId, TestFailover.Capability, DateTimeOffset.UnixEpoch, Test);

    /// <summary>What the account was asked to change, by action.</summary>
    public IReadOnlyList<string> Mutations => [.. aws.Account.Endpoint.Calls.Entries.Select(call => call.Call.Action).OfType<string>().Where(action => Changing.Any(verb => action.StartsWith(verb, StringComparison.Ordinal)))];

    /// <summary>Another database in RDS's eyes, with no history; the servers are the same.</summary>
    public async Task RenewAsync()
    {
        await ForgetAsync();
        Id = fixture.NextName();
        await RegisterAsync(fixture.Instance);
    }

    /// <summary>No test finds the databases of another, in a Region that they share.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!isCluster) await ForgetAsync();
        await aws.DisposeAsync();
    }

    public static string Verdict(Outcome outcome) => outcome.Details.TryGetProperty("verdict", out var verdict) ? verdict.GetString()! : "";

    public static JsonElement Writes(Outcome outcome) => outcome.Details.GetProperty("writes");

    private async Task RegisterAsync(LabInstance servers)
    {
        // What a test that broke off on purpose left: the next one would take it for a running test.
        await servers.Server.ExecuteAsync($"DROP SCHEMA IF EXISTS {GuardRules.Schema} CASCADE", Test);
        await Aws.RegisterAsync(servers, servers.Registration with { Id = Id, Tags = Tags }, Test);
        if (proxy) await Aws.RegisterProxyAsync($"{Id}-proxy", servers, Id, Test);
    }

    private Task<Amazon.RDS.Model.DeleteDBInstanceResponse> ForgetAsync() =>
        aws.Application.Rds.DeleteDBInstanceAsync(new() { DBInstanceIdentifier = Id, SkipFinalSnapshot = true }, Test);
}
