using Amazon.DynamoDBv2;
using Amazon.KeyManagementService;
using Amazon.Lambda.Core;
using Amazon.RDS;
using Amazon.RDS.Model;
using Amazon.Runtime;
using Amazon.SimpleNotificationService;
using Automation.Events;
using Automation.Fleet;
using Automation.Lab.Account;
using Automation.Lab.Aws;
using Automation.Lab.Snapshots;
using Automation.LabTests.Account;
using Automation.LabTests.Fixtures;
using Automation.Ledger;
using Automation.Notifications;
using Automation.Outcomes;
using Automation.Snapshots;
using Automation.Telemetry;
using NSubstitute;

namespace Automation.LabTests.Snapshots;

/// <summary>
/// Both snapshot functions with all their real parts, over the AWS wire protocol, in an account of one test. Tests share a moto:
/// each has a tag prefix of its own, so no test's databases ask another's functions for anything.
/// </summary>
internal sealed class SnapshotAccount : IAsyncDisposable
{
    public const string Home = "eu-west-2", Away = "eu-north-1";

    private static int accounts;

    private readonly AccountOnMoto aws;
    private readonly string home;

    private SnapshotAccount(AccountOnMoto aws, string prefix, string home) => (this.aws, Prefix, this.home) = (aws, prefix, home);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public string Prefix { get; }

    public SnapshotTags Tags => new(Prefix);

    public LabEndpoint Endpoint => aws.Account.Endpoint;

    public IReadOnlyList<Notification> Told => aws.Account.Notifications.Entries;

    public IAmazonDynamoDB Dynamo => aws.Application.DynamoDB;

    public string Table => aws.Account.Template.Tables[0].Name;

    /// <summary>As a person would use it, behind the endpoint's back.</summary>
    public IAmazonRDS Rds => aws.Application.Rds;

    /// <summary>What both functions take for the time.</summary>
    public DateTimeOffset Now { get; set; } = new(2026, 11, 21, 7, 15, 0, TimeSpan.Zero);

    public IReadOnlyList<string> ShareAccounts { get; init; } = [];

    public static async Task<SnapshotAccount> StartAsync(MotoFixture moto, string home = Home, params string[] shareAccounts)
    {
        var prefix = $"snap{Interlocked.Increment(ref accounts)}";
        var account = await AccountOnMoto.DeployAsync(
            moto, prefix, home, AccountOnMoto.Clock, Cancellation, ("TagPrefix", prefix), ("ShareAccounts", string.Join(',', shareAccounts)));
        // Those of other tests count too.
        account.Account.Snapshots.Quotas["ManualSnapshots"] = account.Account.Snapshots.Quotas["ManualClusterSnapshots"] = 10_000;
        return new SnapshotAccount(account, prefix, home) { ShareAccounts = shareAccounts };
    }

    /// <summary>What goes wrong with snapshots, and how many there may be.</summary>
    public SnapshotsService Lab => aws.Account.Snapshots;

    /// <summary>An instance that asks for snapshots, encrypted with this key or AWS's own.</summary>
    public Task<RegisteredDatabase> RegisterAsync(string id, string tag = "every=6h", string? key = null) => aws.Account.RegisterAsync(
        new LabDatabase
        {
            Id = $"{Prefix}-{id}",
            Endpoint = new DatabaseEndpoint("localhost", 5432),
            EngineVersion = "17.5",
            KmsKeyId = key,
            Tags = new Dictionary<string, string> { [Tags.OptIn] = tag },
        }, Cancellation);

    /// <summary>A cluster of one member that asks for snapshots.</summary>
    public async Task<RegisteredDatabase> RegisterClusterAsync(string id, string tag = "every=6h") => (await aws.Account.RegisterAsync(
        new LabCluster
        {
            Id = $"{Prefix}-{id}",
            Endpoint = new DatabaseEndpoint("localhost", 5432),
            ReaderEndpoint = new DatabaseEndpoint("localhost", 5433),
            EngineVersion = "16.6",
            Tags = new Dictionary<string, string> { [Tags.OptIn] = tag },
            Members = [new LabDatabase { Id = $"{Prefix}-{id}-1", Endpoint = new DatabaseEndpoint("localhost", 5432), EngineVersion = "16.6" }],
        }, Cancellation))[0];

    /// <summary>A snapshot of ours from an earlier run.</summary>
    public async Task TakenAsync(RegisteredDatabase database, DateTimeOffset slot)
    {
        await Rds.CreateDBSnapshotAsync(new CreateDBSnapshotRequest
        {
            DBInstanceIdentifier = database.Id,
            DBSnapshotIdentifier = Automation.Snapshots.SnapshotNames.Of(DatabaseKind.Instance, database.Id, slot, 1),
            Tags = [.. Tags.Of(database.ResourceId, slot, slot).Select(tag => new Tag { Key = tag.Key, Value = tag.Value })],
        }, Cancellation);
        await SettledAsync();
    }

    /// <summary>The same of a cluster.</summary>
    public async Task TakenOfClusterAsync(RegisteredDatabase cluster, DateTimeOffset slot)
    {
        await Rds.CreateDBClusterSnapshotAsync(new CreateDBClusterSnapshotRequest
        {
            DBClusterIdentifier = cluster.Id,
            DBClusterSnapshotIdentifier = Automation.Snapshots.SnapshotNames.Of(DatabaseKind.Cluster, cluster.Id, slot, 1),
            Tags = [.. Tags.Of(cluster.ResourceId, slot, slot).Select(tag => new Tag { Key = tag.Key, Value = tag.Value })],
        }, Cancellation);
        await SettledAsync();
    }

    /// <summary>Returns when RDS is at work on nothing.</summary>
    public async Task SettledAsync()
    {
        foreach (var underway in Lab.All.Where(snapshot => snapshot.IsUnderway))
            await Lab.Changes.FirstAsync(change => change.Arn == underway.Arn && !change.IsUnderway, Cancellation);
    }

    /// <param name="only">One database, or all.</param>
    /// <param name="mode">The function's.</param>
    /// <param name="time">What the run has.</param>
    /// <param name="settle">Whether to wait until RDS is done.</param>
    public async Task<IReadOnlyList<Outcome>> TakeAsync(string? only = null, Mode mode = Mode.Act, TimeSpan? time = null, bool settle = true)
    {
        var outcomes = await RunAsync("TakeSnapshotsFunction", (parts, invocation) => parts.Take.RunAsync(Request(only), invocation, Cancellation), mode, time);
        if (settle) await SettledAsync();
        return outcomes;
    }

    public async Task<IReadOnlyList<Outcome>> ReconcileAsync(string? only = null, Mode mode = Mode.Act)
    {
        var outcomes = await RunAsync("ReconcileSnapshotsFunction", (parts, invocation) => parts.Reconcile.RunAsync(Request(only), invocation, Cancellation), mode, null);
        await SettledAsync();
        return outcomes;
    }

    public Task<IReadOnlyList<Outcome>> ReconcileAsync(SnapshotsRequest request) =>
        RunAsync("ReconcileSnapshotsFunction", (parts, invocation) => parts.Reconcile.RunAsync(request, invocation, Cancellation), Mode.Act, null);

    /// <summary>Our snapshots of a database in a Region.</summary>
    public async Task<IReadOnlyList<Snapshot>> SnapshotsAsync(RegisteredDatabase database, string? region = null)
    {
        using var regions = Regions();
        return [.. (await new RdsSnapshotStore(region ?? home, regions.In(region ?? home)).ListAsync(database.Id, Cancellation)).OrderBy(snapshot => snapshot.Id, StringComparer.Ordinal)];
    }

    /// <summary>Makes the key for copies in a Region, behind the alias that the code looks for.</summary>
    public async Task<string> CreateKeyAsync(string region)
    {
        using var kms = Kms(region);
        var key = (await kms.CreateKeyAsync(new(), Cancellation)).KeyMetadata;
        try
        {
            await kms.CreateAliasAsync(CopyKey.Alias, key.KeyId, Cancellation);
        }
        catch (Amazon.KeyManagementService.Model.AlreadyExistsException)
        {
            // Of another test.
        }
        return key.Arn;
    }

    /// <summary>A customer-managed key whose policy names another account.</summary>
    public async Task<string> CreateKeyForAsync(string account)
    {
        using var kms = Kms(home);
        return (await kms.CreateKeyAsync(new()
        {
            Policy = $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::{{account}}:root"},"Action":"kms:*","Resource":"*"}]}""",
        }, Cancellation)).KeyMetadata.Arn;
    }

    /// <summary>The next calls of an action are answered with this error, and are not forwarded.</summary>
    public void Answer(string action, int status, string code, string message) =>
        Endpoint.Before("rds", action, (call, _) => ValueTask.FromResult<AwsAnswer?>(ErrorAnswer.Create(call, status, code, message)));

    /// <summary>How often an action was called.</summary>
    public int Calls(string action) => Endpoint.Calls.Entries.Count(call => call.Action == action);

    public async Task<IReadOnlyList<ActionRecord>> RecordsAsync(RegisteredDatabase database) =>
        await new DynamoLedger(Dynamo, Table, TimeProvider.System).HistoryAsync(database.ResourceId, TakeSnapshots.Capability, DateTimeOffset.UnixEpoch, Cancellation);

    /// <summary>Turns a kill switch on.</summary>
    public Task SwitchAsync(string which)
    {
        var item = LedgerItems.SwitchKey(which);
        item["stopped"] = LedgerItems.Flag(true);
        return Dynamo.PutItemAsync(Table, item, Cancellation);
    }

    public ValueTask DisposeAsync() => aws.DisposeAsync();

    private static SnapshotsRequest Request(string? only) => only is null ? new SnapshotsRequest.Everything() : new SnapshotsRequest.OneDatabase(only, Mode.Act);

    private async Task<IReadOnlyList<Outcome>> RunAsync(
        string function, Func<(TakeSnapshots Take, ReconcileSnapshots Reconcile), Invocation, Task<IReadOnlyList<Conclusion>>> run, Mode mode, TimeSpan? timeLeft)
    {
        var settings = new Settings
        {
            Mode = mode,
            TagPrefix = Prefix,
            NotificationTopicArn = aws.Account.Template.Topics[0].Arn,
            LedgerTableName = Table,
            StagingTag = new StagingTag("environment", "staging"),
            DatabaseUser = "automation",
            CaBundlePath = null,
            ShareAccounts = ShareAccounts,
        };
        var time = new StillTime(Now);
        var role = aws.Account.Roles.CredentialsOf(function).ForSdk();
        using var regions = Regions(role);
        using var keys = new KmsSnapshotKeys(home, region => Kms(region, role));
        using var dynamo = new AmazonDynamoDBClient(role, Point(new AmazonDynamoDBConfig(), home));
        using var sns = new AmazonSimpleNotificationServiceClient(role, Point(new AmazonSimpleNotificationServiceConfig(), home));
        var ledger = new DynamoLedger(dynamo, Table, time);
        var stores = new RdsSnapshotStores(regions);
        var inventory = new RdsInventory(regions);
        var actions = new SnapshotActions(ledger, time);
        var told = new ToldOnce(ledger);
        var news = new DailyNews(told, time);
        var loading = new SnapshotLoading(stores, keys, settings, time);
        var execution = new ReconcileExecution(inventory, stores, loading, actions, ledger, settings, time);
        var report = new FleetReport(new RdsSnapshotQuotas(regions), stores, told, news, settings);
        var take = new TakeSnapshots(inventory, stores, ledger, actions, news, settings, time);
        var reconcile = new ReconcileSnapshots(inventory, stores, loading, execution, report, ledger, news, settings, time);
        var end = new FunctionRun(new Notifier(sns, settings), ledger, new TelemetryWriter(Stream.Null, time), settings);

        var conclusions = await run((take, reconcile), new Invocation(Guid.NewGuid().ToString(), Now + (timeLeft ?? TimeSpan.FromMinutes(5))));
        try
        {
            await end.FinishAsync(TakeSnapshots.Capability, conclusions, Substitute.For<ILambdaLogger>(), Cancellation);
        }
        catch (InvocationFailedException) when (conclusions.Any(conclusion => conclusion.Outcome.Decision == Decision.Failed))
        {
            // As it should be; the outcomes tell.
        }
        return [.. conclusions.Select(conclusion => conclusion.Outcome)];
    }

    private RdsRegions Regions(AWSCredentials? signer = null) =>
        new(home, region => new AmazonRDSClient(signer ?? LabClients.Anybody, Point(new AmazonRDSConfig(), region)));

    private AmazonKeyManagementServiceClient Kms(string region, AWSCredentials? signer = null) =>
        new(signer ?? LabClients.Anybody, Point(new AmazonKeyManagementServiceConfig(), region));

    private T Point<T>(T config, string region) where T : ClientConfig
    {
        config.ServiceURL = aws.Account.Endpoint.Uri.AbsoluteUri;
        config.AuthenticationRegion = region;
        config.MaxErrorRetry = 1;
        config.Timeout = AccountOnMoto.Patience;
        return config;
    }

    private sealed class StillTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
