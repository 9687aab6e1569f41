using System.Collections.Concurrent;
using System.Globalization;
using Automation.Lab.Account;
using Automation.Lab.Secrets;

namespace Automation.Lab.Soak;

/// <summary>Lets a plan happen in a lab, every step beside the others.</summary>
internal sealed class SoakRun : IAsyncDisposable
{
    private static readonly TimeSpan LoginEvery = TimeSpan.FromSeconds(1);
    private readonly SoakLab lab;
    private readonly SoakPlan plan;
    private readonly SoakWitness witness;
    private readonly SoakPeople people;
    private readonly List<SoakWriter> writers = [];
    private readonly Dictionary<string, SecretLogins> logins = [];

    /// <param name="lab">Where.</param>
    /// <param name="plan">What, and when.</param>
    /// <param name="witness">At the lab's endpoint.</param>
    public SoakRun(SoakLab lab, SoakPlan plan, SoakWitness witness)
    {
        (this.lab, this.plan, this.witness) = (lab, plan, witness);
        people = new SoakPeople(lab);
        Incidents = new SoakIncidents(lab, witness, people);
    }

    /// <summary>What happened to sessions, and when the switch was thrown.</summary>
    public SoakIncidents Incidents { get; }

    /// <summary>What went wrong with the steps themselves.</summary>
    public ConcurrentQueue<string> Problems { get; } = new();

    private EventBus Bus => lab.Account.Bus;

    /// <summary>Applications that write and log in; from now on alarms are evaluated.</summary>
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        await Incidents.PrepareAsync(cancellation);
        var trial = lab.Databases[SoakNames.Trial].Instance;
        var password = await lab.CreateLoginAsync(trial, SoakWriter.Role, cancellation);
        await trial.Server.ExecuteAsync(
            $"CREATE TABLE {SoakWriter.Table} (writer int, row bigint, PRIMARY KEY (writer, row)); GRANT SELECT, INSERT ON {SoakWriter.Table} TO {SoakWriter.Role}", cancellation);
        writers.Add(SoakWriter.Start(0, () => trial.Login(SoakWriter.Role, password, "writer")));
        writers.Add(SoakWriter.Start(1, () => trial.LoginThroughProxy(SoakWriter.Role, password, "writer")));
        foreach (var database in lab.Databases.Values)
            logins.Add(database.Id, SecretLogins.Start(new SecretLoginsOptions
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
            await TryAsync(step.What, () => Incidents.PlayAsync(step, cancellation), cancellation);
        }));
        var left = plan.Length - time.GetElapsedTime(begun);
        if (left > TimeSpan.Zero) await Task.Delay(left, cancellation);
    }

    private async Task TryAsync(string what, Func<Task> happen, CancellationToken cancellation)
    {
        try
        {
            await happen();
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            Problems.Enqueue($"{what}: {e.GetType().Name}: {e.Message}");
        }
    }

    /// <summary>No more faults; one more storm, the schedules come once more, people take up what was left unfinished, and everything ends.</summary>
    public async Task SettleAsync(CancellationToken cancellation)
    {
        lab.Account.Endpoint.Faults.Clear();
        lab.Account.Snapshots.Faults.Clear();
        Bus.Faults = DeliveryFaults.None;
        witness.Pardon();
        await Bus.IdleAsync(cancellation);
        await lab.Account.Rotations.IdleAsync(cancellation);
        await TryAsync("the last storm", () => Incidents.LastStormAsync(cancellation), cancellation);
        foreach (var function in new[] { SoakNames.Take, SoakNames.Reconcile, SoakNames.Grow, SoakNames.Forecast }) Bus.Fire(function, "Schedule");
        await Task.WhenAll(lab.Databases.Values.Select(database => people.FinishRotationAsync(database, cancellation)));
        await lab.Account.Rotations.IdleAsync(cancellation);
        await Bus.IdleAsync(cancellation);
        foreach (var application in logins.Values) await application.StopAsync();
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

    /// <summary>Logins of the applications during the soak.</summary>
    public IEnumerable<LoginSeen> Logins => logins.SelectMany(application => application.Value.Attempts.Entries.Select(login => new LoginSeen(
        application.Key, login.At, login.At + login.Duration, login.Result == LoginResult.Ok, login.Result == LoginResult.Refused)));

    public async ValueTask DisposeAsync()
    {
        foreach (var writer in writers) await writer.DisposeAsync();
        foreach (var application in logins.Values) await application.DisposeAsync();
        Incidents.Dispose();
    }
}
