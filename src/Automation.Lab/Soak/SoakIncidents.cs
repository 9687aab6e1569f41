using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Automation.Lab.Account;
using Automation.Lab.Incidents;
using Automation.Lab.Setup;
using Automation.Lab.Snapshots;
using Automation.Lab.Storage;

namespace Automation.Lab.Soak;

/// <summary>Lets each kind of step happen.</summary>
/// <param name="lab">Where.</param>
/// <param name="witness">Who is told of storms and of functions to be killed.</param>
/// <param name="people">Who ask for snapshots and rotations.</param>
internal sealed class SoakIncidents(SoakLab lab, SoakWitness witness, SoakPeople people) : IDisposable
{
    private const string Slot = "cdc_events";
    private static readonly TimeSpan Lingers = TimeSpan.FromSeconds(6), PastLimits = TimeSpan.FromSeconds(2.6), StormLasts = TimeSpan.FromSeconds(20);
    private static readonly SoakStep.Storm LastStorm = new(TimeSpan.Zero, SoakNames.Billing, Sessions: 15, Returning: 0);
    private readonly ConcurrentBag<StormSession> sessions = [];
    private readonly SoakSwitch killSwitch = new(lab);
    private readonly Dictionary<string, (string Shop, string Protected)> passwords = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> turns = new();
    private int storms;

    /// <summary>What became of every session that a storm opened.</summary>
    public IEnumerable<StormSession> Sessions => sessions;

    /// <summary>When the kill switch was thrown.</summary>
    public IEnumerable<SwitchWindow> Stops => killSwitch.Windows;

    private EventBus Bus => lab.Account.Bus;

    private LabInstance Filling => lab.Databases[SoakNames.Events].Instance;

    /// <summary>The roles of the storms.</summary>
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        foreach (var id in new[] { SoakNames.Orders, SoakNames.Billing })
        {
            var instance = lab.Databases[id].Instance;
            passwords[id] = (await lab.CreateLoginAsync(instance, "shop", cancellation), await lab.CreateLoginAsync(instance, SoakNames.ProtectedRole, cancellation));
        }
    }

    public void Dispose()
    {
        foreach (var turn in turns.Values) turn.Dispose();
        killSwitch.Dispose();
    }

    /// <summary>One step, until it is over.</summary>
    public Task PlayAsync(SoakStep step, CancellationToken cancellation) => step switch
    {
        SoakStep.Storm storm => StormAsync(storm, () => AlarmAsync(storm, cancellation), cancellation),
        SoakStep.Schedule schedule => Done(() => Bus.Fire(schedule.Function, "Schedule")),
        SoakStep.Shelf shelf => people.ShelfAsync(shelf, cancellation),
        SoakStep.FailingSnapshot failing => Done(() => lab.Account.Snapshots.Faults.Inject(new SnapshotFault { Kind = SnapshotFaultKind.Fail, DatabaseId = failing.Database })),
        SoakStep.Rotation rotation => people.RotateAsync(lab.Databases[rotation.Database], cancellation),
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

    /// <summary>A storm and its alarm with nothing in their way, so that a soak has one of which that can be said, however short it was.</summary>
    public Task LastStormAsync(CancellationToken cancellation) => StormAsync(LastStorm, () =>
    {
        PutAlarm(LastStorm.Database);
        return Bus.IdleAsync(cancellation);
    }, cancellation);

    private async Task StormAsync(SoakStep.Storm step, Func<Task> whenItHurts, CancellationToken cancellation)
    {
        // One after the other in a database, or there are not slots enough.
        var turn = turns.GetOrAdd(step.Database, _ => new SemaphoreSlim(1));
        await turn.WaitAsync(cancellation);
        try
        {
            await OneStormAsync(step, whenItHurts, cancellation);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task OneStormAsync(SoakStep.Storm step, Func<Task> whenItHurts, CancellationToken cancellation)
    {
        await using var storm = SoakStorm.Over(lab.Databases[step.Database], step.Returning);
        witness.Add(storm);
        try
        {
            await storm.BreakOutAsync(Interlocked.Increment(ref storms), passwords[step.Database], step.Sessions, cancellation);
            await Task.Delay(PastLimits, cancellation);
            await whenItHurts();
        }
        finally
        {
            // The witness first: whoever is chosen from now on is nobody's.
            foreach (var session in await storm.CountAsync(CancellationToken.None)) sessions.Add(session);
            witness.Remove(storm);
        }
    }

    private async Task AlarmAsync(SoakStep.Storm step, CancellationToken cancellation)
    {
        var id = PutAlarm(step.Database);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(StormLasts);
        // A lost alarm is answered by nobody.
        await Bus.Attempts.FirstAsync(attempt => attempt.Delivery.EventId == id, limit.Token).ContinueWith(_ => { }, CancellationToken.None,
            TaskContinuationOptions.None, TaskScheduler.Default);
        // Retries and duplicates find it still there.
        await Task.Delay(Lingers, cancellation);
    }

    private Task ThrowSwitchAsync(SoakStep.SwitchThrown step, CancellationToken cancellation) => StormAsync(step.During, async () =>
    {
        await killSwitch.HoldAsync(step.For,
            () =>
            {
                PutAlarm(step.During.Database);
                return Task.WhenAll(step.Meanwhile.Select(one => LaterAsync(one, cancellation)));
            },
            function => AskAsync(function, step.During.Database, cancellation), cancellation);
        await Task.Delay(Lingers, cancellation);
    }, cancellation);

    private async Task LaterAsync(SoakStep step, CancellationToken cancellation)
    {
        await Task.Delay(step.At, cancellation);
        await PlayAsync(step, cancellation);
    }

    /// <summary>Has a function come.</summary>
    private Task AskAsync(string function, string database, CancellationToken cancellation) => function switch
    {
        SoakNames.Relieve => Done(() => PutAlarm(database)),
        SoakNames.Rotate => people.RotateAsync(lab.Databases[SoakNames.Billing], cancellation),
        _ => Done(() => Bus.Fire(function, "Schedule")),
    };

    /// <returns>The event's id: each is one of its own.</returns>
    private string PutAlarm(string database)
    {
        var alarm = JsonNode.Parse(AlarmPayload.Read("cloudwatch-alarm-single-metric", database, TimeProvider.System.GetUtcNow()))!.AsObject();
        var id = Guid.NewGuid().ToString();
        alarm["id"] = id;
        Put(Encoding.UTF8.GetBytes(alarm.ToJsonString()));
        return id;
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

    /// <summary>A payload of <c>events/</c> as it would come now, about this database.</summary>
    private static byte[] Of(string database, string file) => Encoding.UTF8.GetBytes(Repository.Read($"events/{file}.json")
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
