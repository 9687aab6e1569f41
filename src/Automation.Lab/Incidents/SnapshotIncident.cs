using System.Globalization;
using System.Text;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using Amazon.RDS.Model;
using Automation.Lab.Account;
using Automation.Lab.Aws;
using Automation.Lab.Lambda;
using Automation.Lab.Screen;
using Automation.Lab.Snapshots;

namespace Automation.Lab.Incidents;

/// <summary>
/// Two days were missed, and the snapshot that makes up for them fails: a person is told, the next run tries again,
/// RDS's event sets off copy and retention, and the copy in the other Region is restored to see what is in it.
/// </summary>
internal sealed class SnapshotIncident(LocalLab lab, IStory story)
{
    /// <summary>Days: no slot ends while the lab runs, but at midnight (UTC).</summary>
    public const string Policy = $"every=1d hourly=0 daily=2 weekly=0 monthly=0 yearly=0 min=1 copy={Elsewhere}";

    private const string Take = "TakeSnapshotsFunction", Reconcile = "ReconcileSnapshotsFunction";
    private const string Elsewhere = "eu-west-1", KeyAlias = "alias/rds-automation-snapshots";
    private const int Before = 3, Missed = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly CheckList checks = new(story);

    public async Task<IReadOnlyList<Check>> RunAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        var stop = limit.Token;
        using var clients = new LabClients(lab.Account.Endpoint.Uri, LabClients.Anybody, lab.Region);

        story.Open(new Scene(Incident.Snapshots, "Morning", "snapshots that were missed",
            $"The database {lab.Database.Id} is to have a snapshot every day. Two are kept, and the newest one also in another Region, for the day this one is lost."));
        story.Happened(lab.Observes ? "For two days nobody took one." : "For two days nobody took one. The next one fails in RDS, which no event tells.");
        await story.StepAsync($"{Before} daily snapshots; then {Missed} days were missed",
            () => PrepareAsync(clients, stop), taken => $"{string.Join(", ", taken)}: base backups of the running server");
        var overdue = await story.StepAsync("ReconcileSnapshots on its schedule looks at what there is",
            () => Answers.FireAsync(lab, Reconcile, stop), run => Answers.Of(Reconcile, run.Result, lab.Database.Id).Sentence);
        if (lab.Observes) await ObserveAsync(overdue, stop);
        else await ActAsync(clients, overdue, stop);
        return checks.All;
    }

    private async Task<IReadOnlyList<string>> PrepareAsync(LabClients clients, CancellationToken stop)
    {
        await lab.Account.Keys.CreateAsync(KeyAlias, Elsewhere, null, stop);
        await lab.Database.Server.ExecuteAsync("CREATE TABLE public.deposits (note text)", stop);
        var database = (await clients.Rds.DescribeDBInstancesAsync(new DescribeDBInstancesRequest { DBInstanceIdentifier = lab.Database.Id }, stop)).DBInstances[0];
        var names = new List<string>();
        for (var days = Before + Missed; days > Missed; days--)
        {
            var name = Name(Slot(days));
            await clients.Rds.CreateDBSnapshotAsync(new CreateDBSnapshotRequest { DBInstanceIdentifier = lab.Database.Id, DBSnapshotIdentifier = name }, stop);
            await EndedAsync(name, stop);
            names.Add(name);
        }
        // The tags last: before, these are nobody's, and RDS's events about them set nothing off.
        await lab.Account.Bus.IdleAsync(stop);
        for (var days = Before + Missed; days > Missed; days--)
        {
            var slot = Slot(days);
            await clients.Rds.AddTagsToResourceAsync(new AddTagsToResourceRequest
            {
                ResourceName = lab.Account.Snapshots.All.Single(snapshot => snapshot.Id == Name(slot)).Arn,
                Tags = OwnSnapshotTags.Of(slot, database.DbiResourceId),
            }, stop);
        }
        return names;
    }

    private async Task ObserveAsync((FunctionDelivery Delivery, InvocationResult Result) overdue, CancellationToken stop)
    {
        var before = Snapshots();
        var due = await story.StepAsync("TakeSnapshots on its schedule", () => Answers.FireAsync(lab, Take, stop), run => OutcomeText(Of(Take, run.Result)));
        story.Saw(Sightings.Of(overdue.Delivery, Facts()));
        story.Saw(Sightings.Of(due.Delivery));
        story.Decided(Of(Reconcile, overdue.Result));
        var decision = Of(Take, due.Result);
        story.Decided(decision);
        await TellAsync(stop);
        story.Proof();
        checks.Add("it says which snapshot it would take", decision is { Verdict: "observed", Reason: "snapshot-due" }, OutcomeText(decision));
        checks.Add("observe took, copied and deleted nothing", Snapshots().SequenceEqual(before), string.Join(", ", before));
    }

    private async Task ActAsync(LabClients clients, (FunctionDelivery Delivery, InvocationResult Result) overdue, CancellationToken stop)
    {
        await lab.Database.Server.ExecuteAsync("INSERT INTO public.deposits VALUES ('before the snapshot')", stop);
        lab.Account.Snapshots.Faults.Inject(new SnapshotFault { Kind = SnapshotFaultKind.Fail, DatabaseId = lab.Database.Id });
        var first = await story.StepAsync("TakeSnapshots on its schedule, and RDS fails to make the snapshot", () => Answers.FireAsync(lab, Take, stop), run => OutcomeText(Of(Take, run.Result)));
        var failed = TakenBy(first.Result);
        await EndedAsync(failed, stop);
        var second = await story.StepAsync("TakeSnapshots on its schedule once more", () => Answers.FireAsync(lab, Take, stop), run => OutcomeText(Of(Take, run.Result)));
        var taken = TakenBy(second.Result);
        var ended = await EndedAsync(taken, stop);
        await lab.Database.Server.ExecuteAsync("INSERT INTO public.deposits VALUES ('after the snapshot')", stop);
        var third = await story.StepAsync("TakeSnapshots on its schedule a third time, with nothing left to do", () => Answers.FireAsync(lab, Take, stop), run => OutcomeText(Of(Take, run.Result)));
        var copy = await story.StepAsync($"RDS says that {taken} was created, and EventBridge hands it to ReconcileSnapshots",
            () => lab.Account.Snapshots.Changes.FirstAsync(change => IsCopyOf(change, taken) && change.Status == SnapshotStatus.Available, stop),
            change => $"{change.Id} in {Elsewhere}");
        await lab.Account.Bus.IdleAsync(stop);

        story.Saw(Sightings.Of(overdue.Delivery, Facts()));
        story.Saw(Sightings.Of(second.Delivery, new Fact("the snapshot before", $"{failed}: failed")));
        var cleaning = lab.Account.Bus.Attempts.Entries.First(attempt => attempt.Delivery.Function.LogicalId == Reconcile && attempt.Delivery.Rule.Schedule is null
            && attempt.Answer.Succeeded && Deletions(attempt.Answer.Payload).Any());
        story.Saw(Sightings.Of(cleaning.Delivery));

        story.Decided(Of(Reconcile, overdue.Result));
        story.Decided(Of(Take, second.Result));
        story.Decided(Of(Reconcile, Answers.ResultOf(lab, cleaning)));
        await ExplainAsync(stop);
        await TellAsync(stop);

        story.Proof();
        var nothing = Of(Take, third.Result);
        checks.Add("one snapshot makes up for all the slots that were missed", nothing.Reason == "not-due", OutcomeText(nothing));
        checks.Add("a failed snapshot does not count, and is tried again under another name",
            ended.Status == SnapshotStatus.Available && taken == failed + "-2", $"{failed} failed, {taken} is available");
        var left = lab.Account.Snapshots.All.Where(snapshot => snapshot.Region == lab.Region).Select(snapshot => snapshot.Id).Order(StringComparer.Ordinal).ToList();
        string[] expected = [Name(Slot(Missed + 1)), failed, taken];
        checks.Add("the policy's two newest good snapshots are left, and the failed one, which a person may want to see",
            left.SequenceEqual(expected.Order(StringComparer.Ordinal)), string.Join(", ", left));
        checks.Add($"the newest one is in {Elsewhere} too", copy.Data is not null, copy.Id);
        await ProveAsync(clients, taken, stop);
    }

    /// <summary>What a person is told first; what was done as the tag asks is told to nobody.</summary>
    private async Task TellAsync(CancellationToken stop)
    {
        var told = await lab.Account.Notifications.FirstAsync(message =>
            message.Attributes.GetValueOrDefault("capability") == "snapshots" && message.Subject?.Contains("overdue", StringComparison.Ordinal) is true, stop);
        story.Message(told.Subject ?? "", told.TextFor("email"));
        checks.AddOrigin(told, "schedule");
        // A stack that observes takes no snapshots: they all are overdue, which its digest says, and wakes nobody.
        checks.Add("a person is told that the snapshot is overdue", told.Attributes["severity"] == (lab.Observes ? "info" : "critical"), told.Subject ?? "");
    }

    private async Task ExplainAsync(CancellationToken stop)
    {
        var answer = await lab.Observers.InvokeAsync(
            Reconcile, Encoding.UTF8.GetBytes($$$"""{"detail":{"database":"{{{lab.Database.Id}}}","mode":"observe"}}"""), stop);
        var plan = JsonElement.Parse(answer.Payload.Span).GetProperty("outcomes")[0];
        story.Table("kept, and why", ["snapshot", "Region", "why"], [.. plan.GetProperty("details").GetProperty("kept").EnumerateArray()
            .Select(line => (IReadOnlyList<string>)[line.Text("id"), line.Text("region"), line.Text("why")])]);
        story.Table("deleted, and why", ["snapshot", "Region", "why"], [.. lab.Functions.Invocations.Entries
            .Where(entry => entry.Function == Reconcile && entry.Result.Succeeded).SelectMany(entry => Deletions(entry.Result.Payload))]);
    }

    private async Task ProveAsync(LabClients clients, string taken, CancellationToken stop)
    {
        var copy = lab.Account.Snapshots.All.Single(snapshot => IsCopyOf(snapshot, taken));
        var notes = await story.StepAsync("the lab restores the copy, and asks what is in it", async () =>
        {
            await using var restored = await lab.Account.Snapshots.RestoreAsync(copy.Arn, stop);
            await using var admin = await restored.Server.OpenAdminAsync(stop);
            await using var command = new Npgsql.NpgsqlCommand("SELECT string_agg(note, ', ') FROM public.deposits", admin);
            return await command.ExecuteScalarAsync(stop) as string ?? "nothing";
        }, found => found);
        checks.Add("restored, the copy holds what was there when the snapshot was taken, and nothing later", notes == "before the snapshot", notes);

        var items = (await clients.DynamoDB.ScanAsync(new ScanRequest { TableName = lab.Account.Template.Tables[0].Name, ConsistentRead = true }, stop)).Items
            .Where(item => item.GetValueOrDefault("capability")?.S == "snapshots").Select(item => $"{item["action"].S} {item["result"].S}").ToList();
        checks.Add("each change has its record in the ledger, and is confirmed there",
            items.Count(item => item == "create-snapshot done") == 2 && items.Count(item => item == "delete-snapshot done") == Before - 1
                && items.Count(item => item == "copy-snapshot done") == lab.Account.Snapshots.All.Count(snapshot => snapshot.Region == Elsewhere),
            string.Join(", ", items.GroupBy(item => item).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Count()}x {group.Key}")));
    }

    /// <summary>What a run said it deleted, and why.</summary>
    private static IEnumerable<IReadOnlyList<string>> Deletions(ReadOnlyMemory<byte> answer) =>
        JsonElement.Parse(answer.Span).GetProperty("outcomes").EnumerateArray()
            .SelectMany(outcome => outcome.GetProperty("details").TryGetProperty("deleted", out var deleted) ? deleted.EnumerateArray().ToList() : [])
            .Select(line => (IReadOnlyList<string>)[line.Text("id"), line.Text("region"), line.Text("why")]);

    private Decision Of(string function, InvocationResult result) => Answers.Of(function, result, lab.Database.Id);

    private string TakenBy(InvocationResult result) => Of(Take, result).Details.GetProperty("taken")[0].GetString()!;

    private Fact[] Facts() => [new Fact($"tag of {lab.Database.Id}", $"automation:snapshots = {Policy}"), new Fact("newest snapshot", Name(Slot(Missed + 1)))];

    private List<string> Snapshots() => [.. lab.Account.Snapshots.All.Select(snapshot => $"{snapshot.Id} ({snapshot.Region})").Order(StringComparer.Ordinal)];

    private Task<LabSnapshot> EndedAsync(string name, CancellationToken stop) =>
        lab.Account.Snapshots.Changes.FirstAsync(change => change.Id == name && change.Region == lab.Region && !change.IsUnderway, stop);

    private static bool IsCopyOf(LabSnapshot snapshot, string id) =>
        snapshot.Region == Elsewhere && snapshot.CopyOf?.EndsWith(":" + id, StringComparison.Ordinal) is true;

    private static DateTimeOffset Slot(int daysAgo)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new DateTimeOffset(now.Year, now.Month, now.Day, 0, 0, 0, TimeSpan.Zero).AddDays(-daysAgo);
    }

    private string Name(DateTimeOffset slot) => string.Create(CultureInfo.InvariantCulture, $"auto-{lab.Database.Id}-{slot:yyyyMMdd-HHmm}");

    private static string OutcomeText(Decision decision) => $"{decision.Verdict} ({decision.Reason}): {decision.Sentence}";
}
