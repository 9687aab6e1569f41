using System.Globalization;
using Automation.Lab.Account;
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
    private static readonly string[] Parts = ["relations", "wal", "temporary", "logs", "largeObjects", "other"];

    /// <summary>What the instance holds when the account first looks at it.</summary>
    public static async Task LoadAsync(LabInstance instance, CancellationToken cancellation)
    {
        await instance.Server.ExecuteAsync($"CREATE TABLE {Table} (id bigint)", cancellation);
        await instance.Volume!.ExtendRelationAsync(Table, UsedGiB * GiB, cancellation);
    }

    private LabVolume Volume => lab.Filling!.Volume!;

    private string Id => lab.Filling!.Id;

    /// <summary>In the morning: the forecast.</summary>
    public async Task<IReadOnlyList<Check>> ForecastAsync(CancellationToken cancellation)
    {
        using var limit = Limit(cancellation);
        var stop = limit.Token;
        var checks = new CheckList(story);
        story.Open(new Scene(Incident.Storage, "Morning", "the daily forecast of storage",
            "A disk of RDS can be made larger, but not smaller, and not twice within six hours. So it is good to know days before it is full."));
        story.Happened($"For two weeks the database {Id} took in {GrowsPerDayGiB} GiB a day. Nobody looked.");
        await PrepareAsync(stop);
        var truth = Volume.FreeBytes / (double)(GrowsPerDayGiB * GiB);
        var (delivery, result) = await story.StepAsync("ForecastStorage on its schedule", () => Answers.FireAsync(lab, Forecast, stop), run => Answers.Of(Forecast, run.Result, Id).Sentence);
        var decision = Answers.Of(Forecast, result, Id);
        story.Saw(Sightings.Of(delivery, Tag(), new Fact("free, from CloudWatch", $"{Bytes(decision, "freeBytes")} of {AllocatedGiB} GiB; two weeks of it")));
        story.Decided(decision);
        await TellAsync(checks, "schedule", message => message.Subject?.Contains(Id, StringComparison.Ordinal) is true, stop);

        story.Proof();
        var likely = decision.Details.GetProperty("daysToFull").GetProperty("likely").GetDouble();
        checks.Add("the forecast says when it is full, as the lab knows it", decision.Reason == "fills-soon" && Math.Abs(likely - truth) <= truth / 4,
            string.Create(CultureInfo.InvariantCulture, $"{likely:0.0} days, in truth {truth:0.0}"));
        var size = long.Parse((await lab.Filling!.QueryAsync("SELECT sum(pg_database_size(oid))::bigint::text FROM pg_database", stop))[0][0], CultureInfo.InvariantCulture);
        checks.Add("PostgreSQL has as much as the disk says is used", Math.Abs(size - Volume.UsedBytes) <= Volume.UsedBytes / 10, $"{Size(size)} in databases, {Size(Volume.UsedBytes)} used");
        return checks.All;
    }

    /// <summary>At night: WAL that nobody reads, then data.</summary>
    public async Task<IReadOnlyList<Check>> FillAsync(CancellationToken cancellation)
    {
        using var limit = Limit(cancellation);
        if (!lab.Account.IsWatched) await lab.Account.WatchAsync(limit.Token);
        return [.. await AbandonAsync(limit.Token), .. await LoadAsync(limit.Token)];
    }

    private Task<long> PrepareAsync(CancellationToken stop) => story.StepAsync("what CloudWatch knows of it",
        async () =>
        {
            var now = DateTimeOffset.UtcNow;
            double Free(DateTimeOffset at) => Volume.FreeBytes + ((now - at).TotalDays * GrowsPerDayGiB * GiB);
            await lab.Account.History.PutFreeStorageAsync(Id, now.AddHours(-2), Past - TimeSpan.FromHours(2.5), at => Free(at), stop);
            await lab.Account.History.PutFreeStorageAsync(Id, now, TimeSpan.FromHours(2), at => Free(at), stop, TimeSpan.FromMinutes(1));
            return Volume.FreeBytes;
        },
        free => $"{Size(free)} of {AllocatedGiB} GiB are free");

    private async Task<IReadOnlyList<Check>> AbandonAsync(CancellationToken stop)
    {
        var checks = new CheckList(story);
        story.Open(new Scene(Incident.Storage, "Night", "a disk that fills for a bad reason",
            "A slot keeps the log of changes (WAL) until its reader has read it. A reader that never comes back fills any disk: a larger one is full later, and costs for ever."));
        story.Happened("A change data capture was switched off, and its logical slot stays. PostgreSQL keeps all WAL from then on.");
        var earlier = lab.Account.Bus.Attempts.Entries.Count;
        await story.StepAsync("the application writes on",
            async () =>
            {
                await lab.Filling!.Server.ExecuteAsync($"SELECT pg_create_logical_replication_slot('{Slot}', 'pgoutput')", stop);
                while (Volume.FreeBytes >= 7 * GiB / 2) await Volume.GrowWalAsync(8, stop);
                return Volume.FreeBytes;
            },
            free => $"{Size(free)} free");
        var (delivery, decision) = await AnsweredAsync(earlier, stop);
        story.Saw(Sightings.Of(delivery, Tag(), new Fact("free", Bytes(decision, "freeBytes")), new Fact("PostgreSQL says", $"slot {Slot} holds WAL, and nobody reads it")));
        story.Decided(decision);
        var bytes = decision.Details.GetProperty("bytes");
        story.Table("what the bytes are", ["part", "bytes"], [.. Parts.Select(name => (IReadOnlyList<string>)[name, Size(bytes.GetProperty(name).GetInt64())])]);
        var text = await TellAsync(checks, null, message => message.TextFor("email").Contains("cause-not-cured", StringComparison.Ordinal), stop);

        story.Proof();
        var statement = decision.Details.GetProperty("statements").EnumerateArray().Select(one => one.GetString()!).FirstOrDefault() ?? "";
        checks.Add("the slot is named as the cause", Cause(decision) == "abandoned-slot" && decision.Sentence.Contains(Slot, StringComparison.Ordinal), Cause(decision));
        checks.Add("nothing was grown", lab.Account.Volumes.Accepted.Entries.Count == 0 && Volume.Settings.AllocatedGiB == AllocatedGiB, $"{Number(Volume.Settings.AllocatedGiB)} GiB");
        var sum = Parts.Sum(name => bytes.GetProperty(name).GetInt64());
        checks.Add("the parts add up to the directory's size", Math.Abs(sum - Volume.UsedBytes) <= Volume.UsedBytes / 20 && bytes.GetProperty("other").GetInt64() <= Volume.UsedBytes / 20,
            $"{Size(sum)}, the directory has {Size(Volume.UsedBytes)}");
        checks.Add("the message has the statement that ends it", statement.Length > 0 && text.Contains(statement, StringComparison.Ordinal), statement);
        await story.StepAsync("a person runs it, and CHECKPOINT, after which the space is free",
            async () =>
            {
                await lab.Filling!.Server.ExecuteAsync(statement, stop);
                await lab.Filling.Server.ExecuteAsync("CHECKPOINT", stop);
                return Volume.FreeBytes;
            },
            free => $"{Size(free)} free");
        checks.Add("which gives the space back", Volume.FreeBytes > 6 * GiB, Size(Volume.FreeBytes));
        return checks.All;
    }

    private async Task<IReadOnlyList<Check>> LoadAsync(CancellationToken stop)
    {
        var checks = new CheckList(story);
        story.Open(new Scene(Incident.Storage, "Night", "a disk that fills by data",
            "Data that is wanted needs its space. When the disk is full, PostgreSQL stops."));
        story.Happened("A bulk load arrives.");
        var (earlier, before) = (lab.Account.Bus.Attempts.Entries.Count, Volume.UsedBytes);
        await story.StepAsync("4 GiB more in one table", async () =>
        {
            await Volume.ExtendRelationAsync(Table, 4 * GiB, stop);
            return Volume.FreeBytes;
        }, free => $"{Size(free)} free");
        var (delivery, decision) = await AnsweredAsync(earlier, stop);
        story.Saw(Sightings.Of(delivery, Tag(), new Fact("free", Bytes(decision, "freeBytes")), new Fact("PostgreSQL says", $"no slot keeps WAL; {Table} grew")));
        story.Decided(decision);
        var target = decision.Details.GetProperty("targetGiB").GetInt32();
        var text = await TellAsync(checks, null, message => message.Attributes.GetValueOrDefault("decision") == Verdict, stop);

        story.Proof();
        checks.Add("data is named as the cause", Cause(decision) == "data", Cause(decision));
        // What is used, perhaps in the middle of the load, and seven days of growth, in whole GiB; the rate is measured, and PostgreSQL does not see all.
        var used = decision.Details.GetProperty("usedBytes").GetInt64();
        checks.Add("it measured what the disk really holds", used >= before - (GiB / 2) && used <= Volume.UsedBytes + (GiB / 2), $"{Size(used)}, between {Size(before)} and {Size(Volume.UsedBytes)}");
        var needed = (used / (double)GiB) + (7 * GrowsPerDayGiB);
        checks.Add("it chose the smallest size that lasts", decision.Verdict == Verdict && target >= AllocatedGiB * 11 / 10 && Math.Abs(target - needed) < 2,
            string.Create(CultureInfo.InvariantCulture, $"{AllocatedGiB} -> {target} GiB, for {needed:0.0}"));
        if (lab.Observes)
        {
            checks.Add("observe grew nothing", lab.Account.Volumes.Accepted.Entries.Count == 0 && Volume.Settings.AllocatedGiB == AllocatedGiB, $"{Number(Volume.Settings.AllocatedGiB)} GiB");
            return checks.All;
        }
        await lab.Account.Volumes.Ended.FirstAsync(ended => ended.Accepted.DatabaseId == Id, stop);
        checks.Add("RDS was asked once, for nothing but the size", lab.Account.Volumes.Accepted.Entries is [{ Sent: var sent }] && sent.ContainsKey("AllocatedStorage") && !sent.ContainsKey("Iops"),
            string.Join(", ", lab.Account.Volumes.Accepted.Entries.Select(one => $"{one.From.AllocatedGiB} -> {one.To.AllocatedGiB} GiB")));
        checks.Add("the person on call is told what to put into the infrastructure code", text.Contains($"set the allocated storage to {Number(target)} GiB", StringComparison.Ordinal), $"{Number(target)} GiB");
        return checks.All;
    }

    /// <summary>What the first run said that had something to say: alarm and event tell of the same disk, and one of them comes second.</summary>
    private Task<(FunctionDelivery Delivery, Decision Decision)> AnsweredAsync(int earlier, CancellationToken stop) => story.StepAsync(
        "CloudWatch's alarm and RDS's own event (RDS-EVENT-0089) reach the built executable; the first one counts",
        async () =>
        {
            var attempt = await lab.Account.Bus.Attempts.FirstAsync(one => lab.Account.Bus.Attempts.Entries.Skip(earlier).Contains(one)
                && one.Delivery.Function.LogicalId == Grow && one.Answer.Succeeded
                && Answers.Of(Grow, Answers.ResultOf(lab, one)).Reason is not ("in-progress" or "already-handled"), stop);
            return (Delivery: attempt.Delivery, Decision: Answers.Of(Grow, Answers.ResultOf(lab, attempt)));
        },
        answered => answered.Decision.Sentence);

    /// <returns>The message's text.</returns>
    private async Task<string> TellAsync(CheckList checks, string? trigger, Func<Notification, bool> wanted, CancellationToken stop)
    {
        var told = await lab.Account.Notifications.FirstAsync(message => message.Attributes.GetValueOrDefault("capability") == "storage" && wanted(message), stop);
        story.Message(told.Subject ?? "", told.TextFor("email"));
        checks.AddOrigin(told, trigger is null ? ["alarm", "RDS-EVENT-0089", "RDS-EVENT-0222"] : [trigger]);
        return told.TextFor("email");
    }

    private static CancellationTokenSource Limit(CancellationToken cancellation)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        return limit;
    }

    private string Verdict => lab.Observes ? "observed" : "acted";

    private Fact Tag() => new($"tag of {Id}", $"automation:storage = {Policy}");

    private static string Cause(Decision decision) => decision.Details.GetProperty("cause").GetString() ?? "";

    private static string Bytes(Decision decision, string name) => Size(decision.Details.GetProperty(name).GetInt64());

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)GiB:0.0} GiB");

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
