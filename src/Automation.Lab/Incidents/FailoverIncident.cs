using System.Globalization;
using System.Text;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using Automation.Lab.Aws;
using Automation.Lab.Failover;
using Automation.Lab.Screen;

namespace Automation.Lab.Incidents;

/// <summary>
/// A game day: the schedule comes, the primary is killed under writes, the standby takes over, and what the function says about
/// it is held against what the lab did and when.
/// </summary>
internal sealed class FailoverIncident(LocalLab lab, IStory story)
{
    public const string Policy = "allow budget=30s";

    private const string Function = "TestFailoverFunction", Schedule = "Schedule", Schema = "automation_failover_test";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(150);
    private readonly CheckList checks = new(story);

    public async Task<IReadOnlyList<Check>> RunAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        var stop = limit.Token;
        using var clients = new LabClients(lab.Account.Endpoint.Uri, LabClients.Anybody, lab.Region);

        story.Chapter("Failover: a game day that measures what clients saw");
        story.Line($"the tags of {lab.Database.Id}: environment = staging, automation:failover-test = {Policy}");
        await ObserveAsync(stop);
        var outcome = await TestAsync(stop);
        var truth = (await story.StepAsync("the lab tells when it killed the primary, and when another served",
            () => lab.Account.Failovers.Ended.FirstAsync(ended => ended.Accepted.DatabaseId == lab.Database.Id, stop),
            ended => $"directly {Milliseconds(ended.Truth, ended.Truth.ServingAt)} ms, through the proxy {Milliseconds(ended.Truth, ended.Truth.ProxyServingAt)} ms")).Truth;
        Compare(outcome, truth);
        await ProveAsync(clients, outcome, stop);
        return checks.All;
    }

    private async Task ObserveAsync(CancellationToken stop)
    {
        var answer = await story.StepAsync("a look first, by hand: every check, and nothing done (observe)",
            () => lab.Observers.InvokeAsync(Function, Encoding.UTF8.GetBytes($$$"""{"detail":{"database":"{{{lab.Database.Id}}}","mode":"observe"}}"""), stop),
            answered => Text(OutcomeOf(answered.Payload), "summary"));
        var outcome = OutcomeOf(answer.Payload);
        var seen = outcome.GetProperty("details").GetProperty("checks").EnumerateArray().ToList();
        story.Table("what must hold", ["check", "holds", "seen"], [.. seen.Select(check =>
            (IReadOnlyList<string>)[Text(check, "check"), check.GetProperty("holds").GetBoolean() ? "yes" : "NO", Text(check, "seen")])]);
        checks.Add("observe shows every check and asks for nothing", Text(outcome, "decision") == "observed" && lab.Account.Failovers.Accepted.Entries.Count == 0,
            $"{Text(outcome, "decision")} ({Text(outcome, "reason")}), {seen.Count} checks");
    }

    private async Task<JsonElement> TestAsync(CancellationToken stop)
    {
        var told = await story.StepAsync("the schedule comes: baseline, call, failover, and every client back",
            async () =>
            {
                lab.Account.Bus.Fire(Function, Schedule);
                return await lab.Account.Notifications.FirstAsync(message => message.Attributes.GetValueOrDefault("capability") == "failover"
                    && message.Attributes.GetValueOrDefault("decision") == "acted", stop);
            },
            message => message.Subject ?? "");
        await lab.Account.Bus.IdleAsync(stop);
        story.Message(told.Subject ?? "", told.TextFor("email"));
        checks.AddOrigin(told, "schedule");
        return OutcomeOf(lab.Functions.Invocations.Entries.Last(entry => entry.Function == Function).Result.Payload);
    }

    private void Compare(JsonElement outcome, FailoverTruth truth)
    {
        var details = outcome.GetProperty("details");
        var resolution = details.GetProperty("resolutionMs").GetInt64();
        var rows = new List<IReadOnlyList<string>>();
        var right = true;
        foreach (var path in details.GetProperty("paths").EnumerateArray())
        {
            var actual = Milliseconds(truth, Text(path, "path") == "proxy" ? truth.ProxyServingAt : truth.ServingAt);
            var (write, read) = (path.GetProperty("writeDowntimeMs").GetInt64(), path.GetProperty("readDowntimeMs").GetInt64());
            right &= Math.Abs(write - actual) <= resolution && Math.Abs(read - actual) <= resolution;
            rows.Add([Text(path, "path"), Text(path, "clients"), Number(write), Number(read), Number(actual)]);
        }
        story.Table("milliseconds without an answer", ["way", "clients", "writes, as measured", "reads, as measured", "as the lab knows it"], rows);
        checks.Add("the downtime of every way is what the lab knows it was, within the resolution", right && rows.Count == 4, $"four ways, within {resolution} ms");
        var writes = details.GetProperty("writes");
        checks.Add("no acknowledged write is lost", Text(details, "verdict") == "passed" && writes.GetProperty("lost").GetInt32() == 0,
            $"{Text(details, "verdict")}: {writes.GetProperty("acknowledged").GetInt32()} acknowledged, {writes.GetProperty("lost").GetInt32()} lost");
    }

    private async Task ProveAsync(LabClients clients, JsonElement outcome, CancellationToken stop)
    {
        var left = await lab.Database.QueryAsync($"SELECT count(*)::text FROM pg_namespace WHERE nspname = '{Schema}'", stop);
        checks.Add("the schema of the test is gone", left[0][0] == "0", $"{left[0][0]} left on the new primary");
        checks.Add("one failover was asked for", lab.Account.Failovers.Accepted.Entries.Count == 1, Number(lab.Account.Failovers.Accepted.Entries.Count));
        var items = (await clients.DynamoDB.ScanAsync(new ScanRequest { TableName = lab.Account.Template.Tables[0].Name, ConsistentRead = true }, stop)).Items
            .Where(item => item.GetValueOrDefault("capability")?.S == "failover").ToList();
        checks.Add("its record stands in the ledger, with its numbers", items is [{ } record] && record["result"].S == "done" && record.ContainsKey("after"),
            string.Join(", ", items.Select(item => $"{item["action"].S} {item["result"].S} {item.GetValueOrDefault("after")?.S}")));
        checks.Add("its page is stored for people", outcome.GetProperty("details").TryGetProperty("report", out var report), report.ValueKind == JsonValueKind.String ? report.GetString()! : "nothing");
    }

    private static JsonElement OutcomeOf(ReadOnlyMemory<byte> answer) => JsonElement.Parse(answer.Span).GetProperty("outcomes")[0];

    private static long Milliseconds(FailoverTruth truth, Moment? until) =>
        until is { } end && truth.KilledAt is { } begin ? (long)TimeProvider.System.GetElapsedTime(begin.Timestamp, end.Timestamp).TotalMilliseconds : -1;

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";
}
