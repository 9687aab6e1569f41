using System.Globalization;
using Automation.Fleet;
using Automation.Notifications;
using Automation.Outcomes;

namespace Automation.Snapshots;

/// <summary>What concerns all databases together: the quota, before it is hit, and once a week how everything stands.</summary>
internal sealed class FleetReport(ISnapshotQuotas quotas, ISnapshotStores stores, ToldOnce told, DailyNews news, Settings settings)
{
    private static readonly TimeSpan ClaimFor = TimeSpan.FromMinutes(6);

    private readonly SnapshotTags tags = new(settings.TagPrefix);

    public async Task<IReadOnlyList<Conclusion>> TellAsync(
        IReadOnlyList<RdsDatabase> databases, FleetView view, IReadOnlyList<(DatabaseFacts Facts, ReconcilePlan Plan)> plans,
        DateTimeOffset now, Invocation invocation, CancellationToken cancellation)
    {
        if (plans.Count == 0) return [SnapshotsConclusions.NobodyAsks(stores.Home.Region)];
        var conclusions = new List<Conclusion>();
        var forecasts = new List<string>();
        try
        {
            foreach (var (kind, quota) in await quotas.ReadAsync(cancellation))
            {
                var series = plans.Where(line => line.Facts.Database.Kind == kind).Select(line => SeriesOf(line.Facts)).ToList();
                var judged = QuotaNews.Judge(kind, quota, QuotaRules.Forecast(quota.Used, quota.Max, series, now), now);
                forecasts.Add(judged.Sentence);
                if (judged.Finding is { } finding)
                    conclusions.Add(await news.ApplyAsync(SnapshotsConclusions.OfFleet(stores.Home.Region, finding), $"{SnapshotsConclusions.Fleet}/{kind}", invocation));
            }
        }
        catch (Exception e) when (AwsFailure.Is(e, cancellation))
        {
            // The databases are looked after all the same; the digest says what is missing.
            forecasts.Add($"The quotas could not be read ({e.GetType().Name}).");
        }

        var (headline, text) = Digest.Write(plans, OrphansOf(databases, view), forecasts, settings.Mode, now);
        conclusions.Add(await told.ApplyAsync(
            $"{TakeSnapshots.Capability}/digest/{Digest.WeekOf(now)}", ClaimFor, SnapshotsConclusions.Digest(stores.Home.Region, headline, text), invocation));
        return conclusions;
    }

    // What retention may not delete stays as it is, and counts in what is used.
    private static SnapshotSeries SeriesOf(DatabaseFacts facts) => new()
    {
        Slots = [.. facts.Home.Own.Where(own => own.Snapshot.IsAvailable && !own.Held && own.SharedWith.Count == 0).Select(own => own.Slot).OfType<DateTimeOffset>().Distinct()],
        Every = facts.Policy.Every,
        Policy = facts.Policy.Retention,
    };

    /// <summary>
    /// Snapshots of ours whose database is gone: nobody's policy speaks of them, so they stay. Copies are not: their database is
    /// alive in another Region, or nobody here can tell.
    /// </summary>
    private List<string> OrphansOf(IReadOnlyList<RdsDatabase> databases, FleetView view)
    {
        var alive = databases.Select(database => database.ResourceId).ToHashSet(StringComparer.Ordinal);
        return [.. view.Home.Snapshots.Select(tags.Read).OfType<OwnSnapshot>()
            .Where(own => own.CopyOf is null && (own.SourceResourceId is not { } source || !alive.Contains(source)))
            .Select(own => own.Id).Order(StringComparer.Ordinal)];
    }
}

/// <summary>When a quota is worth a word.</summary>
internal static class QuotaNews
{
    /// <summary>Time to raise a quota, or to think about the policies.</summary>
    private const int DaysAhead = 30;

    private const double Near = 0.95;

    public static (string Sentence, Finding? Finding) Judge(DatabaseKind kind, Quota quota, QuotaForecast forecast, DateTimeOffset now)
    {
        var name = kind == DatabaseKind.Cluster ? "cluster snapshots" : "instance snapshots";
        var use = string.Create(CultureInfo.InvariantCulture, $"{quota.Used} of {quota.Max} manual {name} of this Region are used");
        var sentence = forecast.FullOn is { } day
            ? string.Create(CultureInfo.InvariantCulture, $"{use}; under the present policies the quota is hit on {day:yyyy-MM-dd}")
            : $"{use}; the present policies need {forecast.Bound.ToString(CultureInfo.InvariantCulture)} at most";
        var days = forecast.FullOn is { } full ? full.DayNumber - DateOnly.FromDateTime(now.UtcDateTime).DayNumber : int.MaxValue;
        return (sentence + ".", quota.Used >= quota.Max * Near || days <= DaysAhead
            ? new Finding(Reasons.QuotaNear, sentence, quota.Used >= quota.Max * Near ? Severity.Critical : Severity.Warning)
            : null);
    }
}
