using Automation.Events;
using Automation.Fleet;
using Automation.Notifications;
using Automation.Outcomes;
using Automation.Snapshots;

namespace Automation.Tests.Snapshots.Year;

/// <summary>
/// TakeSnapshots and ReconcileSnapshots as they are deployed, on schedule and on events, over a simulated RDS.
/// </summary>
internal sealed class SimulatedYear
{
    public const string Partner = "111122223333", Auditor = "444455556666", Stranger = "999988887777";

    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(15), Lambda = TimeSpan.FromSeconds(285);
    private readonly YearOptions options;
    private readonly Chance chance;
    private readonly FakeTime time = new(Start);
    private readonly Mishaps mishaps;
    private readonly SimulatedLedger ledger;
    private readonly Health health = new();
    private readonly Judge judge;
    private readonly People people;
    private readonly TakeSnapshots take;
    private readonly ReconcileSnapshots reconcile;
    private readonly List<(long Step, DatabaseKind Kind, string Id)> underway = [];
    private long taken = -1, settled = -1, told;

    public SimulatedYear(YearOptions options)
    {
        this.options = options;
        chance = new Chance(options.Seed);
        mishaps = new Mishaps(chance);
        Watch = new Watch(mishaps, time) { Observes = options.Mode == Mode.Observe };
        ledger = new SimulatedLedger(mishaps, time);
        Watch.Ledger = ledger;
        Rds = new SimulatedRds(chance, options.Trouble, mishaps, time, Watch);
        judge = new Judge(Rds, Watch, health);
        people = new People(Rds, ledger, Watch, health, chance, Start);

        var settings = new Settings
        {
            Mode = options.Mode, TagPrefix = "automation", NotificationTopicArn = "arn:aws:sns:eu-central-1:123456789012:news", LedgerTableName = "ledger",
            StagingTag = new StagingTag("environment", "staging"), DatabaseUser = "automation", CaBundlePath = null, ShareAccounts = [Partner, Auditor],
        };
        var once = new ToldOnce(ledger);
        var news = new DailyNews(once, time);
        var actions = new SnapshotActions(ledger, time);
        var loading = new SnapshotLoading(Rds, Rds, settings, time);
        take = new TakeSnapshots(Rds, Rds, ledger, actions, news, settings, time);
        reconcile = new ReconcileSnapshots(Rds, Rds, loading, new ReconcileExecution(Rds, Rds, loading, actions, ledger, settings, time),
            new FleetReport(Rds, Rds, once, news, settings), ledger, news, settings, time);
        people.Found();
    }

    public SimulatedRds Rds { get; }
    public Watch Watch { get; }
    public int Runs { get; private set; }

    /// <summary>Reasons of what would have been done.</summary>
    public SortedSet<string> Observed { get; } = [];

    /// <summary>How often something could be expected, and was looked at.</summary>
    public Judge Judge => judge;

    public async Task LiveAsync()
    {
        health.Hurt(null, Start);
        for (long step = 0; step < options.Days * 96L && Watch.Faults.Count == 0; step += StrideAt(step))
        {
            MoveTo(Start + step * Step);
            if (options.Trouble) people.Act(step);
            judge.Note(time.GetUtcNow());
            await StepAsync(step);
            judge.Note(time.GetUtcNow());
            judge.Check(time.GetUtcNow());
        }
    }

    /// <summary>
    /// A quarter of an hour, as it is deployed, for two days of a month: snapshots are met while they are made. Otherwise an hour,
    /// which is several times as fast.
    /// </summary>
    private long StrideAt(long step) => options.EventsBetweenRuns || step / 96 % 30 < 2 ? 1 : 4;

    private async Task StepAsync(long step)
    {
        var now = time.GetUtcNow();
        var (storm, deadly) = (options.Trouble && chance.Hits(0.02, "storm", step), options.Trouble && chance.Hits(0.01, "deadly", step));
        await DeliverAsync(step, storm);
        var watched = !options.LeavesOutIdleRuns || storm || deadly || IsBoundary(now);
        if (watched || taken != Rds.HomeVersion)
        {
            var home = Rds.HomeVersion;
            taken = await ScheduleAsync("take", step, storm, deadly, invocation => take.RunAsync(new SnapshotsRequest.Everything(), invocation, CancellationToken.None), ["take"]) && home == Rds.HomeVersion ? home : -1;
        }
        if ((!watched && settled == Rds.Version) || (options.EventsBetweenRuns && now.Minute != 0)) return;
        var before = Rds.Version;
        settled = await ScheduleAsync("reconcile", step, storm, deadly, invocation => reconcile.RunAsync(new SnapshotsRequest.Everything(), invocation, CancellationToken.None), ["retain", "copy"])
            && before == Rds.Version ? before : -1;
    }

    /// <summary>A time at which facts that stand still mean something else: slots, hours while RDS is at work, days.</summary>
    private bool IsBoundary(DateTimeOffset now) => now is { Minute: 0, Hour: 0 or 6 } || Rds.InTheMaking.Any(snapshot => Crosses(now - snapshot.Begun, 12) || Crosses(now - snapshot.Begun, 24))
        || Rds.Databases.Exists(database => database.Policy is { } policy && (now - DateTimeOffset.UnixEpoch).Ticks % policy.Every.Ticks == 0);

    private static bool Crosses(TimeSpan age, int hours) => age > TimeSpan.FromHours(hours) && age <= TimeSpan.FromHours(hours + 1);

    private async Task<bool> ScheduleAsync(string name, long step, bool storm, bool deadly, Func<Invocation, Task<IReadOnlyList<Conclusion>>> run, string[] hurts)
    {
        if (options.Trouble && chance.Hits(0.02, "lost " + name, step))
        {
            foreach (var what in hurts) health.Hurt(null, what, time.GetUtcNow());
            return false;
        }
        return await InvokeAsync($"{name}-{step}", storm ? 0.15 : 0, deadly && chance.Hits(0.5, "dies " + name, step), options.Trouble && chance.Hits(0.005, "slow " + name, step), run, hurts);
    }

    /// <summary>Runs a function, and again as Lambda does when it failed or died: a minute later, with the same request id.</summary>
    private async Task<bool> InvokeAsync(string id, double rate, bool dies, bool slow, Func<Invocation, Task<IReadOnlyList<Conclusion>>> run, string[] hurts)
    {
        var clean = true;
        for (var attempt = 0; attempt < 3; attempt++)
        {
            Runs++;
            mishaps.Begin(id, attempt, rate, dies && attempt == 0);
            var conclusions = await run(new Invocation(id, time.GetUtcNow() + (slow && attempt == 0 ? TimeSpan.FromSeconds(20) : Lambda)));
            Note(hurts, slow && attempt == 0);
            // A lease that a dead run left behind ends by itself.
            clean &= mishaps.Met.Count == 0 && !slow && conclusions.All(conclusion => conclusion.Outcome.Reason != "in-progress");
            if (!mishaps.Died && await EndAsync(conclusions)) break;
            MoveTo(time.GetUtcNow() + TimeSpan.FromMinutes(1));
        }
        mishaps.Begin("", 0, 0, false);
        return clean;
    }

    private void Note(string[] hurts, bool slow)
    {
        var now = time.GetUtcNow();
        foreach (var what in hurts)
        {
            if (mishaps.Died || slow) health.Hurt(null, what, now);
            foreach (var subject in mishaps.Met) health.Hurt(Rds.Find(subject)?.ResourceId, what, now);
        }
    }

    /// <summary>The end of an invocation, as FunctionRun has it: tell, note that it was told, fail when something failed.</summary>
    private async Task<bool> EndAsync(IReadOnlyList<Conclusion> conclusions)
    {
        foreach (var conclusion in conclusions)
        {
            if (mishaps.Met.Count == 0) Watch.Said(conclusion, Rds);
            if (conclusion.Outcome.Decision == Decision.Observed) Observed.Add(conclusion.Outcome.Reason);
            Watch.Told(conclusion);
            if (conclusion is { Announcement: not null, Claim: { } claim }) await ledger.MarkNotifiedAsync(claim, CancellationToken.None);
        }
        return conclusions.All(conclusion => conclusion.Outcome.Decision != Decision.Failed);
    }

    private async Task DeliverAsync(long step, bool storm)
    {
        foreach (var (kind, id) in Rds.Events.OrderBy(happened => happened.Id, StringComparer.Ordinal)) Send(step, kind, id, told++);
        Rds.Events.Clear();
        for (var i = 0; i < underway.Count; i++)
        {
            var (due, kind, id) = underway[i];
            if (due > step) continue;
            underway.RemoveAt(i--);
            await InvokeAsync($"event-{step}-{i}-{id}", storm ? 0.15 : 0, options.Trouble && chance.Hits(0.002, "event dies " + id, step), false,
                invocation => reconcile.RunAsync(new SnapshotsRequest.SnapshotEvent(kind, id), invocation, CancellationToken.None), ["retain", "copy"]);
        }
    }

    private void Send(long step, DatabaseKind kind, string id, long number)
    {
        double Of(string what) => chance.Of(what, number);
        var (lost, twice, late) = options.Delivery switch
        {
            Delivery.InOrder => (false, false, 0),
            Delivery.Lost => (true, false, 0),
            Delivery.Twice => (false, true, 0),
            Delivery.Reordered => (false, false, (int)(Of("late") * 4)),
            _ => (Of("lost") < 0.7, Of("twice") < 0.1, Of("is late") < 0.3 ? (int)(Of("late") * 4) : 0),
        };
        if (lost) return;
        underway.Add((step + late, kind, id));
        if (twice) underway.Add((step + late, kind, id));
        if (options.Delivery == Delivery.Reordered) underway.Reverse();
    }

    private void MoveTo(DateTimeOffset then)
    {
        if (then > time.GetUtcNow()) time.Advance(then - time.GetUtcNow());
        Rds.Progress();
    }
}
