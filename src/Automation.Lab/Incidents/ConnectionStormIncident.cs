using System.Globalization;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using Automation.Lab.Account;
using Automation.Lab.Aws;
using Automation.Lab.Screen;

namespace Automation.Lab.Incidents;

/// <summary>
/// The whole story: a storm takes every slot, the alarm of <c>template.yaml</c> fires, the built function relieves the
/// database, a person is told; and the proof, from PostgreSQL itself.
/// </summary>
internal sealed class ConnectionStormIncident(LocalLab lab, IStory story)
{
    public const string Function = "RelieveConnectionsFunction";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly CheckList checks = new(story);

    public async Task<IReadOnlyList<Check>> RunAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience * 2);
        var stop = limit.Token;

        story.Open(new Scene(Incident.Connections, "Night", "a connection storm",
            "PostgreSQL has a fixed number of slots for connections. When all are taken, nobody gets in any more, and the shop is down although the database is well."));
        story.Happened("Three applications hold slots that they do not use: transactions that were forgotten, reports that failed, pools that are too large. A fourth works hard. Then every slot is taken.");
        await using var storm = await story.StepAsync("applications take every slot",
            () => ConnectionStorm.BreakOutAsync(lab.Database, stop), storm => $"{storm.Members.Count(member => member.Connection is not null)} client sessions, one replica");
        await ShowHoldersAsync(stop);
        var refused = await story.StepAsync($"a new pod of {ConnectionStorm.LockedOut} logs in", () => storm.TryLogInAsync(stop), words => words ?? "it got in");
        var before = await lab.Database.BackendsAsync(stop);
        await storm.WaitUntilPastLimitsAsync(stop);
        var asked = await story.StepAsync("a function that only observes is asked by hand", () => AskAsync(stop), seen => seen.Sentence);
        var after = await lab.Database.BackendsAsync(stop);
        if (!lab.Account.IsWatched) await lab.Account.WatchAsync(stop);
        var attempt = await story.StepAsync("CloudWatch evaluates the alarm of template.yaml on the real connection count, and EventBridge delivers the alarm to the built executable",
            () => lab.Account.Bus.Attempts.FirstAsync(one => one.Delivery.Function.LogicalId == Function, stop),
            one => one.Answer.Succeeded ? FunctionOutcome.Read(one.Answer.Payload).Summary : $"{one.Answer.ErrorType}: {one.Answer.ErrorMessage}");

        var decision = Answers.Of(Function, Answers.ResultOf(lab, attempt));
        story.Saw(Sightings.Of(attempt.Delivery, [new Fact($"tag of {lab.Database.Id}", $"automation:connections = {ConnectionStorm.Policy}"), .. Measured(decision)]));
        story.Decided(asked);
        story.Decided(decision);
        var ended = SessionsOf(decision);
        story.Table(lab.Observes ? "would be ended" : "ended", ["pid", "role", "state", "why"],
            [.. ended.Select(session => new[] { session.Pid.ToString(CultureInfo.InvariantCulture), session.Role, session.State, session.Why })]);
        await TellAsync(stop);

        story.Proof();
        checks.Add("a new login failed before", refused is not null, refused ?? "it got in");
        checks.Add("asked to observe, it ended nothing", storm.Members.All(member => after.GetValueOrDefault(member.Pid) == before.GetValueOrDefault(member.Pid)),
            $"{storm.Members.Count(member => after.ContainsKey(member.Pid))} of {storm.Members.Count} sessions alive");
        checks.Add("the alarm reached the function", attempt.Answer.Succeeded, decision.Sentence);
        checks.Add("observe had named the same sessions", SessionsOf(asked).Select(session => session.Pid).SequenceEqual(ended.Select(session => session.Pid)),
            string.Join(", ", ended.Select(session => session.Pid)));
        if (lab.Observes) await ProveUnchangedAsync(storm, stop);
        else await ProveAsync(storm, stop);
        await RepeatAsync(storm, attempt.Delivery, stop);
        return checks.All;
    }

    private async Task ShowHoldersAsync(CancellationToken stop)
    {
        var rows = await lab.Database.QueryAsync("""
            SELECT usename, coalesce(state, '-'), count(*)::text FROM pg_stat_activity WHERE backend_type IN ('client backend', 'walsender')
            GROUP BY 1, 2 ORDER BY count(*) DESC, 1, 2
            """, stop);
        story.Table("pg_stat_activity", ["role", "state", "sessions"], rows);
    }

    /// <summary>What it would do: the same alarm, to a function with <c>MODE=observe</c>, the default of a new stack.</summary>
    private async Task<Decision> AskAsync(CancellationToken stop)
    {
        await lab.Observers.InvokeAsync(Function, AlarmPayload.Read("cloudwatch-alarm-single-metric", lab.Database.Id, DateTimeOffset.UtcNow), stop);
        return Answers.Of(Function, lab.Observers.Invocations.Entries.Last(call => call.Function == Function).Result);
    }

    private async Task TellAsync(CancellationToken stop)
    {
        // The run that was asked by hand told people too: of what it would do.
        var told = await lab.Account.Notifications.FirstAsync(message => message.Attributes is var about
            && about.GetValueOrDefault("capability") == "connections" && about.GetValueOrDefault("decision") == (lab.Observes ? "observed" : "acted"), stop);
        story.Message(told.Subject ?? "", told.TextFor("email"));
        checks.AddOrigin(told, "alarm");
        checks.Add("the person on call was told", told.Attributes.GetValueOrDefault("database") == lab.Database.Id, told.Subject ?? "(no subject)");
    }

    private async Task ProveAsync(ConnectionStorm storm, CancellationToken stop)
    {
        var login = await story.StepAsync($"the same pod of {ConnectionStorm.LockedOut} logs in again", () => storm.TryLogInAsync(stop), words => words ?? "it is in");
        checks.Add("a new login succeeds after", login is null, login ?? "it is in");

        var alive = await lab.Database.BackendsAsync(stop);
        var survivors = storm.Protected.Count(member => alive.GetValueOrDefault(member.Pid) == member.Start);
        checks.Add("no protected session died", survivors == storm.Protected.Count(), $"{survivors} of {storm.Protected.Count()}: walsender, protected role, advisory lock, listener, query");

        var ended = storm.Members.Where(member => alive.GetValueOrDefault(member.Pid) != member.Start).Select(member => member.Pid).ToHashSet();
        // An overloaded machine may miss a sample, and the alarm then fires twice: each run has its own cap.
        var runs = lab.Functions.Invocations.Entries.Where(call => call.Function == Function).Select(call => Answers.Of(Function, call.Result)).Where(run => run.Verdict == "acted").ToList();
        var named = runs.SelectMany(SessionsOf).Select(session => session.Pid).ToHashSet();
        checks.Add("exactly the named sessions are gone", ended.SetEquals(named) && ended.Count > 0 && ended.Count <= 5 * runs.Count, $"{ended.Count} gone, {named.Count} named");

        var records = await RecordsAsync(stop);
        checks.Add("each is in the ledger", records == ended.Count, $"{records} action records");
    }

    private async Task ProveUnchangedAsync(ConnectionStorm storm, CancellationToken stop)
    {
        var login = await story.StepAsync($"the same pod of {ConnectionStorm.LockedOut} logs in again", () => storm.TryLogInAsync(stop), words => words ?? "it got in");
        checks.Add("a new login still fails: nothing was done about it", login is not null, login ?? "it got in");
        var alive = await lab.Database.BackendsAsync(stop);
        var same = storm.Members.Count(member => alive.GetValueOrDefault(member.Pid) == member.Start);
        checks.Add("every session is alive, also those it named", same == storm.Members.Count, $"{same} of {storm.Members.Count}");
        var records = await RecordsAsync(stop);
        checks.Add("no session is in the ledger", records == 0, $"{records} action records");
    }

    private async Task RepeatAsync(ConnectionStorm storm, FunctionDelivery first, CancellationToken stop)
    {
        var before = await lab.Database.BackendsAsync(stop);
        await story.StepAsync("the very same event is delivered a second time",
            () => lab.Functions.InvokeAsync(Function, first.Payload, stop), again => again.Succeeded ? FunctionOutcome.Read(again.Payload).Summary : again.ErrorMessage ?? "");
        var decision = Answers.Of(Function, lab.Functions.Invocations.Entries.Last(call => call.Function == Function).Result);
        var after = await lab.Database.BackendsAsync(stop);
        // One that observes claims nothing in the ledger, and says the same again.
        checks.Add("a second delivery does nothing new",
            (lab.Observes ? decision.Verdict == "observed" : decision is { Verdict: "nothing-to-do", Reason: "already-handled" })
                && storm.Members.All(member => after.GetValueOrDefault(member.Pid) == before.GetValueOrDefault(member.Pid)),
            $"{decision.Verdict} ({decision.Reason})");
    }

    private static IReadOnlyList<Fact> Measured(Decision decision) => decision.Details.ValueKind == JsonValueKind.Object && decision.Details.TryGetProperty("used", out var used)
        ? [new Fact("PostgreSQL says", $"{used} of {decision.Details.GetProperty("usableSlots")} usable slots are taken; the target is {decision.Details.GetProperty("targetSlots")}")]
        : [];

    private static IReadOnlyList<EndedSession> SessionsOf(Decision decision) => decision.Details.ValueKind == JsonValueKind.Object ? FunctionOutcome.SessionsIn(decision.Details) : [];

    private async Task<int> RecordsAsync(CancellationToken stop)
    {
        using var clients = new LabClients(lab.Account.Endpoint.Uri, LabClients.Anybody, "us-east-1");
        var table = lab.Account.FunctionEnvironment(Function)["LEDGER_TABLE_NAME"];
        var items = await clients.DynamoDB.ScanAsync(new ScanRequest { TableName = table, ConsistentRead = true }, stop);
        return items.Items.Count(item => item.GetValueOrDefault("capability")?.S == "connections");
    }
}
