using Automation.Lab.Account;
using Automation.Lab.Aws;
using Automation.Lab.Postgres;
using Automation.Lab.Snapshots;

namespace Automation.Lab.Failover;

/// <summary>
/// Failovers as RDS has them: an accepted call is answered at once and played on real servers afterwards, with the statuses,
/// zones and events that RDS shows meanwhile. moto keeps the records.
/// </summary>
internal sealed class FailoversService : IAsyncDisposable
{
    private const string Service = "rds";
    private readonly FailoversServiceOptions options;
    private readonly MotoRds moto;
    private readonly FailoverShelf shelf = new();
    private readonly RdsEvents events;
    private readonly PendingMaintenances maintenance = new();
    private readonly FailoverCalls calls;
    private readonly CancellationTokenSource ending = new();
    private readonly Lock gate = new();
    private readonly List<Task> underway = [];
    private Action<string> complain = static _ => { };

    public FailoversService(FailoversServiceOptions options)
    {
        this.options = options;
        moto = new MotoRds(options.Moto);
        events = new RdsEvents(options.OnEvent, options.Time);
        calls = new FailoverCalls(moto, shelf, options.Region, Accept);
    }

    /// <summary>What was accepted, in order: count here how many failovers there were.</summary>
    public Journal<AcceptedFailover> Accepted { get; } = new();

    /// <summary>Failovers that are over, with the truth; wait here.</summary>
    public Journal<EndedFailover> Ended { get; } = new();

    /// <summary>What RDS told; add here what it is to have told besides.</summary>
    public Journal<RdsEvent> Events => events.All;

    /// <summary>What waits for its time: nothing, unless it is added here.</summary>
    public Journal<PendingMaintenance> Maintenance => maintenance.All;

    /// <summary>How soon after a failover RDS abandons the next one.</summary>
    public TimeSpan Pause { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>From now on calls about this instance are played on its servers.</summary>
    public void SetInstance(string id, LabInstance instance, Action<PostgresServer> onSwitch) => shelf.Add(new FailoverDatabase(options.Region)
    {
        Id = id,
        Arn = Arn("db", id),
        Instance = instance,
        Play = async (script, at, onOutage, cancellation) =>
        {
            var truth = await instance.FailOverAsync(script, at, onOutage, cancellation);
            onSwitch(instance.Server);
            return truth;
        },
    });

    /// <summary>From now on calls about this cluster are played on its servers.</summary>
    public void SetCluster(LabAuroraCluster cluster) => shelf.Add(new FailoverDatabase(options.Region)
    {
        Id = cluster.Id,
        Arn = Arn("cluster", cluster.Id),
        Cluster = cluster,
        Play = async (script, at, onOutage, cancellation) =>
        {
            var truth = await cluster.FailOverAsync(script, at, onOutage, cancellation);
            var now = cluster.Registration;
            options.Databases.SetCluster(now.Id, now.Endpoint, now.ReaderEndpoint, now.Members[0].Id);
            return truth;
        },
    });

    /// <summary>From now on the API shows this proxy where it listens, before a database that was set.</summary>
    public void SetProxy(string name, LabProxy proxy, string databaseId) => shelf.Add(new RegisteredProxy(name, proxy.Endpoint, Database(databaseId)));

    /// <summary>How the next failover of a database is played; those after it in their turn, and then the default.</summary>
    public void Script(string databaseId, FailoverScript script) => Database(databaseId).Enqueue(script);

    /// <summary>What Describe answers say of an instance or cluster, until it is set to <c>available</c> again.</summary>
    public void SetStatus(string databaseId, string status) => Database(databaseId).Status = status;

    /// <summary>A database that was set: its status is everybody's.</summary>
    /// <exception cref="InvalidOperationException">It was not.</exception>
    public FailoverDatabase Database(string id) => shelf.Find(id) ?? throw new InvalidOperationException($"'{id}' is no database with servers of the lab");

    /// <summary>Tells an event, as RDS would.</summary>
    public void Tell(RdsEvent told) => events.Tell(told);

    /// <summary>Answers at the endpoint from now on.</summary>
    public void Install(LabEndpoint endpoint)
    {
        complain = endpoint.Problems.Add;
        endpoint.Serve(Service, "RebootDBInstance", (call, _) => new ValueTask<AwsAnswer>(calls.RebootAsync(call)));
        endpoint.Serve(Service, "FailoverDBCluster", (call, _) => new ValueTask<AwsAnswer>(calls.FailOverAsync(call)));
        endpoint.Serve(Service, "DescribeEvents", (call, _) => ValueTask.FromResult(events.Describe(call)));
        endpoint.Serve(Service, "DescribePendingMaintenanceActions", (call, _) => ValueTask.FromResult(maintenance.Describe(call)));
        var view = new FailoverView(shelf);
        endpoint.After(Service, null, (call, answer, _) => ValueTask.FromResult(
            answer.Succeeded && call.Region == options.Region ? view.Show(call, answer) : answer));
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

    private string Arn(string kind, string id) => $"arn:aws:rds:{options.Region}:{MotoServer.AccountId}:{kind}:{id}";

    private void Accept(FailoverDatabase database, bool forced, string? target)
    {
        var at = Moment.Now(options.Time);
        var script = forced ? database.NextScript(at.Utc, Pause) : FailoverScript.BackToSame;
        var accepted = new AcceptedFailover(database.Id, target, forced, script, at);
        Accepted.Add(accepted);
        lock (gate) underway.Add(RunAsync(database, accepted));
    }

    private async Task RunAsync(FailoverDatabase database, AcceptedFailover accepted)
    {
        // Never on the thread of the one who asked: the answer goes out first.
        await Task.Yield();
        try
        {
            var truth = await PlayAsync(database, accepted, ending.Token);
            Ended.Add(new EndedFailover(accepted, truth));
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The lab ends during a failover.
        }
        catch (Exception e)
        {
            // The lab's own defect: whoever looks at its problems learns of it, and the database stays as it is.
            complain($"failover of {database.Id}: {e.GetType().Name}: {e.Message}");
        }
    }

    private async Task<FailoverTruth> PlayAsync(FailoverDatabase database, AcceptedFailover accepted, CancellationToken cancellation)
    {
        var told = new FailoverEvents(database, options.Time);
        var (script, outcome) = (accepted.Script, accepted.Script.Outcome);
        var writer = outcome == FailoverOutcome.Switched ? accepted.Target : database.Cluster?.Writer.Id;
        var truth = await database.Play(script, accepted.At, () => Tell(told.Started(accepted.Forced, accepted.Target)), cancellation);
        if (outcome == FailoverOutcome.NeverBack) return truth;
        if (outcome == FailoverOutcome.Abandoned)
        {
            Tell(told.Abandoned());
            database.End();
            return truth;
        }
        if (outcome == FailoverOutcome.Switched) database.Switched(truth.ServingAt!.Value.Utc);
        foreach (var one in told.Serving(outcome, writer)) Tell(one);
        await Task.Delay(script.Completion, options.Time, cancellation);
        if (told.Completed(outcome, accepted.Forced, writer) is { } completed) Tell(completed);
        database.End();
        if (outcome != FailoverOutcome.Switched) return truth;
        if (database.Cluster is { } cluster)
        {
            await cluster.RestoreReaderAsync(cancellation);
            return truth;
        }
        await Task.Delay(script.ZoneSwap, options.Time, cancellation);
        database.SwapZones();
        return truth;
    }
}
