using System.Text.Json;
using Automation.Lab.Account;
using Automation.Lab.Failover;
using Automation.Lab.Lambda;
using Automation.Lab.Screen;

namespace Automation.Lab.Report;

/// <summary>Watches a run of the lab from its beginning to its end, and gives the record of it.</summary>
/// <remarks>Order: <see cref="Tell"/> the story through it, <see cref="WatchAsync"/> the lab, <see cref="StopAsync"/> before the lab ends, <see cref="Finish"/>.</remarks>
internal sealed class RunRecorder : IAsyncDisposable
{
    private readonly TimeProvider time;
    private readonly DateTimeOffset started;
    private readonly CancellationTokenSource ending = new();
    private readonly Lock gate = new();
    private readonly List<Task> watching = [];
    private readonly List<DatabaseWatch> databases = [];
    private readonly List<RunOption> options = [];
    private readonly List<RunMoment> moments = [];
    private readonly List<RunDecision> decisions = [];
    private readonly List<RunInvocation> invocations = [];
    private readonly List<RunMessage> messages = [];
    private readonly List<RunCall> changes = [];
    private readonly List<RunOutage> outages = [];
    private RecordedStory? story;

    /// <summary>The run begins now.</summary>
    public RunRecorder(TimeProvider time)
    {
        this.time = time;
        started = time.GetUtcNow();
    }

    /// <summary>Keeps what is told from now on.</summary>
    /// <param name="teller">Tells it.</param>
    public IStory Tell(IStory teller) => story = new RecordedStory(teller, time);

    /// <summary>Watches a lab until <see cref="StopAsync"/>.</summary>
    /// <param name="lab">Its databases get a role, as which the report logs in.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task WatchAsync(LocalLab lab, CancellationToken cancellation)
    {
        options.Add(new RunOption("PostgreSQL", lab.Database.Server.Version.ToString()));
        foreach (var database in new[] { lab.Database, lab.Filling }.OfType<LabInstance>())
        {
            options.Add(new RunOption("database", database.Id));
            options.AddRange(database.Registration.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => new RunOption(tag.Key, tag.Value)));
            var watch = await DatabaseWatch.PrepareAsync(database, time, cancellation);
            databases.Add(watch);
            watching.Add(watch.RunAsync(ending.Token));
        }
        Follow(lab.Account.Bus.Events, Note);
        Follow(lab.Functions.Invocations, call => Note(call.Function, call.Result));
        Follow(lab.Observers.Invocations, call => Note(call.Function, call.Result));
        Follow(lab.Account.Notifications, Note);
        Follow(lab.Account.Endpoint.Calls, call => Note(call, lab.Account.Roles.FunctionOf(call.Call.AccessKeyId)));
        Follow(lab.Account.Failovers.Ended, Note);
    }

    /// <summary>Stops watching: what happens from now on is the lab's end, and no part of the run.</summary>
    public async Task StopAsync()
    {
        await ending.CancelAsync();
        await Task.WhenAll(watching);
    }

    /// <summary>The record of all that was seen.</summary>
    /// <param name="seed">What chance was seeded with.</param>
    /// <param name="broken">Why the run ended before its time.</param>
    public RunRecord Finish(int? seed = null, string? broken = null)
    {
        var ended = time.GetUtcNow();
        var chapters = story?.Chapters(ended) ?? [];
        lock (gate)
        {
            return new RunRecord
            {
                StartedAt = started,
                EndedAt = ended,
                Options = options,
                Seed = seed,
                Broken = broken,
                Series = [.. databases.SelectMany(database => database.Series)],
                Probes = [.. databases.Select(database => database.Probe)],
                Outages = [.. outages.Select(outage => outage with { MeasuredMs = OutageReading.Measured(outage, decisions) })],
                Moments = [.. moments.Concat(Deeds.Of(decisions, invocations, changes)).Concat(chapters.SelectMany(chapter => chapter.Told).OfType<RunCheck>().Select(Moment)).OrderBy(moment => moment.At)],
                Decisions = [.. decisions.OrderBy(decision => decision.At)],
                Invocations = [.. invocations],
                Messages = [.. messages.OrderBy(message => message.At)],
                Chapters = chapters,
                Changes = [.. changes.OrderBy(change => change.At)],
            };
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        ending.Dispose();
    }

    private void Follow<T>(Journal<T> journal, Action<T> note) => watching.Add(new Follower<T>(journal, entry =>
    {
        lock (gate) note(entry);
    }).RunAsync(ending.Token));

    private void Note(JsonElement @event) => moments.Add(EventReading.Read(@event, time.GetUtcNow()));

    private void Note(string function, InvocationResult result)
    {
        var observed = AnswerReading.IsObserved(result);
        var invocation = AnswerReading.Invocation(function, result);
        invocations.Add(invocation);
        moments.Add(new RunMoment
        {
            At = invocation.BeganAt,
            Took = invocation.At - invocation.BeganAt,
            Kind = MomentKind.Function,
            Label = observed ? $"{invocation.Function} (observe)" : invocation.Function,
            Text = invocation.Error ?? "",
            Weight = invocation.Error is not null ? Weight.Bad : observed ? Weight.Faint : Weight.Plain,
        });
        foreach (var decision in AnswerReading.Decisions(function, result))
        {
            decisions.Add(decision);
            moments.Add(Moment(decision));
        }
    }

    private void Note(Notification notification)
    {
        var message = new RunMessage
        {
            At = notification.At,
            Topic = notification.TopicArn.Split(':')[^1],
            Subject = notification.Subject ?? "(no subject)",
            Text = notification.TextFor("email"),
            Severity = notification.Attributes.GetValueOrDefault("severity") ?? "",
        };
        messages.Add(message);
        moments.Add(new RunMoment { At = message.At, Kind = MomentKind.Message, Label = message.Subject, Text = message.Topic });
    }

    private void Note(RecordedCall call, string? function)
    {
        if (!CallReading.IsChange(call.Call)) return;
        changes.Add(new RunCall(call.At, function is null ? "lab" : "automation", call.Service, call.Action.Length > 0 ? call.Action : "PutObject", CallReading.About(call.Call), call.Status)
        {
            Function = function is null ? "" : AnswerReading.Name(function),
        });
    }

    private void Note(EndedFailover ended) => outages.AddRange(OutageReading.Of(ended));

    private static RunMoment Moment(RunDecision decision) => new()
    {
        At = decision.At,
        Kind = MomentKind.Decision,
        Label = $"{decision.Decision}: {decision.Reason}",
        Text = decision.Summary,
        Database = decision.Database,
        Weight = decision.Decision switch
        {
            "acted" => Weight.Plain,
            "observed" or "refused" => Weight.Held,
            "failed" => Weight.Bad,
            _ => Weight.Faint,
        },
    };

    private static RunMoment Moment(RunCheck check) => new()
    {
        At = check.At,
        Kind = MomentKind.Check,
        Label = check.Claim,
        Text = check.Seen,
        Weight = check.Holds ? Weight.Plain : Weight.Bad,
    };
}
