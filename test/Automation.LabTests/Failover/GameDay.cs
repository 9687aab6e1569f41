using System.Text.Json;
using Amazon.CloudWatch;
using Amazon.Lambda.Core;
using Amazon.RDS;
using Amazon.Runtime;
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
        Settle = TimeSpan.FromSeconds(1),
        SwitchLimit = TimeSpan.FromSeconds(5),
        RecoveryLimit = TimeSpan.FromSeconds(20),
        Closing = TimeSpan.FromSeconds(5),
    };

    private readonly FailoverFixture fixture;
    private readonly AccountOnMoto aws;
    private readonly List<FailoverReport> reports = [];

    private GameDay(FailoverFixture fixture, AccountOnMoto aws, string id)
    {
        (this.fixture, this.aws, Id) = (fixture, aws, id);
    }

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public string Id { get; }

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
    /// <param name="change">What RDS is to say otherwise.</param>
    public static async Task<GameDay> StartAsync(FailoverFixture fixture, LabInstance? instance = null, Func<LabDatabase, LabDatabase>? change = null)
    {
        var id = fixture.NextName();
        var servers = instance ?? fixture.Instance;
        var day = new GameDay(fixture, await AccountOnMoto.StartAsync(fixture.Moto, id, FailoverFixture.Region, Test), id);
        var registration = servers.Registration with { Id = id, Tags = Tags };
        await servers.RestoreStandbyAsync(Test);
        await day.Aws.RegisterAsync(servers, change?.Invoke(registration) ?? registration, Test);
        await day.Aws.RegisterProxyAsync($"{id}-proxy", servers, id, Test);
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
        using var rds = new AmazonRDSClient(FailoverFixture.Credentials, Configure(new AmazonRDSConfig()));
        using var once = new AmazonRDSClient(FailoverFixture.Credentials, aws.Once(new AmazonRDSConfig()));
        using var dynamo = new Amazon.DynamoDBv2.AmazonDynamoDBClient(FailoverFixture.Credentials, Configure(new Amazon.DynamoDBv2.AmazonDynamoDBConfig()));
        using var sns = new AmazonSimpleNotificationServiceClient(FailoverFixture.Credentials, Configure(new AmazonSimpleNotificationServiceConfig()));
        using var cloudWatch = new AmazonCloudWatchClient(FailoverFixture.Credentials, Configure(new AmazonCloudWatchConfig()));
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
        var function = new TestFailover(inventory, loading, test, new FailoverResults(ledger, store), ledger, shape, settings, time);
        var run = new FunctionRun(new Notifier(sns, settings), ledger, new TelemetryWriter(Stream.Null, time), settings);

        var invocation = new Invocation(requestId ?? Guid.NewGuid().ToString(), time.GetUtcNow() + (timeLeft ?? TimeSpan.FromMinutes(10)));
        var conclusions = await function.RunAsync(request ?? ByHand(), invocation, stop);
        var result = await run.FinishAsync(TestFailover.Capability, conclusions, Substitute.For<ILambdaLogger>(), stop);
        return result.Outcomes.Single(outcome => outcome.Database == Id);
    }

    /// <summary>The report of the last test that was carried out.</summary>
    public FailoverReport Report => reports[^1];

    public Task<IReadOnlyList<ActionRecord>> RecordsAsync() => Ledger.HistoryAsync(ResourceId, TestFailover.Capability, DateTimeOffset.UnixEpoch, Test);

    /// <summary>What the account was asked to change, by action.</summary>
    public IReadOnlyList<string> Mutations => [.. aws.Account.Endpoint.Calls.Entries.Select(call => call.Call.Action).OfType<string>().Where(action => action is "RebootDBInstance" or "FailoverDBCluster")];

    public async ValueTask DisposeAsync() => await aws.DisposeAsync();

    public static string Verdict(Outcome outcome) => outcome.Details.TryGetProperty("verdict", out var verdict) ? verdict.GetString()! : "";

    public static JsonElement Writes(Outcome outcome) => outcome.Details.GetProperty("writes");

    private T Configure<T>(T config)
        where T : ClientConfig
    {
        aws.Once(config);
        config.Timeout = TimeSpan.FromSeconds(10);
        return config;
    }
}
