using System.Collections.Concurrent;
using Automation.Lab.Account;
using Automation.Lab.Failover;
using Automation.Lab.Snapshots;

namespace Automation.Lab.Storage;

/// <summary>
/// The storage of instances as RDS has it: shown, refused and changed by RDS's rules, with its statuses and events, on
/// volumes whose size is enforced. Instances without a volume are moto's alone.
/// </summary>
internal sealed class VolumesService : IAsyncDisposable
{
    private const string Service = "rds";
    // Five times as often as its patience asks for.
    private static readonly TimeSpan AutoscalingInterval = TimeSpan.FromMinutes(1);
    private readonly VolumesServiceOptions options;
    private readonly MotoRds moto;
    private readonly VolumeCalls calls;
    private readonly ConcurrentDictionary<string, VolumeDatabase> databases = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, StorageAutoscaling> autoscalings = new(StringComparer.OrdinalIgnoreCase);
    private readonly CancellationTokenSource ending = new();
    private readonly Lock gate = new();
    private readonly List<Task> underway = [];
    private Action<string> complain = static _ => { };

    public VolumesService(VolumesServiceOptions options)
    {
        this.options = options;
        moto = new MotoRds(options.Moto);
        calls = new VolumeCalls(new VolumeCallsParts
        {
            Moto = moto,
            Find = (region, id) => region == options.Region ? databases.GetValueOrDefault(id) : null,
            Cooldown = () => Cooldown,
            OnAccepted = Begin,
            OnRefused = Refused.Add,
            Time = options.Clock.Time,
        });
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
        autoscalings[id] = new StorageAutoscaling(
            database, options.Clock, target => Autoscale(database, target), told => Tell(database, told));
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
        endpoint.Serve(Service, "ModifyDBInstance", (call, _) => new ValueTask<AwsAnswer>(calls.ModifyAsync(call)));
        endpoint.Serve(Service, "DescribeValidDBInstanceModifications", (call, _) => new ValueTask<AwsAnswer>(calls.DescribeValidAsync(call)));
        var view = new VolumeView(id => id is null ? null : databases.GetValueOrDefault(id), options.Clock.Time);
        endpoint.After(Service, null, (call, answer, _) => ValueTask.FromResult(
            answer.Succeeded && call.Region == options.Region ? view.Show(answer) : answer));
        lock (gate) underway.Add(AutoscaleAsync());
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

    private StorageRefusal? Autoscale(VolumeDatabase database, int target)
    {
        var request = new StorageRequest { AllocatedGiB = target, ApplyImmediately = true };
        var (refusal, former, to) = database.Accept(request, Now, Cooldown, isAutoscaling: true);
        if (refusal is not null) return refusal;
        Begin(database, new AcceptedModification
        {
            DatabaseId = database.Shown.Id,
            From = former,
            To = to,
            Sent = new Dictionary<string, string>(),
            IsImmediate = true,
            IsAutoscaling = true,
            At = Now,
        });
        return null;
    }

    private async Task AutoscaleAsync()
    {
        using var timer = new PeriodicTimer(options.Clock.Shorten(AutoscalingInterval), options.Clock.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(ending.Token))
            {
                foreach (var autoscaling in autoscalings.Values) autoscaling.Check();
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The lab ends.
        }
        catch (Exception e)
        {
            // The lab's own defect, as below.
            complain($"storage autoscaling: {e.GetType().Name}: {e.Message}");
        }
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
            var play = new ModificationPlay(database, accepted, told => Tell(database, told), options.Clock);
            await play.RunAsync(database.NextScript(), ending.Token);
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
