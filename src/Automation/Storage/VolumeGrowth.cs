using System.Globalization;
using Automation.Fleet;
using Automation.Ledger;
using Automation.Outcomes;

namespace Automation.Storage;

/// <summary>The one change: written down first, in one transaction with the kill switch and our claims, then asked for once.</summary>
internal sealed class VolumeGrowth(IVolumes volumes, ILedger ledger, TimeProvider time)
{
    public const string Action = "grow-storage";

    /// <summary>Above the client's own limit. RDS answers within a second or two.</summary>
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(15);

    /// <summary>RDS shows a size it has taken at once; a call that left later than this ago and does not show was not taken.</summary>
    private static readonly TimeSpan Shows = TimeSpan.FromSeconds(30);

    /// <summary>What an attempt that died before had asked for.</summary>
    /// <returns><c>null</c> when there is nothing unfinished any more.</returns>
    public async Task<Conclusion?> UnfinishedAsync(RdsDatabase database, string incident, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var history = await ledger.HistoryAsync(database.ResourceId, GrowStorage.Capability, now - LimitRules.GrowthWindow, cancellation);
        // It died between the answer and the end of the event: nobody was told.
        if (history.LastOrDefault(record => record.Incident == incident && record.Result == ActionResult.Done) is { } done) return StorageConclusions.GrownEarlier(database, done);
        var unfinished = history.Where(record => record.Result == ActionResult.Unconfirmed).ToList();
        if (unfinished.Count == 0) return null;
        if (await volumes.DescribeAsync(database.Id, cancellation) is not { } volume) return null;
        foreach (var record in unfinished)
        {
            var taken = GrowthImage.Read(record.Before) is { } image && volume.HasTaken(image.TargetGiB);
            if (!taken && now - record.At < Shows)
                return StorageConclusions.Failed(database, Reasons.Unanswered, $"an earlier attempt asked for a bigger size at {Words.At(record.At)}, and RDS does not show it yet");
            await ledger.ConfirmAsync(record, taken ? ActionResult.Done : ActionResult.Vanished, cancellation);
            // Whichever event it was of: who asked did not live to tell, and nobody else will.
            if (taken) return StorageConclusions.GrownEarlier(database, record);
        }
        return null;
    }

    /// <param name="report">What was decided on.</param>
    /// <param name="grow">What was decided.</param>
    /// <param name="incident">What set it off.</param>
    /// <param name="invocation">Whose run it is.</param>
    /// <param name="claims">Held: the event's one-time key and the database's lease.</param>
    /// <param name="cancellation">Stops before the call, never within it.</param>
    public async Task<Conclusion> CarryOutAsync(
        StorageReport report, StorageDecision.Grow grow, string incident, Invocation invocation, IReadOnlyList<Claim> claims, CancellationToken cancellation)
    {
        var (volume, target) = (report.Facts.Volume, grow.Step.TargetGiB);
        // Measuring and asking took their time, and whatever somebody queued meanwhile would be applied with ours, at once.
        if (await volumes.DescribeAsync(volume.Database.Id, cancellation) is not { } fresh || !IsSame(fresh, volume))
            return StorageConclusions.Failed(volume.Database, Reasons.ChangedMeanwhile, "status, size, tags or pending changes became others while it was looked at; nothing was asked of RDS, and it is looked at again");
        if (time.GetUtcNow() + CallLimit > invocation.Deadline)
            return StorageConclusions.Failed(volume.Database, Reasons.OutOfTime, "the function's time was over before anything was asked of RDS");
        var record = new ActionRecord
        {
            ResourceId = volume.Database.ResourceId,
            At = time.GetUtcNow(),
            Capability = GrowStorage.Capability,
            Key = target.ToString(CultureInfo.InvariantCulture),
            Action = Action,
            Database = volume.Database.Id,
            Mode = Mode.Act,
            RequestId = invocation.RequestId,
            Incident = incident,
            Before = new GrowthImage(volume.AllocatedGiB, target, volume.Type, grow.IsStopgap, report.Facts.Diagnosis.Name).Write(),
        };
        var recorded = await ledger.RecordAsync(record, claims, cancellation);
        if (recorded is not RecordResult.Recorded) return StorageConclusions.NotRecorded(volume.Database, recorded);

        // From here on nothing breaks the run off: what RDS was asked for has to be told.
        using var limit = new CancellationTokenSource(CallLimit, time);
        switch (await volumes.GrowAsync(volume.Database.Id, grow.Step, limit.Token))
        {
            case GrowthAnswer.Accepted:
                await NoteAsync(record, ActionResult.Done);
                return StorageConclusions.Grown(report, grow, acted: true, null);
            case GrowthAnswer.Refused refused:
                await NoteAsync(record, ActionResult.Vanished);
                return StorageConclusions.NotTaken(report, target, refused);
            case GrowthAnswer.Throttled throttled:
                await NoteAsync(record, ActionResult.Vanished);
                return StorageConclusions.Failed(volume.Database, Reasons.Throttled, $"RDS asks for fewer calls ({throttled.Code}); nothing was changed, and it is tried again");
            case GrowthAnswer.Unanswered unanswered when await ShowsAsync(volume.Database.Id, target):
                await NoteAsync(record, ActionResult.Done);
                return StorageConclusions.Grown(report, grow, acted: true, $"its answer was lost: {unanswered.Why}");
            case var unanswered:
                // Unconfirmed: the retry looks what became of it.
                return StorageConclusions.NotTaken(report, target, unanswered);
        }
    }

    private static bool IsSame(Volume fresh, Volume seen) => fresh.Database.ResourceId == seen.Database.ResourceId && fresh.Database.Status == seen.Database.Status
        && (fresh.AllocatedGiB, fresh.Type, fresh.Iops, fresh.Throughput, fresh.AutoscalingCapGiB) == (seen.AllocatedGiB, seen.Type, seen.Iops, seen.Throughput, seen.AutoscalingCapGiB)
        && fresh.Pending.SequenceEqual(seen.Pending, StringComparer.Ordinal)
        && fresh.Database.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal).SequenceEqual(seen.Database.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal));

    private async Task<bool> ShowsAsync(string id, int target)
    {
        using var limit = new CancellationTokenSource(CallLimit, time);
        try
        {
            return await volumes.DescribeAsync(id, limit.Token) is { } volume && volume.HasTaken(target);
        }
        catch (Exception e) when (AwsFailure.Is(e, CancellationToken.None))
        {
            return false;
        }
    }

    private async Task NoteAsync(ActionRecord record, ActionResult result)
    {
        try
        {
            await ledger.ConfirmAsync(record, result, CancellationToken.None);
        }
        catch (Exception e) when (AwsFailure.Is(e, CancellationToken.None))
        {
            // The record stands, unconfirmed, and counts; the next run looks at the size itself.
        }
    }
}
