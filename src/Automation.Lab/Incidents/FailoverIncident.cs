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

    private const string Function = "TestFailoverFunction", Schema = "automation_failover_test";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(150);
    private readonly CheckList checks = new(story);
    private string started = "";

    public async Task<IReadOnlyList<Check>> RunAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        var stop = limit.Token;
        using var clients = new LabClients(lab.Account.Endpoint.Uri, LabClients.Anybody, lab.Region);

        story.Open(new Scene(Incident.Failover, "Afternoon", "a failover game day in staging",
            "A database with a standby survives the loss of its server, if the applications do. Once a week that is tried, where it hurts nobody, and measured as a client sees it."));
        story.Happened(lab.Observes
            ? "It is the hour of the weekly test."
            : "It is the hour of the weekly test: the primary is killed while four clients write and read.");
        var looked = await ObserveAsync(stop);
        var (delivery, result) = await story.StepAsync(lab.Observes ? "the schedule comes" : "the schedule comes: baseline, call, failover, and every client back",
            () => Answers.FireAsync(lab, Function, stop), run => Answers.Of(Function, run.Result, lab.Database.Id).Sentence);
        var decision = Answers.Of(Function, result, lab.Database.Id);

        story.Saw(Sightings.Of(delivery, new Fact($"tags of {lab.Database.Id}", $"environment = staging, automation:failover-test = {Policy}"), new Fact("checks before it", $"{Checks(looked).Count(check => check.GetProperty("holds").GetBoolean())} of {Checks(looked).Count} hold")));
        story.Decided(looked with { Sentence = $"asked by hand to observe: {looked.Sentence}" });
        story.Decided(decision);
        await TellAsync(decision, stop);

        story.Proof();
        checks.Add(lab.Observes ? "it says what it would do" : "the test was carried out", decision.Verdict == (lab.Observes ? "observed" : "acted"), $"{decision.Verdict} ({decision.Reason})");
        checks.Add("asked by hand to observe, it shows every check and asks for nothing", looked.Verdict == "observed" && Checks(looked).Count > 0,
            $"{looked.Verdict} ({looked.Reason}), {Checks(looked).Count} checks");
        if (lab.Observes) await ProveUnchangedAsync(stop);
        // A machine that is too busy has no baseline, and nothing to measure against it.
        if (decision.Verdict != "acted") return checks.All;
        var truth = (await story.StepAsync("the lab tells when it killed the primary, and when another served",
            () => lab.Account.Failovers.Ended.FirstAsync(ended => ended.Accepted.DatabaseId == lab.Database.Id, stop),
            ended => $"directly {Milliseconds(ended.Truth, ended.Truth.ServingAt)} ms, through the proxy {Milliseconds(ended.Truth, ended.Truth.ProxyServingAt)} ms")).Truth;
        Compare(decision.Details, truth);
        await ProveAsync(clients, decision.Details, stop);
        return checks.All;
    }

    /// <summary>A look first: every check, and nothing done.</summary>
    private async Task<Decision> ObserveAsync(CancellationToken stop)
    {
        started = await StartOfServerAsync(stop);
        await story.StepAsync("a look first, by hand: every check, and nothing done (observe)",
            () => lab.Observers.InvokeAsync(Function, Encoding.UTF8.GetBytes($$$"""{"detail":{"database":"{{{lab.Database.Id}}}","mode":"observe"}}"""), stop),
            answered => answered.Succeeded ? FunctionOutcome.Read(answered.Payload).Summary : answered.ErrorMessage ?? "");
        return Answers.Of(Function, lab.Observers.Invocations.Entries.Last(call => call.Function == Function).Result);
    }

    private async Task TellAsync(Decision decision, CancellationToken stop)
    {
        var told = await lab.Account.Notifications.FirstAsync(message => message.Attributes.GetValueOrDefault("capability") == "failover"
            && message.Attributes.GetValueOrDefault("decision") == decision.Verdict, stop);
        story.Message(told.Subject ?? "", told.TextFor("email"));
        checks.AddOrigin(told, lab.Observes ? ["a request by hand", "schedule"] : ["schedule"]);
    }

    private async Task ProveUnchangedAsync(CancellationToken stop)
    {
        checks.Add("no failover was asked for", lab.Account.Failovers.Accepted.Entries.Count == 0, Number(lab.Account.Failovers.Accepted.Entries.Count));
        var now = await StartOfServerAsync(stop);
        checks.Add("the same server runs as before", now == started, $"since {now}");
    }

    private async Task<string> StartOfServerAsync(CancellationToken stop) =>
        (await lab.Database.QueryAsync("SELECT pg_postmaster_start_time()::text", stop))[0][0];

    private static List<JsonElement> Checks(Decision decision) =>
        decision.Details.ValueKind == JsonValueKind.Object && decision.Details.TryGetProperty("checks", out var all) ? [.. all.EnumerateArray()] : [];

    private void Compare(JsonElement details, FailoverTruth truth)
    {
        var resolution = details.GetProperty("resolutionMs").GetInt64();
        var rows = new List<IReadOnlyList<string>>();
        var right = true;
        foreach (var path in details.GetProperty("paths").EnumerateArray())
        {
            var actual = Milliseconds(truth, path.Text("path") == "proxy" ? truth.ProxyServingAt : truth.ServingAt);
            var (write, read) = (path.GetProperty("writeDowntimeMs").GetInt64(), path.GetProperty("readDowntimeMs").GetInt64());
            right &= Math.Abs(write - actual) <= resolution && Math.Abs(read - actual) <= resolution;
            rows.Add([path.Text("path"), path.Text("clients"), Number(write), Number(read), Number(actual)]);
        }
        story.Table("milliseconds without an answer", ["way", "clients", "writes, as measured", "reads, as measured", "as the lab knows it"], rows);
        checks.Add("the downtime of every way is what the lab knows it was, within the resolution", right && rows.Count == 4, $"four ways, within {resolution} ms");
        var writes = details.GetProperty("writes");
        checks.Add("no acknowledged write is lost", details.Text("verdict") == "passed" && writes.GetProperty("lost").GetInt32() == 0,
            $"{details.Text("verdict")}: {writes.GetProperty("acknowledged").GetInt32()} acknowledged, {writes.GetProperty("lost").GetInt32()} lost");
    }

    private async Task ProveAsync(LabClients clients, JsonElement details, CancellationToken stop)
    {
        var left = await lab.Database.QueryAsync($"SELECT count(*)::text FROM pg_namespace WHERE nspname = '{Schema}'", stop);
        checks.Add("the schema of the test is gone", left[0][0] == "0", $"{left[0][0]} left on the new primary");
        checks.Add("one failover was asked for", lab.Account.Failovers.Accepted.Entries.Count == 1, Number(lab.Account.Failovers.Accepted.Entries.Count));
        var items = (await clients.DynamoDB.ScanAsync(new ScanRequest { TableName = lab.Account.Template.Tables[0].Name, ConsistentRead = true }, stop)).Items
            .Where(item => item.GetValueOrDefault("capability")?.S == "failover").ToList();
        checks.Add("its record stands in the ledger, with its numbers", items is [{ } record] && record["result"].S == "done" && record.ContainsKey("after"),
            string.Join(", ", items.Select(item => $"{item["action"].S} {item["result"].S} {item.GetValueOrDefault("after")?.S}")));
        checks.Add("its page is stored for people", details.TryGetProperty("report", out var report), report.ValueKind == JsonValueKind.String ? report.GetString()! : "nothing");
    }

    private static long Milliseconds(FailoverTruth truth, Moment? until) =>
        until is { } end && truth.KilledAt is { } begin ? (long)TimeProvider.System.GetElapsedTime(begin.Timestamp, end.Timestamp).TotalMilliseconds : -1;

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
