using Automation.Outcomes;

namespace Automation.Snapshots;

/// <summary>Decides about everything but the taking of snapshots, for one database.</summary>
internal static class ReconcileRules
{
    /// <summary>
    /// Snapshots of one database deleted in one Region in one run, at most: a mistake in a tag shows before it has cost much.
    /// </summary>
    public const int DeletionsPerRun = 10;

    /// <param name="facts">What is known of the database.</param>
    /// <param name="home">The Region it is in.</param>
    /// <param name="shareAccounts">Accounts that the stack's owner lets snapshots be shared with.</param>
    /// <param name="tags">How ours are told.</param>
    /// <param name="now">The time of the run.</param>
    public static ReconcilePlan Decide(
        DatabaseFacts facts, string home, IReadOnlyCollection<string> shareAccounts, SnapshotTags tags, DateTimeOffset now)
    {
        var newest = facts.Home.NewestGood(now);
        var copies = facts.Destinations.Select(destination => CopyRules.Decide(facts.Database, home, newest, destination, tags, now)).ToList();
        var shares = facts.Policy.Accounts
            .Select(account => ShareRules.Decide(newest, facts.NewestSharedWith, account, shareAccounts,
                newest is { Snapshot.Encrypted: true } ? facts.SharedKeys.GetValueOrDefault(account, new SharedKey.Unusable("was not asked about")) : null))
            .ToList();
        return new ReconcilePlan
        {
            Retention = [.. RetentionOf(facts, copies, now)],
            Copies = copies,
            Shares = [.. shares.Select(share => share.Change).OfType<ShareChange>(), .. ShareRules.Ended(facts.Home.Own, [.. facts.Policy.Accounts.Where(shareAccounts.Contains)], now)],
            Findings =
            [
                .. HealthRules.Check(facts.Database, facts.Policy, facts.Home, facts.Destinations, now).Select(finding => finding.Reason == Reasons.Overdue ? finding with { TakeLog = facts.TakeLog } : finding),
                .. copies.OfType<CopyDecision.Refused>().Select(refused => refused.Finding),
                .. shares.Select(share => share.Finding).OfType<Finding>(),
                .. facts.Policy.Regions.Where(region => region == home).Select(region => new Finding(Reasons.MalformedTag,
                    $"tag {tags.OptIn}: 'copy={region}' names the Region that the database is in", Severity.Warning)),
            ],
            Evidence = Evidence.Of(facts.Database, newest, facts.Destinations, now),
        };
    }

    private static IEnumerable<PlaceRetention> RetentionOf(DatabaseFacts facts, IReadOnlyList<CopyDecision> copies, DateTimeOffset now)
    {
        // Deleting what is being copied ends the copy. Where a destination cannot be read it is not known what is.
        var unknown = facts.Destinations.Any(destination => destination.Place is null);
        var places = facts.Destinations.Select(destination => destination.Place).OfType<Place>().Prepend(facts.Home).ToList();
        var copied = places.SelectMany(CopiedTo).Concat(copies.OfType<CopyDecision.Start>().Select(start => start.Order.SourceArn)).ToHashSet(StringComparer.Ordinal);
        foreach (var place in places)
        {
            var atHome = place.Region == facts.Home.Region;
            // A person may be copying one within the Region, of which RDS does not always tell the source.
            var unclear = (atHome && unknown) || place.Others.Any(other => other is { IsUnderway: true, SourceArn: null });
            var items = place.Own
                .Select(own => ItemOf(own, facts.Shared, unclear || copied.Contains(own.Snapshot.Arn)))
                .Concat(place.Others.Select(Foreign))
                .ToList();
            yield return new PlaceRetention(place, RetentionRules.Plan(items, facts.Policy.Retention, now, DeletionsPerRun));
        }
    }

    /// <summary>What copies that are on their way at a place are made from.</summary>
    private static IEnumerable<string> CopiedTo(Place place) => place.Own.Select(own => own.Snapshot).Concat(place.Others)
        .Where(snapshot => snapshot.IsUnderway)
        .SelectMany(snapshot => new[] { snapshot.SourceArn, place.Own.FirstOrDefault(own => own.Id == snapshot.Id)?.CopyOf })
        .OfType<string>();

    private static RetentionItem ItemOf(OwnSnapshot own, IReadOnlySet<string> shared, bool copied) => new()
    {
        Id = own.Id,
        Status = own.Snapshot.Status,
        IsOurs = true,
        Slot = own.Slot,
        CreatedAt = own.Snapshot.CreatedAt,
        Held = own.Held,
        Shared = own.SharedWith.Count > 0 || shared.Contains(own.Snapshot.Arn),
        CopyInFlight = copied,
    };

    private static RetentionItem Foreign(Snapshot snapshot) => new()
    {
        Id = snapshot.Id,
        Status = snapshot.Status,
        IsOurs = false,
        Slot = null,
        CreatedAt = snapshot.CreatedAt,
    };
}
