using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Automation.Fleet;
using Automation.Ledger;
using Automation.Notifications;
using Automation.Outcomes;
using Automation.Storage.Forecast;

namespace Automation.Storage;

/// <summary>
/// An alarm that stays raised does not come again, and RDS tells of a full disk once. So what was refused then (busy, too early, a
/// cause that is not cured by room) is looked at again by a schedule: all volumes that may be grown at once, by what CloudWatch says,
/// and then those that are nearly full one by one, like after an alarm.
/// </summary>
internal sealed class LookAgain(IVolumes volumes, StorageHistory history, GrowStorage grow, ILedger ledger, ToldOnce told, Settings settings, TimeProvider time)
{
    /// <summary>What one volume may take at its worst; with less time left the next attempt takes it.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(75);

    private const string Fleet = "fleet";

    private readonly string tag = $"{settings.TagPrefix}:storage";

    /// <summary>One conclusion after the other: people hear of it before the next is looked at.</summary>
    /// <param name="eventId">The schedule's event; empty where somebody made one without.</param>
    /// <param name="invocation">Whose run it is.</param>
    /// <param name="cancellation">The run's deadline: early enough to tell how it ended.</param>
    public async IAsyncEnumerable<Conclusion> RunAsync(string eventId, Invocation invocation, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // Who only observes was told by the alarm what would be done.
        if (settings.Mode != Mode.Act) yield break;
        var look = eventId.Length > 0 ? eventId : invocation.RequestId;
        var (low, broken) = await LowAsync(look, cancellation);
        if (broken is not null) yield return await QuietlyAsync(broken, Fleet, invocation);
        foreach (var one in low) yield return await QuietlyAsync(await LookAtAsync(one, look, invocation, cancellation), one.Volume.Database.ResourceId, invocation);
    }

    private async Task<Conclusion> LookAtAsync(Low one, string look, Invocation invocation, CancellationToken cancellation)
    {
        var database = one.Volume.Database;
        try
        {
            var now = time.GetUtcNow();
            var records = await ledger.HistoryAsync(database.ResourceId, GrowStorage.Capability, now - LimitRules.GrowthWindow, cancellation);
            var facts = GrowthFacts.Measured(one.Volume, one.Policy, one.Past, records, now);
            // What an attempt did that died, or could not be told, is for GrowStorage to find out and to tell.
            var isUnfinished = records.Any(record => record.Result == ActionResult.Unconfirmed || record.Incident == GrowStorage.LookOf(look, database));
            if (!isUnfinished && StorageRules.WithoutLook(facts, one.Policy, now) is { } decided)
                return StorageConclusions.Undisturbed(new StorageReport { Facts = facts, Policy = one.Policy }, decided);
            return now + Look > invocation.Deadline
                ? StorageConclusions.OutOfTime(database)
                : await grow.LookAsync(one.Volume, look, invocation, cancellation);
        }
        catch (Exception e)
        {
            // Its own trouble, and not that of the next.
            return StorageConclusions.Broken(database, e, cancellation);
        }
    }

    /// <summary>Those that an alarm ought to have told of, as far as CloudWatch knows.</summary>
    private async Task<(IReadOnlyList<Low> Low, Conclusion? Broken)> LowAsync(string look, CancellationToken cancellation)
    {
        try
        {
            var now = time.GetUtcNow();
            var (instances, _) = await volumes.ListAsync(cancellation);
            var open = instances.Select(volume => (Volume: volume, Policy: PolicyOf(volume))).Where(one => one.Policy is not null).ToList();
            var pasts = await history.ReadAsync([.. open.Select(one => new MetricSeries(StorageMetric.FreeStorageSpace, one.Volume.Database.Id))], null, now, cancellation);
            return ([.. open.Zip(pasts, (one, past) => (Low: new Low(one.Volume, one.Policy!, past), Facts: GrowthFacts.Measured(one.Volume, one.Policy!, past, [], now)))
                // Of a measurement that is missing the forecast tells, once a day.
                .Where(one => StorageRules.IsLow(one.Facts, one.Low.Policy))
                .OrderBy(one => Urgency(one.Facts, one.Low.Policy)).ThenBy(one => Turn(look, one.Low.Volume.Database), StringComparer.Ordinal)
                .Select(one => one.Low)], null);
        }
        catch (Exception e)
        {
            return ([], StorageConclusions.Broken(Fleet, Fleet, e, cancellation));
        }
    }

    private static int Urgency(GrowthFacts facts, StoragePolicy policy) => facts.Volume.IsFull ? 0 : StorageRules.Left(facts) < policy.React ? 1 : 2;

    /// <summary>Another order each time, and the same in Lambda's retry: what takes long and cannot be helped must not keep the others waiting for ever.</summary>
    private static string Turn(string look, RdsDatabase database) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{look}/{database.ResourceId}")));

    private StoragePolicy? PolicyOf(Volume volume) => volume is { IsAurora: false, Database.ClusterId: null }
        && StorageGate.Of(volume.Database, settings.Mode, tag) is StorageGate.Open(var policy, Mode.Act) ? policy : null;

    /// <summary>
    /// What is refused again people know from the alarm and the forecast, until there is no time left for them; that, and what fails,
    /// they hear once a day. What was done they always hear.
    /// </summary>
    private async Task<Conclusion> QuietlyAsync(Conclusion conclusion, string resource, Invocation invocation)
    {
        var outcome = conclusion.Outcome;
        // Whoever has its lease is at work on it right now, and the next run looks again.
        if (outcome.Reason == Reasons.InProgress) return conclusion with { Outcome = outcome with { Decision = Decision.NothingToDo }, Announcement = null };
        if (outcome.Decision is not (Decision.Refused or Decision.Failed)) return conclusion;
        if (outcome.Decision == Decision.Refused && conclusion.Announcement is not { Severity: Severity.Critical }) return conclusion with { Announcement = null };
        // From here on the day's key keeps the announcement, and the event's must not tell it again.
        if (conclusion.Claim is { } claim) await SettleAsync(claim);
        var day = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return await told.ApplyAsync($"{GrowStorage.Capability}/look/{resource}/{outcome.Reason}/{day}", GrowStorage.Lease, conclusion, invocation);
    }

    private async Task SettleAsync(Claim claim)
    {
        try
        {
            await ledger.MarkNotifiedAsync(claim, CancellationToken.None);
        }
        catch (Exception e) when (AwsFailure.Is(e, CancellationToken.None))
        {
            // Then a retry tells it twice.
        }
    }

    private sealed record Low(Volume Volume, StoragePolicy Policy, VolumeHistory Past);
}
