using System.Globalization;
using System.Text;
using System.Text.Json;
using Automation.Lab.Screen;
using Automation.Lab.Storage;

namespace Automation.Lab.Incidents;

/// <summary>
/// A disk that fills, twice. Once by WAL that nobody reads: it is diagnosed, and not grown around. Once by data: it is grown before
/// it is full, by the size that lasts.
/// </summary>
internal sealed class StorageIncident(LocalLab lab, IStory story)
{
    public const string Policy = "act max=100 horizon=7d";

    public const int AllocatedGiB = 40;

    /// <summary>Since when it takes in data.</summary>
    public static readonly TimeSpan Past = TimeSpan.FromDays(14);

    private const string Grow = "GrowStorageFunction", Forecast = "ForecastStorageFunction", Slot = "cdc_events", Table = "events";
    private const int GrowsPerDayGiB = 2, UsedGiB = 33;
    private const long GiB = LabVolume.GiB;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private readonly CheckList checks = new(story);

    /// <summary>What the instance holds when the account first looks at it.</summary>
    public static async Task LoadAsync(LabInstance instance, CancellationToken cancellation)
    {
        await instance.Server.ExecuteAsync($"CREATE TABLE {Table} (id bigint)", cancellation);
        await instance.Volume!.ExtendRelationAsync(Table, UsedGiB * GiB, cancellation);
    }

    private LabVolume Volume => lab.Filling!.Volume!;

    private string Id => lab.Filling!.Id;

    public async Task<IReadOnlyList<Check>> RunAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        var stop = limit.Token;

        story.Chapter("Storage: seen days before it is full");
        story.Line($"the tag automation:storage of {Id}: {Policy}");
        await PrepareAsync(stop);
        await ForecastAsync(stop);
        story.Chapter("Storage: WAL that nobody reads is not grown around");
        await AbandonAsync(stop);
        story.Chapter("Storage: data is grown ahead of time");
        await FillAsync(stop);
        return checks.All;
    }

    private Task<long> PrepareAsync(CancellationToken stop) => story.StepAsync($"{Id} takes in {GrowsPerDayGiB} GiB a day, for two weeks",
        async () =>
        {
            var now = DateTimeOffset.UtcNow;
            double Free(DateTimeOffset at) => Volume.FreeBytes + ((now - at).TotalDays * GrowsPerDayGiB * GiB);
            await lab.Account.History.PutFreeStorageAsync(Id, now.AddHours(-2), Past - TimeSpan.FromHours(2.5), at => Free(at), stop);
            await lab.Account.History.PutFreeStorageAsync(Id, now, TimeSpan.FromHours(2), at => Free(at), stop, TimeSpan.FromMinutes(1));
            return Volume.FreeBytes;
        },
        free => $"{Size(free)} of {AllocatedGiB} GiB are free");

    private async Task ForecastAsync(CancellationToken stop)
    {
        var outcome = await story.StepAsync("the forecast of every day, asked for by hand, for one database",
            async () => OutcomeOf((await lab.Functions.InvokeAsync(Forecast, Encoding.UTF8.GetBytes($$$"""{"detail":{"database":"{{{Id}}}"}}"""), stop)).Payload),
            seen => Text(seen, "summary"));
        var truth = Volume.FreeBytes / (double)(GrowsPerDayGiB * GiB);
        var likely = outcome.GetProperty("details").GetProperty("daysToFull").GetProperty("likely").GetDouble();
        checks.Add("the forecast says when it is full, as the lab knows it", Text(outcome, "reason") == "fills-soon" && Math.Abs(likely - truth) <= truth / 4,
            string.Create(CultureInfo.InvariantCulture, $"{likely:0.0} days, in truth {truth:0.0}"));
    }

    private async Task AbandonAsync(CancellationToken stop)
    {
        var earlier = lab.Functions.Invocations.Entries.Count;
        await story.StepAsync("a change data capture is switched off, and its logical slot stays",
            async () =>
            {
                await lab.Filling!.Server.ExecuteAsync($"SELECT pg_create_logical_replication_slot('{Slot}', 'pgoutput')", stop);
                    while (Volume.FreeBytes >= 7 * GiB / 2) await Volume.GrowWalAsync(8, stop);
                return Volume.FreeBytes;
            },
            free => $"{Size(free)} free");
        var outcome = await story.StepAsync("CloudWatch's alarm and RDS's own event (RDS-EVENT-0089) reach the built executable; the first one counts",
            () => InvokedAsync(earlier, stop), seen => Text(seen, "summary"));
        var details = outcome.GetProperty("details");
        var statement = details.GetProperty("statements").EnumerateArray().Select(one => one.GetString()!).FirstOrDefault() ?? "";
        checks.Add("the slot is named as the cause", Text(details, "cause") == "abandoned-slot" && Text(outcome, "summary").Contains(Slot, StringComparison.Ordinal), Text(details, "cause"));
        checks.Add("nothing was grown", lab.Account.Volumes.Accepted.Entries.Count == 0 && Volume.Settings.AllocatedGiB == AllocatedGiB, $"{Number(Volume.Settings.AllocatedGiB)} GiB");
        var bytes = details.GetProperty("bytes");
        var names = new[] { "relations", "wal", "temporary", "logs", "largeObjects", "other" };
        story.Table("what the bytes are", ["part", "bytes"], [.. names.Select(name => (IReadOnlyList<string>)[name, Size(bytes.GetProperty(name).GetInt64())])]);
        var sum = names.Sum(name => bytes.GetProperty(name).GetInt64());
        checks.Add("the parts add up to the directory's size", Math.Abs(sum - Volume.UsedBytes) <= Volume.UsedBytes / 20 && bytes.GetProperty("other").GetInt64() <= Volume.UsedBytes / 20,
            $"{Size(sum)}, the directory has {Size(Volume.UsedBytes)}");
        var told = await lab.Account.Notifications.FirstAsync(message => message.Attributes.GetValueOrDefault("capability") == "storage"
            && message.Attributes.GetValueOrDefault("decision") == "refused" && message.TextFor("email").Contains("cause-not-cured", StringComparison.Ordinal), stop);
        story.Message(told.Subject ?? "", told.TextFor("email"));
        checks.AddOrigin(told, "alarm", "RDS-EVENT-0089", "RDS-EVENT-0222");
        checks.Add("the message has the statement that ends it", statement.Length > 0 && told.TextFor("email").Contains(statement, StringComparison.Ordinal), statement);
        await story.StepAsync("a person runs it, and CHECKPOINT, after which the space is free",
            async () =>
            {
                await lab.Filling!.Server.ExecuteAsync(statement, stop);
                await lab.Filling.Server.ExecuteAsync("CHECKPOINT", stop);
                return Volume.FreeBytes;
            },
            free => $"{Size(free)} free");
        checks.Add("which gives the space back", Volume.FreeBytes > 6 * GiB, Size(Volume.FreeBytes));
    }

    private async Task FillAsync(CancellationToken stop)
    {
        var earlier = lab.Functions.Invocations.Entries.Count;
        await story.StepAsync("a bulk load arrives", async () =>
        {
            await Volume.ExtendRelationAsync(Table, 4 * GiB, stop);
            return Volume.FreeBytes;
        }, free => $"{Size(free)} free");
        var outcome = await story.StepAsync("the alarm and RDS's own event reach the built executable; the first one counts",
            () => InvokedAsync(earlier, stop), seen => Text(seen, "summary"));
        var target = outcome.GetProperty("details").GetProperty("targetGiB").GetInt32();
        checks.Add("data is named as the cause", Text(outcome.GetProperty("details"), "cause") == "data", Text(outcome.GetProperty("details"), "cause"));
        // What is really used, and seven days of growth, in whole GiB; the rate is measured, and PostgreSQL does not see all.
        var needed = (Volume.UsedBytes / (double)GiB) + (7 * GrowsPerDayGiB);
        checks.Add("it is grown to the smallest size that lasts", target >= AllocatedGiB * 11 / 10 && Math.Abs(target - needed) < 2,
            string.Create(CultureInfo.InvariantCulture, $"{AllocatedGiB} -> {target} GiB, for {needed:0.0}"));
        await lab.Account.Volumes.Ended.FirstAsync(ended => ended.Accepted.DatabaseId == Id, stop);
        checks.Add("RDS was asked once, for nothing but the size", lab.Account.Volumes.Accepted.Entries is [{ Sent: var sent }] && sent.ContainsKey("AllocatedStorage") && !sent.ContainsKey("Iops"),
            string.Join(", ", lab.Account.Volumes.Accepted.Entries.Select(one => $"{one.From.AllocatedGiB} -> {one.To.AllocatedGiB} GiB")));
        var told = await lab.Account.Notifications.FirstAsync(message => message.Attributes.GetValueOrDefault("capability") == "storage"
            && message.Attributes.GetValueOrDefault("decision") == "acted", stop);
        story.Message(told.Subject ?? "", told.TextFor("email"));
        checks.AddOrigin(told, "alarm", "RDS-EVENT-0089", "RDS-EVENT-0222");
        checks.Add("the person on call is told what to put into the infrastructure code", told.TextFor("email").Contains($"set the allocated storage to {Number(target)} GiB", StringComparison.Ordinal), told.Subject ?? "");
    }

    /// <summary>What the first run said that had something to say: alarm and event tell of the same disk, and one of them comes second.</summary>
    private async Task<JsonElement> InvokedAsync(int earlier, CancellationToken stop)
    {
        var (_, result) = await lab.Functions.Invocations.FirstAsync(
            call => lab.Functions.Invocations.Entries.Skip(earlier).Contains(call) && call.Function == Grow && call.Result.Succeeded && Text(OutcomeOf(call.Result.Payload), "reason") is not ("in-progress" or "already-handled"), stop);
        return OutcomeOf(result.Payload);
    }

    private static JsonElement OutcomeOf(ReadOnlyMemory<byte> answer) => JsonElement.Parse(answer.Span).GetProperty("outcomes")[0];

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)GiB:0.0} GiB");

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";
}
