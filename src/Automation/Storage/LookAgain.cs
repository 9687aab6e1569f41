using System.Globalization;
using System.Runtime.CompilerServices;
using Automation.Fleet;
using Automation.Ledger;
using Automation.Notifications;
using Automation.Outcomes;
using Automation.Storage.Forecast;

namespace Automation.Storage;

/// <summary>
/// An alarm that stays raised does not come again, and RDS tells of a full disk once. So what was refused then (busy, too early, a
/// cause that is not cured by room) is looked at again by a schedule: all volumes that may be grown at once, by what CloudWatch says,
/// and then those that need it one by one, like after an alarm.
/// </summary>
internal sealed class LookAgain(IVolumes volumes, StorageHistory history, GrowStorage grow, ILedger ledger, ToldOnce told, Settings settings, TimeProvider time)
{
    /// <summary>What one volume may take at its worst; with less time left the next run takes it.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(75);

    private const string Fleet = "fleet";

    private readonly string tag = $"{settings.TagPrefix}:storage";

    /// <summary>One conclusion after the other, the soonest full first: people hear of it before the next is looked at.</summary>
    /// <param name="eventId">The schedule's event.</param>
    /// <param name="invocation">Whose run it is.</param>
    /// <param name="cancellation">The run's deadline: early enough to tell how it ended.</param>
    public async IAsyncEnumerable<Conclusion> RunAsync(string eventId, Invocation invocation, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // Who only observes was told by the alarm what would be done.
        if (settings.Mode != Mode.Act) yield break;
        var (low, broken) = await LowAsync(cancellation);
        if (broken is not null) yield return broken;
        foreach (var report in low)
        {
            var (database, now) = (report.Facts.Volume.Database, time.GetUtcNow());
            var conclusion = StorageRules.WithoutCause(report.Facts, report.Policy, now) is { } decided
                ? StorageConclusions.Undisturbed(report, decided)
                : now + Look > invocation.Deadline
                    ? StorageConclusions.OutOfTime(database)
                    : await grow.LookAsync(report.Facts.Volume, eventId, invocation, cancellation);
            yield return await QuietlyAsync(conclusion, database, invocation, now);
        }
    }

    /// <summary>Those that an alarm ought to have told of, as far as CloudWatch and the ledger know.</summary>
    private async Task<(IReadOnlyList<StorageReport> Low, Conclusion? Broken)> LowAsync(CancellationToken cancellation)
    {
        try
        {
            var now = time.GetUtcNow();
            var (instances, _) = await volumes.ListAsync(cancellation);
            var open = instances.Select(volume => (Volume: volume, Policy: PolicyOf(volume))).Where(one => one.Policy is not null).ToList();
            var pasts = await history.ReadAsync([.. open.Select(one => new MetricSeries(StorageMetric.FreeStorageSpace, one.Volume.Database.Id))], null, now, cancellation);
            var low = new List<StorageReport>();
            foreach (var ((volume, policy), past) in open.Zip(pasts))
            {
                var report = new StorageReport { Facts = GrowthFacts.Measured(volume, policy!, past, [], now), Policy = policy! };
                // Of a measurement that is missing the forecast tells, once a day.
                if (!StorageRules.IsLow(report.Facts, policy!)) continue;
                // One question to the ledger for each of the few.
                var records = await ledger.HistoryAsync(volume.Database.ResourceId, GrowStorage.Capability, now - LimitRules.GrowthWindow, cancellation);
                low.Add(report with { Facts = GrowthFacts.Measured(volume, policy!, past, records, now) });
            }
            return ([.. low.OrderBy(report => StorageRules.Left(report.Facts) ?? TimeSpan.MaxValue).ThenBy(report => report.Facts.Volume.Database.Id, StringComparer.Ordinal)], null);
        }
        catch (Exception e)
        {
            return ([], StorageConclusions.Broken(Fleet, Fleet, e, cancellation));
        }
    }

    private StoragePolicy? PolicyOf(Volume volume) => volume is { IsAurora: false, Database.ClusterId: null }
        && StorageGate.Of(volume.Database, settings.Mode, tag) is StorageGate.Open(var policy, Mode.Act) ? policy : null;

    /// <summary>What is refused again people know from the alarm and the forecast, until there is no time left for them.</summary>
    private async Task<Conclusion> QuietlyAsync(Conclusion conclusion, RdsDatabase database, Invocation invocation, DateTimeOffset now)
    {
        var (decision, reason) = (conclusion.Outcome.Decision, conclusion.Outcome.Reason);
        // Whoever has its lease is at work on it right now, and the next run looks again.
        if (reason == Reasons.InProgress) return StorageConclusions.Nothing(database, reason, conclusion.Outcome.Summary);
        if (decision != Decision.Refused) return conclusion;
        if (conclusion.Announcement is not { Severity: Severity.Critical }) return conclusion with { Announcement = null };
        var day = now.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return await told.ApplyAsync($"{GrowStorage.Capability}/look/{database.ResourceId}/{reason}/{day}", GrowStorage.Lease, conclusion, invocation);
    }
}
