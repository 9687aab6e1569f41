using System.Globalization;
using System.Runtime.CompilerServices;
using Automation.Events;
using Automation.Fleet;
using Automation.Ledger;
using Automation.Notifications;
using Automation.Outcomes;
using Automation.Storage.Forecast;

namespace Automation.Storage;

/// <summary>
/// How long the storage of every database lasts that opts in, in a handful of calls for all of them; then those that fill soon are
/// asked what fills them. It changes nothing but the ledger's memory.
/// </summary>
internal sealed class ForecastStorage(
    IVolumes volumes, StorageHistory history, IStorageAlarms alarms, Diagnosing diagnosing, ILedger ledger, ToldOnce told, Settings settings, TimeProvider time)
{
    /// <summary>Longer than the function may run (template.yaml: 300 s).</summary>
    private static readonly TimeSpan ClaimFor = TimeSpan.FromMinutes(6);

    /// <summary>What asking a database may take at its worst; without that much time the forecast is told as it is.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(75);

    /// <summary>The first of those that fill soon: more at once have a cause in common, and it is in these.</summary>
    private const int MostLooks = 10;

    private const string Fleet = "fleet";

    private readonly string tag = $"{settings.TagPrefix}:storage";

    /// <summary>One conclusion after the other: what needs no look first, then those that are asked what fills them, as each has answered.</summary>
    /// <param name="request">Every database, or one.</param>
    /// <param name="invocation">Whose run it is.</param>
    /// <param name="cancellation">The run's deadline: early enough to tell how it ended.</param>
    public async IAsyncEnumerable<Conclusion> RunAsync(
        ScheduleRequest request, Invocation invocation, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var only = request is ScheduleRequest.OneDatabase(var id, _) ? id : null;
        var (refused, forecasts) = await TryAsync(only, now, cancellation);
        foreach (var (conclusion, database) in refused)
            yield return database is null ? conclusion : await TellAsync(conclusion, database, invocation, now);
        // The soonest full come first, so those that are looked at are the gravest.
        var looked = forecasts.Where(one => one.Warnings is [{ Reason: Reasons.FillsSoon }, ..]).Take(MostLooks).ToList();
        foreach (var (report, warnings) in forecasts.Except(looked, ReferenceEqualityComparer.Instance).Cast<Forecasted>())
            yield return await TellAsync(StorageConclusions.Forecast(report, warnings), report.Facts.Volume.Database, invocation, now);
        foreach (var (report, warnings) in looked)
        {
            var seen = time.GetUtcNow() + Look < invocation.Deadline ? await WithCauseAsync(report, cancellation) : report;
            yield return await TellAsync(StorageConclusions.Forecast(seen, warnings), report.Facts.Volume.Database, invocation, now);
        }
    }

    /// <summary>What is known without asking any database. Nothing is yielded where something may be caught.</summary>
    private async Task<(IReadOnlyList<(Conclusion Conclusion, RdsDatabase? Database)> Refused, IReadOnlyList<Forecasted> Forecasts)> TryAsync(
        string? only, DateTimeOffset now, CancellationToken cancellation)
    {
        try
        {
            return await ForecastAsync(only, now, cancellation);
        }
        catch (Exception e)
        {
            return ([(StorageConclusions.Broken(only ?? Fleet, only ?? Fleet, e, cancellation), null)], []);
        }
    }

    private async Task<(IReadOnlyList<(Conclusion Conclusion, RdsDatabase? Database)> Refused, IReadOnlyList<Forecasted> Forecasts)> ForecastAsync(
        string? only, DateTimeOffset now, CancellationToken cancellation)
    {
        // All of them for one too: a cluster's report is of its members, and a member's tag is judged by its cluster's.
        var (instances, clusters) = await volumes.ListAsync(cancellation);
        var refused = new List<(Conclusion Conclusion, RdsDatabase? Database)>();
        var open = new List<(Volume Volume, StoragePolicy Policy)>();
        foreach (var volume in instances.Concat(clusters.Select(OfCluster)).Where(volume => only is null || IsSame(volume.Database.Id, only)).OrderBy(volume => volume.Database.Id, StringComparer.Ordinal))
        {
            switch (Gate(volume.Database, clusters))
            {
                case StorageGate.Open(var policy, _):
                    open.Add((volume, policy));
                    break;
                case StorageGate.Refused(var reason, var sentence):
                    refused.Add((StorageConclusions.NotForecast(volume.Database, reason, sentence, Severity.Warning), volume.Database));
                    break;
                case StorageGate.NotAsked(var reason, var sentence) when only is not null:
                    refused.Add((StorageConclusions.NotForecast(volume.Database, reason, sentence, null), null));
                    break;
            }
        }
        if (only is not null && refused.Count + open.Count == 0)
            refused.Add((StorageConclusions.WithoutTarget(only, only, Decision.Refused, Reasons.DatabaseNotFound, "RDS knows no instance or cluster of this name here", null), null));
        if (open.Count == 0) return (refused, []);

        var members = instances.Where(member => open.Exists(one => one.Volume.Database is { Kind: DatabaseKind.Cluster } cluster && cluster.Id == member.Database.ClusterId)).ToList();
        List<MetricSeries> watched =
        [
            .. open.Select(one => new MetricSeries(one.Volume.Database.Kind == DatabaseKind.Cluster ? StorageMetric.VolumeBytesUsed : StorageMetric.FreeStorageSpace, one.Volume.Database.Id)),
            .. members.Select(member => new MetricSeries(StorageMetric.FreeLocalStorage, member.Database.Id)),
        ];
        var read = await history.ReadAsync(watched, only, now, cancellation);
        return (refused, await ReportsAsync(open, members, read, await AlarmsAsync(cancellation), now, cancellation));
    }

    /// <summary>That an alarm fits is not known then; the forecasts are.</summary>
    private async Task<IReadOnlyList<StorageAlarm>> AlarmsAsync(CancellationToken cancellation)
    {
        try
        {
            return await alarms.ListAsync(cancellation);
        }
        catch (Exception e) when (AwsFailure.Is(e, cancellation))
        {
            return [];
        }
    }

    /// <summary>The soonest full first: they are asked what fills them.</summary>
    private async Task<IReadOnlyList<Forecasted>> ReportsAsync(
        List<(Volume Volume, StoragePolicy Policy)> open, List<Volume> members, IReadOnlyList<VolumeHistory> read, IReadOnlyList<StorageAlarm> listed, DateTimeOffset now, CancellationToken cancellation)
    {
        var reports = new List<Forecasted>();
        for (var i = 0; i < open.Count; i++)
        {
            var ((volume, policy), database) = (open[i], open[i].Volume.Database);
            // Only what is grown by us has growths of ours: one question to the ledger for each of them.
            var records = policy.Mode == Mode.Act && !volume.IsAurora ? await GrowthsAsync(database, now, cancellation) : [];
            var facts = volume.IsAurora ? OfCluster(volume, policy, read[i], now) : GrowthFacts.Measured(volume, policy, read[i], records ?? [], now);
            if (records is null) facts = facts with { Outlook = facts.Outlook with { Doubts = [.. facts.Outlook.Doubts, "The ledger did not answer, so our own growths are not known."] } };
            var report = new StorageReport
            {
                Facts = facts,
                Policy = policy,
                Alarms = volume.IsAurora ? [] : AlarmRules.Of(listed, database.Id, volume.AllocatedGiB),
            };
            var local = members.Select((member, at) => (member.Database, Past: read[open.Count + at])).Where(member => member.Database.ClusterId == database.Id && database.Kind == DatabaseKind.Cluster)
                .Select(member => (member.Database.Id, LastOf(member.Past.Since(member.Database.CreatedAt).Minutes, now))).ToList();
            reports.Add(new(report, WarningRules.Of(report, local, now)));
        }
        return [.. reports.OrderBy(one => StorageRules.Left(one.Report.Facts) ?? TimeSpan.MaxValue).ThenBy(one => one.Report.Facts.Volume.Database.Id, StringComparer.Ordinal)];
    }

    private static double? LastOf(IReadOnlyList<Reading> minutes, DateTimeOffset now) =>
        minutes is [_, ..] && minutes.MaxBy(reading => reading.At) is var last && now - last.At <= OutlookRules.Recent ? last.Bytes : null;

    /// <returns><c>null</c> when the ledger does not answer: one database's trouble must not take the forecasts of all.</returns>
    private async Task<IReadOnlyList<ActionRecord>?> GrowthsAsync(RdsDatabase database, DateTimeOffset now, CancellationToken cancellation)
    {
        try
        {
            return await ledger.HistoryAsync(database.ResourceId, GrowStorage.Capability, now - LimitRules.GrowthWindow, cancellation);
        }
        // A record that somebody wrote by hand counts as no answer.
        catch (Exception e) when (AwsFailure.Is(e, cancellation) || e is InvalidDataException)
        {
            return null;
        }
    }

    private async Task<StorageReport> WithCauseAsync(StorageReport report, CancellationToken cancellation)
    {
        try
        {
            var (volume, used) = (report.Facts.Volume, report.Facts.UsedBytes);
            // What is much of Aurora's limit is nothing that a person would look at.
            var size = volume.IsAurora ? (int)Math.Ceiling((used ?? 0) / (1L << 30)) : volume.AllocatedGiB;
            var (diagnosis, table) = await diagnosing.LookAsync(volume.Database, size, used, cancellation);
            return report with { Facts = report.Facts with { Diagnosis = diagnosis }, Table = table };
        }
        catch (Exception)
        {
            // The forecast stands without it, also when the time for looking is over.
            return report;
        }
    }

    private StorageGate Gate(RdsDatabase database, IReadOnlyList<RdsDatabase> clusters)
    {
        var gate = StorageGate.Of(database, Mode.Observe, tag);
        return gate is StorageGate.Open && database is { Kind: DatabaseKind.Instance, ClusterId: { } cluster }
            // Tags that a tool puts on everything are no mistake.
            ? clusters.Any(other => other.Id == cluster && other.Tags.ContainsKey(tag))
                ? new StorageGate.NotAsked(Reasons.MemberOfCluster, $"it is looked after with its cluster {cluster}")
                : new StorageGate.Refused(Reasons.MemberOfCluster, $"it is a member of cluster {cluster}: the tag {tag} belongs on the cluster")
            : gate is StorageGate.Open && database is { Kind: DatabaseKind.Cluster, Engine: "postgres" }
                ? new StorageGate.Refused(Reasons.MemberOfCluster, "it is a Multi-AZ DB cluster, whose storage is not looked after yet")
                : gate;
    }

    // RDS stores identifiers in lower case and takes them in any.
    private static bool IsSame(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static GrowthFacts OfCluster(Volume volume, StoragePolicy policy, VolumeHistory past, DateTimeOffset now) => new()
    {
        Volume = volume,
        Outlook = OutlookRules.OfCluster(past.Since(volume.Database.CreatedAt), policy.MaxGiB, now),
        Diagnosis = Diagnoses.None,
        History = [],
    };

    private static Volume OfCluster(RdsDatabase cluster) => new() { Database = cluster, AllocatedGiB = OutlookRules.AuroraGiB, Type = "aurora" };

    /// <summary>A thing is told once a day, however often it is found.</summary>
    private Task<Conclusion> TellAsync(Conclusion conclusion, RdsDatabase database, Invocation invocation, DateTimeOffset now)
    {
        var day = now.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return told.ApplyAsync($"{GrowStorage.Capability}/forecast/{database.ResourceId}/{conclusion.Outcome.Reason}/{conclusion.Announcement?.Severity}/{day}", ClaimFor, conclusion, invocation);
    }

    private sealed record Forecasted(StorageReport Report, IReadOnlyList<Warning> Warnings);
}
