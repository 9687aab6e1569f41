using System.Text.Json;
using Amazon.CloudWatch;
using Amazon.Lambda.Core;
using Amazon.RDS;
using Amazon.SimpleNotificationService;
using Automation.Events;
using Automation.Fleet;
using Automation.Lab.Account;
using Automation.Lab.Incidents;
using Automation.Lab.Storage;
using Automation.LabTests.Account;
using Automation.Ledger;
using Automation.Notifications;
using Automation.Outcomes;
using Automation.Storage;
using Automation.Storage.Bytes;
using Automation.Storage.Forecast;
using Automation.Telemetry;
using NSubstitute;
using StorageRequest = Automation.Events.StorageRequest;

namespace Automation.LabTests.Storage;

/// <summary>GrowStorage and ForecastStorage with all their real parts in an AWS account of one test, on the fixture's volume.</summary>
internal sealed class StorageDay : IAsyncDisposable
{
    public const double GiB = 1L << 30;

    private const string GrowFunction = "GrowStorageFunction";

    private readonly StorageFixture fixture;
    private readonly AccountOnMoto aws;

    private StorageDay(StorageFixture fixture, AccountOnMoto aws, string id) => (this.fixture, this.aws, Id) = (fixture, aws, id);

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public string Id { get; private set; }

    /// <summary>What the functions wrote to standard output: metrics and results, a JSON a line.</summary>
    public MemoryStream Written { get; } = new();

    public LabAccount Aws => aws.Account;

    public AccountOnMoto Account => aws;

    public LabVolume Volume => fixture.Instance.Volume!;

    public IReadOnlyList<Notification> Told => aws.Account.Notifications.Entries;

    public string Table => aws.Account.Template.Tables[0].Name;

    public DynamoLedger Ledger => new(aws.Application.DynamoDB, Table, TimeProvider.System);

    public string ResourceId => DatabaseDirectory.InstanceResourceId(Id);

    /// <param name="fixture">Its server.</param>
    /// <param name="usedGiB">That a table takes of it.</param>
    /// <param name="tag">The value of <c>automation:storage</c>.</param>
    /// <param name="allocatedGiB">The size of the volume.</param>
    /// <param name="region">Of the account; the server stays where it is.</param>
    public static async Task<StorageDay> StartAsync(
        StorageFixture fixture, int usedGiB, string tag = "act max=500", int allocatedGiB = 100, string region = StorageFixture.Region)
    {
        var id = fixture.NextName();
        var day = new StorageDay(fixture, await AccountOnMoto.DeployAsync(fixture.Moto, id, region, AccountOnMoto.Clock, Test), id);
        await day.RegisterAsync(usedGiB, tag, allocatedGiB);
        return day;
    }

    /// <summary>Another database in RDS's eyes, with no history; the server is the same.</summary>
    public async Task RenewAsync(int usedGiB, string tag = "act max=500")
    {
        await ForgetAsync();
        Id = fixture.NextName();
        await RegisterAsync(usedGiB, tag, 100);
    }

    /// <summary>Four days by the hour, and the last minutes (an hour of them where it changed), of free space that ends as it is now.</summary>
    /// <param name="gibPerDay">By which it shrank.</param>
    /// <param name="gibInLastHour">By which it shrank in the last hour.</param>
    public async Task RememberAsync(double gibPerDay, double gibInLastHour = 0)
    {
        var past = new MetricHistory(aws.Application.CloudWatch);
        var now = DateTimeOffset.UtcNow;
        double Free(DateTimeOffset at) => Volume.FreeBytes + ((now - at).TotalDays * gibPerDay * GiB)
            + (Math.Min(1, (now - at).TotalHours) * gibInLastHour * GiB);
        await past.PutFreeStorageAsync(Id, now.AddHours(-2), TimeSpan.FromDays(4), at => Free(at), Test);
        await past.PutFreeStorageAsync(Id, now, gibInLastHour == 0 ? TimeSpan.FromMinutes(10) : TimeSpan.FromMinutes(100), at => Free(at), Test, TimeSpan.FromMinutes(1));
    }

    /// <summary>Four days by the hour, and the last ten minutes, of free space of any instance.</summary>
    /// <param name="id">The instance.</param>
    /// <param name="freeGiB">In the end.</param>
    /// <param name="gibPerDay">By which it shrank.</param>
    /// <param name="now">The end.</param>
    public async Task RememberShortlyAsync(string id, double freeGiB, double gibPerDay, DateTimeOffset now)
    {
        double? Free(DateTimeOffset at) => (freeGiB + ((now - at).TotalDays * gibPerDay)) * GiB;
        await Aws.History.PutFreeStorageAsync(id, now.AddHours(-1), TimeSpan.FromDays(4), Free, Test);
        await Aws.History.PutFreeStorageAsync(id, now, TimeSpan.FromMinutes(10), Free, Test, TimeSpan.FromMinutes(1));
    }

    /// <summary>The alarm of <c>events/</c> as it would arrive now, about this database.</summary>
    public StorageRequest Alarm(DateTimeOffset? at = null)
    {
        using var document = JsonDocument.Parse(AlarmPayload.Read("cloudwatch-storage-alarm-single-metric", Id, at ?? DateTimeOffset.UtcNow));
        return StorageRequestReader.Read(document.RootElement);
    }

    public StorageRequest ByHand(Mode mode = Mode.Act) => new StorageRequest.OneDatabase(Id, mode);

    /// <summary>One invocation of GrowStorage, from the request to the end of <see cref="FunctionRun"/>.</summary>
    /// <exception cref="InvocationFailedException">The invocation ends in error.</exception>
    /// <param name="request">What set it off.</param>
    /// <param name="requestId">Lambda's retry has the one of the first attempt.</param>
    /// <param name="mode">The function's.</param>
    /// <param name="later">Time that passed since: Lambda waits a minute before it tries again.</param>
    /// <param name="cancellation">The end of the process.</param>
    public async Task<Outcome> GrowAsync(
        StorageRequest request, string? requestId = null, Mode mode = Mode.Act, TimeSpan later = default, CancellationToken? cancellation = null)
    {
        var stop = cancellation ?? Test;
        using var parts = new Parts(this, GrowFunction, mode, new LaterTime(later));
        var conclusion = await parts.Grow.RunAsync(request, InvocationOf(requestId), stop);
        return (await parts.Run.FinishAsync(GrowStorage.Capability, [conclusion], Substitute.For<ILambdaLogger>(), stop)).Outcomes[0];
    }

    /// <summary>One invocation of ForecastStorage.</summary>
    /// <param name="request">Every database, or one.</param>
    /// <param name="clock">The function's; that of the machine without.</param>
    public async Task<IReadOnlyList<Outcome>> ForecastAsync(ScheduleRequest request, TimeProvider? clock = null)
    {
        using var parts = new Parts(this, "ForecastStorageFunction", Mode.Act, clock ?? TimeProvider.System);
        var conclusions = parts.Forecast.RunAsync(request, InvocationOf(null), Test);
        return (await parts.Run.FinishAsync(GrowStorage.Capability, conclusions, Substitute.For<ILambdaLogger>(), Test)).Outcomes;
    }

    /// <summary>One invocation of GrowStorage by its schedule.</summary>
    /// <param name="eventId">EventBridge's.</param>
    /// <param name="mode">The function's.</param>
    /// <param name="deadline">Until when it may run; two minutes without.</param>
    /// <param name="cancellation">The end of the process.</param>
    public async Task<IReadOnlyList<Outcome>> LookAgainAsync(string eventId, Mode mode = Mode.Act, DateTimeOffset? deadline = null, CancellationToken? cancellation = null)
    {
        var stop = cancellation ?? Test;
        using var parts = new Parts(this, GrowFunction, mode, TimeProvider.System);
        var invocation = InvocationOf(null);
        var conclusions = parts.Again.RunAsync(eventId, deadline is { } end ? invocation with { Deadline = end } : invocation, stop);
        return (await parts.Run.FinishAsync(GrowStorage.Capability, conclusions, Substitute.For<ILambdaLogger>(), stop)).Outcomes;
    }

    /// <summary>As if the time of all leases were over.</summary>
    public Task ForgetLeasesAsync() => aws.Application.DynamoDB.DeleteItemAsync(Table, new() { ["pk"] = new($"once#storage/{ResourceId}"), ["sk"] = new("once") }, Test);

    public Task<IReadOnlyList<ActionRecord>> RecordsAsync() => Ledger.HistoryAsync(ResourceId, GrowStorage.Capability, DateTimeOffset.UnixEpoch, Test);

    /// <summary>What RDS took, of this database.</summary>
    public IReadOnlyList<AcceptedModification> Accepted => [.. aws.Account.Volumes.Accepted.Entries.Where(one => one.DatabaseId == Id)];

    /// <summary>How often RDS was asked for a change.</summary>
    public int Asked => aws.Account.Endpoint.Calls.Entries.Count(call => call.Call.Action == "ModifyDBInstance");

    /// <summary>Waits until the size is what was asked for and everything about it is over.</summary>
    public Task EndedAsync() => aws.Account.Volumes.Ended.FirstAsync(ended => ended.Accepted.DatabaseId == Id, Test);

    public async ValueTask DisposeAsync()
    {
        await ForgetAsync();
        await Written.DisposeAsync();
        await aws.DisposeAsync();
    }

    private static Invocation InvocationOf(string? requestId) => new(requestId ?? Guid.NewGuid().ToString(), DateTimeOffset.UtcNow.AddMinutes(2));

    private async Task RegisterAsync(int usedGiB, string tag, int allocatedGiB)
    {
        await MakeRoomAsync();
        var server = fixture.Instance.Server;
        await server.ExecuteAsync("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots", Test);
        await server.ExecuteAsync("DROP TABLE IF EXISTS orders, kept; CREATE TABLE orders (id bigint); CREATE TABLE kept AS SELECT 'still here' AS word", Test);
        await server.ExecuteAsync("CHECKPOINT", Test);
        await Volume.ExtendRelationAsync("orders", (long)(usedGiB * GiB), Test);
        Volume.Settings = new LabVolumeOptions { AllocatedGiB = allocatedGiB };
        await Aws.RegisterAsync(fixture.Instance, fixture.Instance.Registration with
        {
            Id = Id,
            Tags = new Dictionary<string, string> { ["automation:storage"] = tag },
            CreatedAt = DateTimeOffset.UtcNow.AddDays(-60),
        }, Test);
    }

    /// <summary>What another test filled, also a server that it left stopped, is of no matter to this one.</summary>
    private Task MakeRoomAsync()
    {
        Volume.Settings = new LabVolumeOptions { AllocatedGiB = 10_000 };
        return fixture.Instance.CheckVolumeAsync(Test);
    }

    private Task<Amazon.RDS.Model.DeleteDBInstanceResponse> ForgetAsync() =>
        aws.Application.Rds.DeleteDBInstanceAsync(new() { DBInstanceIdentifier = Id, SkipFinalSnapshot = true }, Test);

    private sealed class LaterTime(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }

    /// <summary>Made anew for each invocation, as of a new process.</summary>
    private sealed class Parts : IDisposable
    {
        private readonly List<IDisposable> owned = [];

        public Parts(StorageDay day, string function, Mode mode, TimeProvider later)
        {
            var settings = new Settings
            {
                Mode = mode,
                TagPrefix = "automation",
                NotificationTopicArn = day.Aws.Template.Topics[0].Arn,
                LedgerTableName = day.Table,
                StagingTag = new StagingTag("environment", "staging"),
                DatabaseUser = day.fixture.Login.User,
                CaBundlePath = null,
            };
            var credentials = day.Aws.Roles.CredentialsOf(function).ForSdk();
            var rds = Own(new AmazonRDSClient(credentials, day.aws.OfFunction(new AmazonRDSConfig())));
            var once = Own(new SingleSendRdsClient(credentials, day.aws.OfFunction(new AmazonRDSConfig())));
            var dynamo = Own(new Amazon.DynamoDBv2.AmazonDynamoDBClient(credentials, day.aws.OfFunction(new Amazon.DynamoDBv2.AmazonDynamoDBConfig())));
            var sns = Own(new AmazonSimpleNotificationServiceClient(credentials, day.aws.OfFunction(new AmazonSimpleNotificationServiceConfig())));
            var cloudWatch = Own(new AmazonCloudWatchClient(credentials, day.aws.OfFunction(new AmazonCloudWatchConfig())));
            var time = TimeProvider.System;
            var ledger = new DynamoLedger(dynamo, day.Table, time);
            var volumes = new RdsVolumes(rds, once);
            var history = new StorageHistory(new CloudWatchStorageMetrics(cloudWatch), new RdsStorageEvents(rds));
            var alarms = new CloudWatchStorageAlarms(cloudWatch);
            var diagnosing = new Diagnosing(
                new ByteTableReader(new StorageAccess(new RdsDatabaseProxies(rds), day.fixture.Login, day.fixture.Roots, time), time), new DynamoMemory(dynamo, day.Table), time);
            Grow = new GrowStorage(volumes, new StorageLoading(history, diagnosing, alarms, ledger, time), new VolumeGrowth(volumes, ledger, later), ledger, settings, time);
            Again = new LookAgain(volumes, history, Grow, ledger, new ToldOnce(ledger), settings, time);
            Forecast = new ForecastStorage(volumes, history, alarms, diagnosing, ledger, new ToldOnce(ledger), settings, later);
            Run = new FunctionRun(new Notifier(sns, settings), ledger, new TelemetryWriter(day.Written, time), settings);
        }

        public GrowStorage Grow { get; }

        public LookAgain Again { get; }

        public ForecastStorage Forecast { get; }

        public FunctionRun Run { get; }

        public void Dispose()
        {
            foreach (var part in owned) part.Dispose();
        }

        private T Own<T>(T part)
            where T : IDisposable
        {
            owned.Add(part);
            return part;
        }
    }
}
