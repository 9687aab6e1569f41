using Automation.Fleet;
using Automation.Notifications;
using Automation.Outcomes;

namespace Automation.Snapshots;

/// <summary>What concerns all databases together: the quota, before it is hit, and once a week how everything stands.</summary>
internal sealed class FleetReport(ISnapshotQuotas quotas, ISnapshotStores stores, ToldOnce told, DailyNews news, Settings settings)
{
    private readonly SnapshotTags tags = new(settings.TagPrefix);

    public async Task<IReadOnlyList<Conclusion>> TellAsync(
        IReadOnlyList<RdsDatabase> databases, FleetView view, IReadOnlyList<(DatabaseFacts Facts, ReconcilePlan Plan)> plans,
        DateTimeOffset now, Invocation invocation, CancellationToken cancellation)
    {
        var conclusions = new List<Conclusion>();
        foreach (var (database, count) in WithoutTag(databases, view))
        {
            var finding = new Finding(Reasons.TagGone, $"it has {count} of our snapshots and no tag {tags.OptIn}: none is taken any more, and none deleted", Severity.Warning);
            conclusions.Add(await news.ApplyAsync(SnapshotsConclusions.Of(database, finding), database.ResourceId, invocation));
        }
        if (plans.Count == 0)
        {
            // Where there are snapshots, or tags that cannot be read, silence is what the alarm must hear.
            if (!databases.Any(database => database.Tags.ContainsKey(tags.OptIn)) && !view.Home.Snapshots.Any(snapshot => tags.Read(snapshot) is not null))
                conclusions.Add(SnapshotsConclusions.NobodyAsks(stores.Home.Region));
            return conclusions;
        }
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
            $"{TakeSnapshots.Capability}/digest/{Digest.WeekOf(now)}", DailyNews.ClaimFor, SnapshotsConclusions.Digest(stores.Home.Region, headline, text), invocation));
        return conclusions;
    }

    // What retention may not delete stays as it is, and counts in what is used.
    private static SnapshotSeries SeriesOf(DatabaseFacts facts) => new()
    {
        Slots = [.. facts.Home.Own.Where(own => own.Snapshot.IsAvailable && !own.Held && own.SharedWith.Count == 0).Select(own => own.Slot).OfType<DateTimeOffset>().Distinct()],
        Every = facts.Policy.Every,
        Policy = facts.Policy.Retention,
    };

    /// <summary>Databases that are there, have snapshots of ours, and have lost their tag; <c>off</c> is a tag.</summary>
    private IEnumerable<(RdsDatabase Database, int Count)> WithoutTag(IReadOnlyList<RdsDatabase> databases, FleetView view) => databases
        .Where(database => !database.Tags.ContainsKey(tags.OptIn))
        .Select(database => (database, view.Home.PlaceOf(database, stores.Home.Region, isHome: true).Own.Count))
        .Where(line => line.Count > 0);

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
