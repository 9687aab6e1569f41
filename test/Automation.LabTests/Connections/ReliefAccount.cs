using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Lambda.Core;
using Amazon.RDS;
using Amazon.Runtime;
using Amazon.SimpleNotificationService;
using Automation.Connections;
using Automation.Database;
using Automation.Events;
using Automation.Fleet;
using Automation.Lab;
using Automation.Lab.Account;
using Automation.Lab.Incidents;
using Automation.LabTests.Account;
using Automation.LabTests.Ledger;
using Automation.Ledger;
using Automation.Notifications;
using Automation.Outcomes;
using Automation.Telemetry;
using NSubstitute;

namespace Automation.LabTests.Connections;

/// <summary>What differs from <see cref="Startup"/>: the patience with AWS always, on a machine full of tests.</summary>
internal sealed record ReliefOptions
{
    public Mode Mode { get; init; } = Mode.Act;
    public AWSCredentials Credentials { get; init; } = ReliefFixture.Allowed;
    public TrustedRoots? Roots { get; init; }
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The clock of the plan's execution alone.</summary>
    public TimeProvider PlanTime { get; init; } = new HastyTime();
    public string? Table { get; init; }
    public int AwsRetries { get; init; } = Startup.AwsRetries;
    public TimeSpan AwsCallLimit { get; init; } = AccountOnMoto.Patience;
}

/// <summary>RelieveConnections with all its real parts in an AWS account of one test.</summary>
internal sealed class ReliefAccount : IAsyncDisposable
{
    public const string Tag = "act target=0.5 idle-in-transaction=1s idle=1s max=3 protect=vip";

    private readonly ReliefFixture fixture;
    private readonly AccountOnMoto aws;

    private ReliefAccount(ReliefFixture fixture, AccountOnMoto aws)
    {
        this.fixture = fixture;
        this.aws = aws;
        Table = aws.Account.Template.Tables[0].Name;
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public LabAccount Aws => aws.Account;

    public string Table { get; private set; }

    public IAmazonDynamoDB Dynamo => aws.Application.DynamoDB;

    public string DatabaseId { get; private set; } = "";

    public IReadOnlyList<Notification> Told => aws.Account.Notifications.Entries;

    public static async Task<ReliefAccount> StartAsync(ReliefFixture fixture, string? tag = Tag)
    {
        var account = new ReliefAccount(fixture, await AccountOnMoto.StartAsync(fixture.Moto, ReliefFixture.NextName(), ReliefFixture.Region, Cancellation));
        await account.RegisterAsync(tag);
        return account;
    }

    /// <summary>Another instance in RDS's eyes, with a ledger history of its own; the server is the same.</summary>
    public async Task RegisterAsync(string? tag, Func<LabDatabase, LabDatabase>? change = null)
    {
        DatabaseId = ReliefFixture.NextName();
        var database = fixture.Database.Registration with
        {
            Id = DatabaseId,
            Tags = tag is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["automation:connections"] = tag },
        };
        await aws.Account.RegisterAsync(change?.Invoke(database) ?? database, Cancellation);
    }

    /// <summary>An empty ledger. moto copies the whole table for every write of a transaction, so that each case would be slower than the one before.</summary>
    public async Task BeginLedgerAsync() => Table = await LedgerTable.CreateAsync(Dynamo, Cancellation);

    public Task RegisterAsync(LabCluster cluster) => aws.Account.RegisterAsync(cluster, Cancellation);

    /// <summary>The alarm as it would arrive now.</summary>
    public AlarmStateChange Alarm(string alarm = "orders-connections", string? database = null) =>
        Read(AlarmPayload.Read("cloudwatch-alarm-single-metric", database ?? DatabaseId, DateTimeOffset.UtcNow), alarm);

    public static AlarmStateChange ClusterAlarm(string cluster)
    {
        var text = System.Text.Encoding.UTF8.GetString(AlarmPayload.Read("cloudwatch-alarm-single-metric", "x", DateTimeOffset.UtcNow))
            .Replace("\"DBInstanceIdentifier\":\"x\"", $"\"DBClusterIdentifier\":\"{cluster}\"", StringComparison.Ordinal);
        return Read(System.Text.Encoding.UTF8.GetBytes(text), "orders-connections");
    }

    public Task<Outcome> RunAsync(AlarmStateChange? alarm = null, string? requestId = null) => RunAsync(new ReliefOptions(), alarm, requestId);

    /// <summary>One invocation, from the alarm to the end of <see cref="FunctionRun"/>.</summary>
    /// <exception cref="InvocationFailedException">The invocation ends in error.</exception>
    public async Task<Outcome> RunAsync(ReliefOptions options, AlarmStateChange? alarm = null, string? requestId = null, CancellationToken? cancellation = null)
    {
        var stop = cancellation ?? Cancellation;
        var settings = new Settings
        {
            Mode = options.Mode,
            TagPrefix = "automation",
            NotificationTopicArn = aws.Account.Template.Topics[0].Arn,
            LedgerTableName = options.Table ?? Table,
            StagingTag = new StagingTag("environment", "staging"),
            DatabaseUser = LabInstance.AutomationUser,
            CaBundlePath = null,
        };
        using var rds = new AmazonRDSClient(options.Credentials, Configure(new AmazonRDSConfig(), options));
        using var dynamo = new AmazonDynamoDBClient(options.Credentials, Configure(new AmazonDynamoDBConfig(), options));
        using var sns = new AmazonSimpleNotificationServiceClient(options.Credentials, Configure(new AmazonSimpleNotificationServiceConfig(), options));
        var ledger = new DynamoLedger(dynamo, settings.LedgerTableName, options.Time);
        var roots = options.Roots ?? TrustedRoots.FromFile(fixture.Postgres.Authority.BundlePath, "CA_BUNDLE_PATH");
        var login = new RemediationLogin(new IamLogin(LabInstance.AutomationUser,
            new IamTokens(options.Credentials, ReliefFixture.Region, TimeProvider.System)), roots, TimeProvider.System);
        var function = new RelieveConnections(
            new RdsFleet(rds), ledger, login, new PlanExecution(ledger, options.PlanTime), settings, options.Time);
        var run = new FunctionRun(new Notifier(sns, settings), ledger, new TelemetryWriter(Stream.Null, options.Time), settings);

        var invocation = new Invocation(requestId ?? Guid.NewGuid().ToString(), options.Time.GetUtcNow().AddSeconds(60));
        var conclusion = await function.RunAsync(alarm ?? Alarm(), invocation, stop);
        var result = await run.FinishAsync(RelieveConnections.Capability, [conclusion], Substitute.For<ILambdaLogger>(), stop);
        return result.Outcomes.Single();
    }

    /// <summary>The action records of the database at hand.</summary>
    public async Task<IReadOnlyList<ActionRecord>> RecordsAsync() =>
        await new DynamoLedger(Dynamo, Table, TimeProvider.System).HistoryAsync(
            DatabaseDirectory.InstanceResourceId(DatabaseId), RelieveConnections.Capability, DateTimeOffset.UnixEpoch, Cancellation);

    /// <summary>Every item of the ledger, whatever it is.</summary>
    public async Task<IReadOnlyList<Dictionary<string, AttributeValue>>> ItemsAsync() =>
        (await Dynamo.ScanAsync(new ScanRequest { TableName = Table, ConsistentRead = true }, Cancellation)).Items;

    /// <summary>Earlier work of the function, as its ledger keeps it.</summary>
    public async Task RememberAsync(DateTimeOffset at, string incident, string role = "shop", string application = "web", int count = 1)
    {
        var ledger = new DynamoLedger(Dynamo, Table, TimeProvider.System);
        for (var n = 0; n < count; n++)
        {
            var record = new ActionRecord
            {
                ResourceId = DatabaseDirectory.InstanceResourceId(DatabaseId),
                At = at.AddMilliseconds(n),
                Capability = RelieveConnections.Capability,
                Key = $"{incident}-{n}",
                Action = "terminate-session",
                Database = DatabaseId,
                Mode = Mode.Act,
                RequestId = "earlier",
                Incident = incident,
                Group = new ActionGroup(role, application),
                Before = "{}",
            };
            await ledger.RecordAsync(record, [], Cancellation);
            await ledger.ConfirmAsync(record, ActionResult.Done, Cancellation);
        }
    }

    /// <summary>Turns a kill switch on.</summary>
    public Task SwitchAsync(string which, string why = "")
    {
        var item = LedgerItems.SwitchKey(which);
        item["stopped"] = LedgerItems.Flag(true);
        item["why"] = LedgerItems.Text(why);
        return Dynamo.PutItemAsync(Table, item, Cancellation);
    }

    public ValueTask DisposeAsync() => aws.DisposeAsync();

    private T Configure<T>(T config, ReliefOptions options) where T : ClientConfig
    {
        config.ServiceURL = aws.Account.Endpoint.Uri.AbsoluteUri;
        config.AuthenticationRegion = ReliefFixture.Region;
        config.MaxErrorRetry = options.AwsRetries;
        config.Timeout = options.AwsCallLimit;
        return config;
    }

    private static AlarmStateChange Read(byte[] payload, string alarm)
    {
        var text = System.Text.Encoding.UTF8.GetString(payload).Replace(":alarm:orders-connections", $":alarm:{alarm}", StringComparison.Ordinal);
        using var document = JsonDocument.Parse(text);
        return AlarmStateChangeReader.Read(document.RootElement);
    }
}
