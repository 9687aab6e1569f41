using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2.Model;
using Amazon.RDS.Model;
using Amazon.SecretsManager.Model;
using Automation.Lab.Account;
using Automation.Lab.Incidents;
using Automation.Lab.Secrets;
using Automation.Lab.Snapshots;
using Automation.Lab.Storage;

namespace Automation.Lab.Soak;

/// <summary>Lets a plan happen in a lab, every step beside the others.</summary>
internal sealed class SoakRun(SoakLab lab, SoakPlan plan, SoakWitness witness) : IAsyncDisposable
{
    private static readonly TimeSpan Lingers = TimeSpan.FromSeconds(6), PastLimits = TimeSpan.FromSeconds(2.6), StormLasts = TimeSpan.FromSeconds(20), LoginEvery = TimeSpan.FromSeconds(1);
    private const string Slot = "cdc_events";
    private readonly ConcurrentBag<StormSession> sessions = [];
    private readonly ConcurrentBag<SwitchWindow> stops = [];
    private readonly List<SoakWriter> writers = [];
    private readonly List<SecretLogins> logins = [];
    private readonly Dictionary<string, (string Shop, string Protected)> passwords = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> turns = new();
    private int storms;

    public IEnumerable<StormSession> Sessions => sessions;

    public IEnumerable<SwitchWindow> Stops => stops;

    /// <summary>What went wrong with the steps themselves.</summary>
    public ConcurrentQueue<string> Problems { get; } = new();

    private EventBus Bus => lab.Account.Bus;

    private LabInstance Filling => lab.Databases[SoakNames.Events].Instance;

    /// <summary>Applications that write, log in and hold sessions; snapshots from before.</summary>
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        foreach (var id in new[] { SoakNames.Orders, SoakNames.Billing })
        {
            var instance = lab.Databases[id].Instance;
            passwords[id] = (await lab.CreateLoginAsync(instance, "shop", cancellation), await lab.CreateLoginAsync(instance, SoakNames.ProtectedRole, cancellation));
        }
        var trial = lab.Databases[SoakNames.Trial].Instance;
        var password = await lab.CreateLoginAsync(trial, SoakWriter.Role, cancellation);
        await trial.Server.ExecuteAsync(
            $"CREATE TABLE {SoakWriter.Table} (writer int, row bigint, PRIMARY KEY (writer, row)); GRANT SELECT, INSERT ON {SoakWriter.Table} TO {SoakWriter.Role}", cancellation);
        writers.Add(SoakWriter.Start(0, () => trial.Login(SoakWriter.Role, password, "writer")));
        writers.Add(SoakWriter.Start(1, () => trial.LoginThroughProxy(SoakWriter.Role, password, "writer")));
        foreach (var database in lab.Databases.Values)
            logins.Add(SecretLogins.Start(new SecretLoginsOptions
            {
                Secrets = lab.Person.SecretsManager,
                SecretId = database.SecretArn,
                Login = database.Login,
                Reading = SecretReading.KeptUntilRefused,
                Interval = LoginEvery,
                AtOnce = 5,
                Time = TimeProvider.System,
            }));
        await lab.Account.WatchAsync(cancellation);
    }

    /// <summary>The plan, until its last step has ended.</summary>
    public async Task PlayAsync(CancellationToken cancellation)
    {
        Bus.Faults = plan.Deliveries;
        var (begun, time) = (TimeProvider.System.GetTimestamp(), TimeProvider.System);
        await Task.WhenAll(plan.Steps.Select(async step =>
        {
            var wait = step.At - time.GetElapsedTime(begun);
            if (wait > TimeSpan.Zero) await Task.Delay(wait, cancellation);
            try
            {
                await PlayAsync(step, cancellation);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                Problems.Enqueue($"{step.What}: {e.GetType().Name}: {e.Message}");
            }
        }));
        var left = plan.Length - time.GetElapsedTime(begun);
        if (left > TimeSpan.Zero) await Task.Delay(left, cancellation);
    }

    /// <summary>No more faults; the schedules come once more, people take up what was left unfinished, and everything ends.</summary>
    public async Task SettleAsync(CancellationToken cancellation)
    {
        lab.Account.Endpoint.Faults.Clear();
        lab.Account.Snapshots.Faults.Clear();
        Bus.Faults = DeliveryFaults.None;
        witness.Pardon();
        await Bus.IdleAsync(cancellation);
        await lab.Account.Rotations.IdleAsync(cancellation);
        foreach (var function in new[] { SoakNames.Take, SoakNames.Reconcile, SoakNames.Grow, SoakNames.Forecast }) Bus.Fire(function, "Schedule");
        await Task.WhenAll(lab.Databases.Values.Select(database => FinishRotationAsync(database, cancellation)));
        await lab.Account.Rotations.IdleAsync(cancellation);
        await Bus.IdleAsync(cancellation);
        foreach (var application in logins) await application.StopAsync();
    }

    /// <summary>What the writers were told, and what is there.</summary>
    public async Task<IReadOnlyList<WrittenRows>> CountRowsAsync(CancellationToken cancellation)
    {
        var counted = new List<WrittenRows>();
        foreach (var (number, writer) in writers.Index())
        {
            var acknowledged = await writer.StopAsync();
            var rows = await lab.Databases[SoakNames.Trial].Instance.QueryAsync(
                string.Create(CultureInfo.InvariantCulture, $"SELECT row::text FROM {SoakWriter.Table} WHERE writer = {number}"), cancellation);
            counted.Add(new WrittenRows($"writer {number}", acknowledged, rows.Select(row => long.Parse(row[0], CultureInfo.InvariantCulture)).ToHashSet()));
        }
        return counted;
    }

    /// <summary>Logins of the applications during the soak, and how many of them failed.</summary>
    public (int All, int Failed) Logins => (logins.Sum(one => one.Attempts.Entries.Count), logins.Sum(one => one.Attempts.Entries.Count(login => login.Result != LoginResult.Ok)));

    public async ValueTask DisposeAsync()
    {
        foreach (var writer in writers) await writer.DisposeAsync();
        foreach (var application in logins) await application.DisposeAsync();
        foreach (var turn in turns.Values) turn.Dispose();
    }

    private Task PlayAsync(SoakStep step, CancellationToken cancellation) => step switch
    {
        SoakStep.Storm storm => StormAsync(storm, cancellation),
        SoakStep.Schedule schedule => Done(() => Bus.Fire(schedule.Function, "Schedule")),
        SoakStep.Shelf shelf => ShelfAsync(shelf, cancellation),
        SoakStep.FailingSnapshot failing => Done(() => lab.Account.Snapshots.Faults.Inject(new SnapshotFault { Kind = SnapshotFaultKind.Fail, DatabaseId = failing.Database })),
        SoakStep.Rotation rotation => RotateAsync(lab.Databases[rotation.Database], cancellation),
        SoakStep.FailoversByHand tests => Task.WhenAll(Enumerable.Range(0, tests.Count).Select(_ => lab.Functions.InvokeAsync(
            SoakNames.Failover, Encoding.UTF8.GetBytes($$$"""{"detail":{"database":"{{{SoakNames.Trial}}}","mode":"act"}}"""), cancellation))),
        SoakStep.Fill fill => Filling.Volume!.ExtendRelationAsync(SoakLab.GrowingTable, fill.GiB * LabVolume.GiB, cancellation),
        SoakStep.AbandonedSlot slot => AbandonAsync(slot, cancellation),
        SoakStep.StorageEvent told => Done(() => Put(Of(SoakNames.Events, told.File))),
        SoakStep.CallFault fault => Done(() => lab.Account.Endpoint.Faults.Inject(fault.Fault with { Callers = lab.Functions.Keys })),
        SoakStep.LedgerAway away => LedgerAwayAsync(away, cancellation),
        SoakStep.KilledFunction killed => Done(() => witness.Condemn(killed.Function)),
        SoakStep.SwitchThrown thrown => ThrowSwitchAsync(thrown, cancellation),
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, null),
    };

    private async Task StormAsync(SoakStep.Storm step, CancellationToken cancellation)
    {
        // One after the other in a database, or there are not slots enough.
        var turn = turns.GetOrAdd(step.Database, _ => new SemaphoreSlim(1));
        await turn.WaitAsync(cancellation);
        try
        {
            await OneStormAsync(step, cancellation);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task OneStormAsync(SoakStep.Storm step, CancellationToken cancellation)
    {
        await using var storm = await SoakStorm.BreakOutAsync(
            lab.Databases[step.Database], Interlocked.Increment(ref storms), passwords[step.Database], step, cancellation);
        witness.Add(storm);
        try
        {
            await Task.Delay(PastLimits, cancellation);
            var alarm = JsonNode.Parse(AlarmPayload.Read("cloudwatch-alarm-single-metric", step.Database, TimeProvider.System.GetUtcNow()))!.AsObject();
            // Each is an event of its own.
            var id = Guid.NewGuid().ToString();
            alarm["id"] = id;
            Put(Encoding.UTF8.GetBytes(alarm.ToJsonString()));
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(StormLasts);
            // A lost alarm is answered by nobody.
            await Bus.Attempts.FirstAsync(attempt => attempt.Delivery.EventId == id, limit.Token).ContinueWith(_ => { }, CancellationToken.None,
                TaskContinuationOptions.None, TaskScheduler.Default);
            // Retries and duplicates find it still there.
            await Task.Delay(Lingers, cancellation);
        }
        finally
        {
            // The witness first: whoever is chosen from now on is nobody's.
            foreach (var session in await storm.CountAsync(CancellationToken.None)) sessions.Add(session);
            witness.Remove(storm);
        }
    }

    /// <summary>As the stack would have made them, hours ago.</summary>
    private async Task ShelfAsync(SoakStep.Shelf step, CancellationToken cancellation)
    {
        var database = lab.Databases[step.Database];
        var now = TimeProvider.System.GetUtcNow();
        var hour = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero);
        foreach (var slot in step.HoursAgo.Select(hours => hour.AddHours(-hours)))
            await SnapshotAsync(database, string.Create(CultureInfo.InvariantCulture, $"auto-{database.Id}-{slot:yyyyMMdd-HHmm}"),
            [
                new() { Key = "automation:managed-by", Value = "automation" },
                new() { Key = "automation:slot", Value = slot.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) },
                new() { Key = "automation:source", Value = database.Registered.ResourceId },
            ], cancellation);
        if (step.Manual) await SnapshotAsync(database, string.Create(CultureInfo.InvariantCulture, $"before-release-{step.At.Ticks}"), [], cancellation);
    }

    private async Task SnapshotAsync(SoakDatabase database, string name, List<Amazon.RDS.Model.Tag> tags, CancellationToken cancellation)
    {
        try
        {
            await lab.Person.Rds.CreateDBSnapshotAsync(new CreateDBSnapshotRequest { DBInstanceIdentifier = database.Id, DBSnapshotIdentifier = name, Tags = tags }, cancellation);
            await lab.Account.Snapshots.Changes.FirstAsync(change => change.Id == name && !change.IsUnderway, cancellation);
        }
        catch (Exception e) when (e is DBSnapshotAlreadyExistsException or InvalidDBInstanceStateException)
        {
            // One of that hour is there already, or the stack itself is taking one.
        }
    }

    private async Task RotateAsync(SoakDatabase database, CancellationToken cancellation)
    {
        try
        {
            await lab.Person.SecretsManager.RotateSecretAsync(new RotateSecretRequest
            {
                SecretId = database.SecretArn,
                ClientRequestToken = Guid.NewGuid().ToString(),
                RotationLambdaARN = lab.Account.Template.Function(SoakNames.Rotate).Arn,
                RotationRules = new RotationRulesType { AutomaticallyAfterDays = 30 },
            }, cancellation);
        }
        catch (InvalidRequestException)
        {
            // "A previous rotation isn't complete. That rotation will be reattempted."
        }
    }

    /// <summary>Secrets Manager tries an unfinished rotation again; a person asks for it, having been told.</summary>
    private async Task FinishRotationAsync(SoakDatabase database, CancellationToken cancellation)
    {
        const int Tries = 3;
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var secret = await lab.Person.SecretsManager.DescribeSecretAsync(new DescribeSecretRequest { SecretId = database.SecretArn }, cancellation);
            if (secret.VersionIdsToStages.Values.All(labels => !labels.Contains("AWSPENDING") || labels.Contains("AWSCURRENT"))) return;
            await RotateAsync(database, cancellation);
            await lab.Account.Rotations.IdleAsync(cancellation);
        }
    }

    private async Task AbandonAsync(SoakStep.AbandonedSlot step, CancellationToken cancellation)
    {
        const int Most = 4, Segments = 8;
        await Filling.Server.ExecuteAsync($"SELECT pg_create_logical_replication_slot('{Slot}', 'pgoutput')", cancellation);
        for (var n = 0; n < Most && Filling.Volume!.FreeBytes > 2 * LabVolume.GiB; n++) await Filling.Volume.GrowWalAsync(Segments, cancellation);
        await Task.Delay(step.For, cancellation);
        await Filling.Server.ExecuteAsync($"SELECT pg_drop_replication_slot('{Slot}')", cancellation);
        await Filling.Server.ExecuteAsync("CHECKPOINT", cancellation);
    }

    private async Task LedgerAwayAsync(SoakStep.LedgerAway step, CancellationToken cancellation)
    {
        var fault = new Fault { Kind = FaultKind.InternalError, Service = "dynamodb", Times = int.MaxValue, Callers = lab.Functions.Keys };
        lab.Account.Endpoint.Faults.Inject(fault);
        await Task.Delay(step.For, cancellation);
        lab.Account.Endpoint.Faults.Withdraw(fault);
    }

    private async Task ThrowSwitchAsync(SoakStep.SwitchThrown step, CancellationToken cancellation)
    {
        Task SetAsync(bool stopped) => lab.Behind.DynamoDB.PutItemAsync(new PutItemRequest
        {
            TableName = lab.LedgerTable,
            Item = new() { ["pk"] = new("switch"), ["sk"] = new("all"), ["stopped"] = new() { BOOL = stopped }, ["why"] = new("the soak asked for it") },
        }, cancellation);
        await SetAsync(true);
        var thrown = TimeProvider.System.GetUtcNow();
        await Task.Delay(step.For, cancellation);
        stops.Add(new SwitchWindow(thrown, TimeProvider.System.GetUtcNow()));
        await SetAsync(false);
    }

    /// <summary>A payload of <c>events/</c> as it would come now, about this database.</summary>
    private static byte[] Of(string database, string file) => Encoding.UTF8.GetBytes(Setup.Repository.Read($"events/{file}.json")
        .Replace("2026-01-14T03:00:15", TimeProvider.System.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace(":db:orders", $":db:{database}", StringComparison.Ordinal).Replace("\"orders\"", $"\"{database}\"", StringComparison.Ordinal));

    private void Put(byte[] payload)
    {
        if (Bus.Put(JsonElement.Parse(payload)) is []) throw new InvalidOperationException("no rule of the template takes it");
    }

    private static Task Done(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
