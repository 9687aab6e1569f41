using System.Collections.Concurrent;
using Automation.Lab.Account;
using Automation.Lab.Failover;
using Automation.Lab.Snapshots;
using static Automation.Lab.Failover.RdsAnswer;

namespace Automation.Lab.Storage;

/// <summary>
/// The storage of instances as RDS has it: shown, refused and changed by RDS's rules, with its statuses and events, on
/// volumes whose size is enforced. Instances without a volume are moto's alone.
/// </summary>
internal sealed class VolumesService : IAsyncDisposable
{
    private const string Service = "rds";
    private readonly VolumesServiceOptions options;
    private readonly MotoRds moto;
    private readonly ConcurrentDictionary<string, VolumeDatabase> databases = new(StringComparer.OrdinalIgnoreCase);
    private readonly CancellationTokenSource ending = new();
    private readonly Lock gate = new();
    private readonly List<Task> underway = [];
    private Action<string> complain = static _ => { };

    public VolumesService(VolumesServiceOptions options)
    {
        this.options = options;
        moto = new MotoRds(options.Moto);
    }

    /// <summary>What was accepted, in order: count here how often storage was changed.</summary>
    public Journal<AcceptedModification> Accepted { get; } = new();

    /// <summary>What was refused, in order.</summary>
    public Journal<RefusedModification> Refused { get; } = new();

    /// <summary>Changes that are over; wait here.</summary>
    public Journal<EndedModification> Ended { get; } = new();

    /// <summary>How long after a change the next is refused.</summary>
    public TimeSpan Cooldown { get; set; } = TimeSpan.FromHours(6);

    /// <summary>From now on the API shows and changes this instance's volume; failovers know the instance already.</summary>
    /// <exception cref="InvalidOperationException">Failovers do not know it.</exception>
    public void SetInstance(string id, LabInstance instance)
    {
        if (instance.Volume is not { } volume) return;
        var database = new VolumeDatabase(options.Failovers.Database(id), instance);
        databases[id] = database;
        volume.OnChange = change => Changed(database, change);
        if (volume.IsFull) Changed(database, VolumeChange.Full);
    }

    /// <summary>How long the next change of an instance's storage takes; those after it in their turn, and then the default.</summary>
    public void Script(string databaseId, ModificationScript script) => Database(databaseId).Enqueue(script);

    /// <summary>Tells an event of an instance's storage, as RDS would.</summary>
    public void Tell(string databaseId, StorageEvent told) => Tell(Database(databaseId), told);

    /// <summary>Answers at the endpoint from now on.</summary>
    public void Install(LabEndpoint endpoint)
    {
        complain = endpoint.Problems.Add;
        endpoint.Serve(Service, "ModifyDBInstance", (call, _) => new ValueTask<AwsAnswer>(ModifyAsync(call)));
        endpoint.Serve(Service, "DescribeValidDBInstanceModifications", (call, _) => new ValueTask<AwsAnswer>(DescribeValidAsync(call)));
        var view = new VolumeView(id => id is null ? null : databases.GetValueOrDefault(id), options.Clock.Time);
        endpoint.After(Service, null, (call, answer, _) => ValueTask.FromResult(
            answer.Succeeded && call.Region == options.Region ? view.Show(answer) : answer));
    }

    /// <summary>Gives up what is underway.</summary>
    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        Task[] left;
        lock (gate) left = [.. underway];
        await Task.WhenAll(left);
        moto.Dispose();
        ending.Dispose();
    }

    private DateTimeOffset Now => options.Clock.Now;

    private VolumeDatabase Database(string id) =>
        databases.GetValueOrDefault(id) ?? throw new InvalidOperationException($"'{id}' is no instance with a volume of the lab");

    private async Task<AwsAnswer> ModifyAsync(AwsCall call)
    {
        var (element, missing) = await moto.FindAsync(call, call.Region, "DBInstance", call.Parameter("DBInstanceIdentifier") ?? "");
        if (element is null) return missing;
        var id = element.Text("DBInstanceIdentifier")!;
        if (call.Region != options.Region || !databases.TryGetValue(id, out var database)) return await moto.SendAsync(call);

        var request = StorageRequest.Of(call);
        if (database.Refuse(request, Now, Cooldown) is { } refusal) return Refuse(call, id, refusal);
        if (request.AsksForMore)
        {
            var answer = await moto.SendAsync(call, call.Region, StorageRequest.Besides(call));
            if (!answer.Succeeded) return answer;
            element = answer.Document().Named("DBInstance").Single();
        }
        var (late, from, to) = database.Accept(request, Now, Cooldown);
        if (late is not null) return Refuse(call, id, late);
        if (to != from) Begin(database, new AcceptedModification
        {
            DatabaseId = id,
            From = from,
            To = to,
            Sent = StorageRequest.Sent(call),
            IsImmediate = request.ApplyImmediately,
            At = Now,
        });
        return Of(call, element);
    }

    private async Task<AwsAnswer> DescribeValidAsync(AwsCall call)
    {
        var (element, missing) = await moto.FindAsync(call, call.Region, "DBInstance", call.Parameter("DBInstanceIdentifier") ?? "");
        if (element is null) return missing;
        return call.Region == options.Region && databases.TryGetValue(element.Text("DBInstanceIdentifier")!, out var database)
            ? Of(call, ValidModifications.Of(database.Volume.Settings))
            : await moto.SendAsync(call);
    }

    private AwsAnswer Refuse(AwsCall call, string id, StorageRefusal refusal)
    {
        Refused.Add(new RefusedModification(id, refusal, StorageRequest.Sent(call), Now));
        return ErrorAnswer.Create(call, 400, refusal.Code, refusal.Message);
    }

    private void Begin(VolumeDatabase database, AcceptedModification accepted)
    {
        Accepted.Add(accepted);
        var changesVolume = accepted.To != accepted.From with { MaxAllocatedGiB = accepted.To.MaxAllocatedGiB };
        if (!accepted.IsImmediate || !changesVolume) return;
        lock (gate) underway.Add(RunAsync(database, accepted));
    }

    private async Task RunAsync(VolumeDatabase database, AcceptedModification accepted)
    {
        // Never on the thread of the one who asked: the answer goes out first.
        await Task.Yield();
        try
        {
            await PlayAsync(database, accepted, database.NextScript(), ending.Token);
            Ended.Add(new EndedModification(accepted));
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The lab ends meanwhile.
        }
        catch (Exception e)
        {
            // The lab's own defect: whoever looks at its problems learns of it, and the instance stays as it is.
            complain($"storage of {accepted.DatabaseId}: {e.GetType().Name}: {e.Message}");
        }
    }

    private async Task PlayAsync(VolumeDatabase database, AcceptedModification accepted, ModificationScript script, CancellationToken cancellation)
    {
        var time = options.Clock.Time;
        await Task.Delay(script.Lead, time, cancellation);
        database.Shown.Status = VolumeDatabase.Modifying;
        Tell(database, accepted.IsAutoscaling ? StorageEvent.Autoscaling : StorageEvent.Applying);
        await Task.Delay(script.Modifying, time, cancellation);
        database.Apply(accepted.To, Now, script.Optimization);
        // A server that was stopped comes back before anybody reads that it is there.
        await database.Instance.CheckVolumeAsync(cancellation);
        Tell(database, accepted.IsAutoscaling ? StorageEvent.Autoscaled : StorageEvent.Applied);
        database.Shown.Status = database.Volume.IsFull ? VolumeDatabase.Full : VolumeDatabase.Optimizing;
        await Task.Delay(script.Optimization, time, cancellation);
        database.End();
        database.Shown.TryChange(VolumeDatabase.Optimizing, VolumeDatabase.Available);
    }

    private void Changed(VolumeDatabase database, VolumeChange change)
    {
        var (volume, id) = (database.Volume, database.Shown.Id);
        switch (change)
        {
            case VolumeChange.Low:
                var (allocated, free) = (volume.AllocatedBytes, volume.FreeBytes);
                Tell(database, StorageEvent.Low(id, allocated, free));
                Tell(database, StorageEvent.ShutDownAhead(id, allocated, free));
                break;
            case VolumeChange.Full:
                database.Shown.Status = VolumeDatabase.Full;
                Tell(database, StorageEvent.ShutDown);
                Tell(database, StorageEvent.Exhausted);
                break;
            case VolumeChange.Resumed:
                database.Shown.TryChange(VolumeDatabase.Full, VolumeDatabase.Available);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(change), change, "no such change");
        }
    }

    private void Tell(VolumeDatabase database, StorageEvent told) => options.Failovers.Tell(new RdsEvent
    {
        At = Now,
        EventId = told.Id,
        Category = told.Category,
        Message = told.Message,
        IsOfCluster = false,
        SourceId = database.Shown.Id,
        SourceArn = database.Shown.Arn,
    });
}
