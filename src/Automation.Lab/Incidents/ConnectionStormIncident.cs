using System.Globalization;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using Automation.Lab.Account;
using Automation.Lab.Aws;
using Automation.Lab.Lambda;
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

        story.Chapter("A connection storm");
        await using var storm = await story.StepAsync("applications take every slot",
            () => ConnectionStorm.BreakOutAsync(lab.Database, stop), storm => $"{storm.Members.Count(member => member.Connection is not null)} client sessions, one replica");
        await ShowHoldersAsync(stop);
        var refused = await story.StepAsync($"a new pod of {ConnectionStorm.LockedOut} logs in", () => storm.TryLogInAsync(stop), words => words ?? "it got in");
        checks.Add("a new login failed before", refused is not null, refused ?? "it got in");

        var observed = await ObserveAsync(storm, stop);
        var acted = await ActAsync(stop);
        await ProveAsync(storm, observed, acted, stop);
        await RepeatAsync(storm, acted, stop);
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

    private async Task<FunctionOutcome> ObserveAsync(ConnectionStorm storm, CancellationToken stop)
    {
        story.Chapter("What it would do (MODE=observe, the default of a new stack)");
        var before = await lab.Database.BackendsAsync(stop);
        await storm.WaitUntilPastLimitsAsync(stop);
        var outcome = await story.StepAsync("the same alarm, to a function that only observes",
            async () => Read(await lab.Observers.InvokeAsync(Function, AlarmPayload.Read("cloudwatch-alarm-single-metric", lab.Database.Id, DateTimeOffset.UtcNow), stop)),
            seen => seen.Summary);
        var after = await lab.Database.BackendsAsync(stop);
        checks.Add("observe ended nothing", storm.Members.All(member => after.GetValueOrDefault(member.Pid) == before.GetValueOrDefault(member.Pid)),
            $"{storm.Members.Count(member => after.ContainsKey(member.Pid))} of {storm.Members.Count} sessions alive");
        return outcome;
    }

    private async Task<(FunctionOutcome Outcome, JsonElement Event)> ActAsync(CancellationToken stop)
    {
        story.Chapter("The alarm fires (MODE=act)");
        await lab.Account.WatchAsync(stop);
        var transition = await story.StepAsync("CloudWatch evaluates the alarm of template.yaml on the real connection count",
            () => lab.Account.Alarms.Transitions.FirstAsync(change => change.Current.State == AlarmState.Alarm, stop),
            change => change.Current.Reason.Length > 110 ? change.Current.Reason[..110] + "…" : change.Current.Reason);
        var (_, result) = await story.StepAsync("EventBridge delivers the alarm to the built executable",
            () => lab.Functions.Invocations.FirstAsync(call => call.Function == Function, stop),
            call => call.Result.Succeeded ? Read(call.Result).Summary : $"{call.Result.ErrorType}: {call.Result.ErrorMessage}");
        story.Line(result.Report.ToString().Replace('\t', ' '));
        checks.Add("the alarm reached the function", result.Succeeded, result.Succeeded ? transition.Alarm.Name : $"{result.ErrorType}: {result.ErrorMessage}");
        var outcome = Read(result);
        story.Table("ended", ["pid", "role", "state", "why"],
            [.. outcome.Sessions.Select(session => new[] { session.Pid.ToString(CultureInfo.InvariantCulture), session.Role, session.State, session.Why })]);

        var told = await lab.Account.Notifications.FirstAsync(message => message.Attributes is var about
            && about.GetValueOrDefault("capability") == "connections" && about.GetValueOrDefault("decision") == "acted", stop);
        story.Chapter("What the person on call receives");
        story.Message(told.Subject ?? "", told.TextFor("email"));
        checks.AddOrigin(told, "alarm");
        checks.Add("the person on call was told", told.Attributes.GetValueOrDefault("database") == lab.Database.Id, told.Subject ?? "(no subject)");
        var sent = lab.Account.Bus.Events.Entries.First(@event => IsOf(@event, transition.Alarm.Name, "ALARM"));
        return (outcome, sent);
    }

    private async Task ProveAsync(ConnectionStorm storm, FunctionOutcome observed, (FunctionOutcome Outcome, JsonElement Event) acted, CancellationToken stop)
    {
        story.Chapter("Proof, from PostgreSQL itself");
        var login = await story.StepAsync($"the same pod of {ConnectionStorm.LockedOut} logs in again", () => storm.TryLogInAsync(stop), words => words ?? "it is in");
        checks.Add("a new login succeeds after", login is null, login ?? "it is in");

        var alive = await lab.Database.BackendsAsync(stop);
        var survivors = storm.Protected.Count(member => alive.GetValueOrDefault(member.Pid) == member.Start);
        checks.Add("no protected session died", survivors == storm.Protected.Count(), $"{survivors} of {storm.Protected.Count()}: walsender, protected role, advisory lock, listener, query");

        var ended = storm.Members.Where(member => alive.GetValueOrDefault(member.Pid) != member.Start).Select(member => member.Pid).ToHashSet();
        // An overloaded machine may miss a sample, and the alarm then fires twice: each run has its own cap.
        var runs = lab.Functions.Invocations.Entries.Select(call => Read(call.Result)).Where(run => run.Decision == "acted").ToList();
        var named = runs.SelectMany(run => run.Sessions).Select(session => session.Pid).ToHashSet();
        checks.Add("exactly the named sessions are gone", ended.SetEquals(named) && ended.Count > 0 && ended.Count <= 5 * runs.Count, $"{ended.Count} gone, {named.Count} named");
        checks.Add("observe had named the same sessions", observed.Sessions.Select(session => session.Pid).SequenceEqual(acted.Outcome.Sessions.Select(session => session.Pid)),
            string.Join(", ", observed.Sessions.Select(session => session.Pid)));

        var records = await RecordsAsync(stop);
        checks.Add("each is in the ledger", records == ended.Count, $"{records} action records");
    }

    private async Task RepeatAsync(ConnectionStorm storm, (FunctionOutcome Outcome, JsonElement Event) acted, CancellationToken stop)
    {
        var before = await lab.Database.BackendsAsync(stop);
        var answer = await story.StepAsync("the very same event is delivered a second time",
            () => lab.Functions.InvokeAsync(Function, JsonSerializer.SerializeToUtf8Bytes(acted.Event), stop), again => Read(again).Summary);
        var after = await lab.Database.BackendsAsync(stop);
        checks.Add("a second delivery does nothing new",
            Read(answer) is { Decision: "nothing-to-do", Reason: "already-handled" } && storm.Members.All(member => after.GetValueOrDefault(member.Pid) == before.GetValueOrDefault(member.Pid)),
            Read(answer).Summary);
    }

    private async Task<int> RecordsAsync(CancellationToken stop)
    {
        using var clients = new LabClients(lab.Account.Endpoint.Uri, LabClients.Anybody, "us-east-1");
        var table = lab.Account.FunctionEnvironment(Function)["LEDGER_TABLE_NAME"];
        var items = await clients.DynamoDB.ScanAsync(new ScanRequest { TableName = table, ConsistentRead = true }, stop);
        return items.Items.Count(item => item.GetValueOrDefault("capability")?.S == "connections");
    }

    private static bool IsOf(JsonElement @event, string alarm, string state) =>
        @event.GetProperty("detail") is var detail
        && detail.TryGetProperty("alarmName", out var name) && name.GetString() == alarm
        && detail.GetProperty("state").GetProperty("value").GetString() == state;

    private static FunctionOutcome Read(FunctionAnswer answer) => answer.Succeeded
        ? FunctionOutcome.Read(answer.Payload)
        : new FunctionOutcome("error", answer.ErrorType ?? "", answer.ErrorMessage ?? "", []);

    private static FunctionOutcome Read(InvocationResult result) => result.Succeeded
        ? FunctionOutcome.Read(result.Payload)
        : new FunctionOutcome("error", result.ErrorType ?? "", result.ErrorMessage ?? "", []);
}
