using System.Globalization;
using Automation.Ledger;

namespace Automation.Storage;

/// <summary>
/// Whether a volume is grown, and to what. Measured first, then whether there is any need, then what forbids it, then whether it is
/// the cure, and only then how much. Pure.
/// </summary>
internal static class StorageRules
{
    /// <summary>RDS grows by itself from here on; so do we (RDS user guide, "Managing capacity automatically").</summary>
    public const double LowShare = 0.10;

    /// <summary>RDS takes no second change of the size before this, or before the optimization is over, whichever is later.</summary>
    public static readonly TimeSpan Cooldown = TimeSpan.FromHours(6);

    /// <summary>The cooldown and what an optimization takes beyond it: a step has to last this long at the fast rate.</summary>
    public static readonly TimeSpan Outlast = TimeSpan.FromHours(24);

    public static readonly TimeSpan Week = TimeSpan.FromDays(7);

    public const int MostInAWeek = 2;

    /// <summary>RDS shows what it took at once, and begins within minutes.</summary>
    private static readonly TimeSpan Shows = TimeSpan.FromMinutes(10);

    /// <summary>With more than this free, a date at the worst is not enough: the likely one counts.</summary>
    private const double MuchShare = 0.20;

    /// <summary>RDS shuts a database down before its last byte is used: below this it counts as full (RDS-EVENT-0222 names 1 GB).</summary>
    private const double ReserveShare = 0.02, ReserveBytes = 2.0 * (1L << 30);

    public static StorageDecision Decide(GrowthFacts facts, StoragePolicy policy, DateTimeOffset now)
    {
        if (WithoutCause(facts, policy, now) is { } decided) return decided;
        return facts.Diagnosis.Cure is true
            ? Sized(facts, policy, Need(facts, policy, isStopgap: false).Bytes, isStopgap: false, now)
            : NotTheCure(facts, policy, now);
    }

    /// <summary>What is so whatever fills it; <c>null</c> when the cause decides, and only then is it worth asking the database.</summary>
    public static StorageDecision? WithoutCause(GrowthFacts facts, StoragePolicy policy, DateTimeOffset now) => facts.UsedBytes is null
        ? new StorageDecision.Refused(Reasons.NoMeasurement, "CloudWatch has no recent value of FreeStorageSpace: nothing is done on the word of an alarm or event alone")
        : NoNeed(facts, policy) ?? JustGrown(facts, policy, now) ?? (StorageDecision?)Forbidden(facts, now);

    /// <summary>
    /// Whether it needs room and nearly is full: what an alarm ought to have told of. That it may be full within the horizon is for
    /// the forecast and for people, who know whether a load goes on.
    /// </summary>
    public static bool IsLow(GrowthFacts facts, StoragePolicy policy) => facts.UsedBytes is not null && NoNeed(facts, policy) is null
        && (facts.Volume.IsFull || facts.Outlook.FreeBytes <= facts.SizeBytes * LowShare || Left(facts) < Outlast);

    /// <summary>The same as <see cref="WithoutCause"/>, and where no step is left, whatever the cause.</summary>
    public static StorageDecision? WithoutLook(GrowthFacts facts, StoragePolicy policy, DateTimeOffset now) =>
        WithoutCause(facts, policy, now) ?? (Sized(facts, policy, 0, isStopgap: false, now) is StorageDecision.Refused none ? none : null);

    /// <summary>How long until it is full, at the worst; zero when it is, <c>null</c> when it does not grow or nobody knows.</summary>
    public static TimeSpan? Left(GrowthFacts facts) => facts.Volume.IsFull || facts.Outlook.FreeBytes < Math.Max(facts.SizeBytes * ReserveShare, ReserveBytes) ? TimeSpan.Zero
        : facts.Outlook.Days is { } days ? TimeSpan.FromDays(days.Low)
        : null;

    private static StorageDecision.Nothing? NoNeed(GrowthFacts facts, StoragePolicy policy)
    {
        if (facts.Volume.IsFull || facts.Outlook.FreeBytes <= facts.SizeBytes * LowShare) return null;
        var soon = facts.Outlook.FreeBytes > facts.SizeBytes * MuchShare ? facts.Outlook.Days is { } days ? TimeSpan.FromDays(days.Likely) : null : Left(facts);
        if (soon < policy.Horizon) return null;
        return new StorageDecision.Nothing(Reasons.EnoughFree, string.Create(CultureInfo.InvariantCulture,
            $"{facts.Outlook.FreeBytes / facts.SizeBytes:0%} of {facts.Volume.AllocatedGiB} GiB is free, and lasts longer than {Words.Span(policy.Horizon)}"));
    }

    /// <summary>An alarm and an event of RDS tell of the same disk within minutes: what the first one did is no news to the second.</summary>
    private static StorageDecision.Nothing? JustGrown(GrowthFacts facts, StoragePolicy policy, DateTimeOffset now)
    {
        if (facts.History.LastOrDefault(record => record.Result == ActionResult.Done && record.At > now - Cooldown) is not { } last) return null;
        if (GrowthImage.Read(last.Before) is not { } image) return null;
        // While RDS does not show the new size, what is measured is the old one. One that it has neither given nor has still to give
        // after minutes will not come.
        var isComing = facts.Volume.AllocatedGiB < image.TargetGiB
            && (facts.Volume.PendingGiB >= image.TargetGiB || facts.Volume.IsChanging || now - last.At < Shows);
        return isComing || (facts.Volume.AllocatedGiB >= image.TargetGiB && !(Left(facts) < policy.React))
            ? new StorageDecision.Nothing(Reasons.JustGrown, Inv($"it was grown to {image.TargetGiB} GiB at {Words.At(last.At)}"))
            : null;
    }

    private static StorageDecision.Refused? Forbidden(GrowthFacts facts, DateTimeOffset now)
    {
        var volume = facts.Volume;
        if (volume.AutoscalingCapGiB is { } cap)
            return new(Reasons.Autoscaling, volume.IsAutoscaledOut
                ? Inv($"RDS was to grow it by itself and will not: its next step would reach MaxAllocatedStorage of {cap} GiB")
                : Inv($"RDS grows it by itself up to MaxAllocatedStorage of {cap} GiB, and is left to it"));
        if (volume.IsChanging)
            return new(Reasons.Busy, $"its status is {volume.Database.Status}: RDS takes no change of the size meanwhile");
        if (volume.Database.Status is not ("available" or "storage-full"))
            return new(Reasons.NotAvailable, $"its status is {volume.Database.Status}");
        if (volume.Pending.Count > 0)
            return new(Reasons.PendingChanges, $"it has other changes pending ({string.Join(", ", volume.Pending)}), and RDS would apply them together with the size, at once");
        if (facts.LastResize + Cooldown is { } ready && ready > now)
            return new(Reasons.Cooldown, $"its size changed at {Words.At(facts.LastResize!.Value)}, and RDS takes no other change before {Words.At(ready)}");
        if (LedgerRules.CoolsDownUntil(facts.History, Cooldown, now) is { } until)
            return new(Reasons.Cooldown, $"it was grown less than {Words.Span(Cooldown)} ago, and RDS takes no other change before {Words.At(until)}");
        if (LedgerRules.Spent(facts.History, Week, now) >= MostInAWeek)
            return new(Reasons.GrowthBudget, Inv($"it was grown {MostInAWeek} times within 7 days, and is not a third time: something fills it"));
        return null;
    }

    /// <summary>
    /// The fast rate until the next change is possible, the slow one until the horizon: whichever needs more. Of a stopgap only what
    /// comes until RDS takes the next change.
    /// </summary>
    public static SizeNeed Need(GrowthFacts facts, StoragePolicy policy, bool isStopgap)
    {
        var (used, outlook) = (facts.UsedBytes ?? 0, facts.Outlook);
        if (isStopgap) return new SizeNeed(used, outlook.FastRate ?? outlook.SlowRate ?? 0, Cooldown);
        var (fast, slow) = (new SizeNeed(used, outlook.FastRate ?? 0, Outlast), new SizeNeed(used, outlook.SlowRate ?? 0, policy.Horizon));
        return fast.Bytes > slow.Bytes ? fast : slow;
    }

    private static StorageDecision NotTheCure(GrowthFacts facts, StoragePolicy policy, DateTimeOffset now)
    {
        var reason = facts.Diagnosis.Cure is null ? Reasons.CauseUnknown : Reasons.CauseNotCured;
        if (Left(facts) is not { } left || left >= policy.React)
        {
            var cure = facts.Diagnosis.Cure is null ? "perhaps not" : "not";
            var time = facts.Outlook.Days is null ? "how long it lasts is not known" : "there is time for a person";
            return new StorageDecision.Refused(reason, $"{facts.Diagnosis.Brief}: more room is {cure} the cure, and {time}");
        }
        if (facts.History.Any(record => record.Result != ActionResult.Vanished && record.At > now - Week && GrowthImage.Read(record.Before) is { Stopgap: true }))
            return new StorageDecision.Refused(Reasons.StopgapUsed, $"{facts.Diagnosis.Brief}: one stopgap was taken within 7 days, and the cause is still there");
        return Sized(facts, policy, Need(facts, policy, isStopgap: true).Bytes, isStopgap: true, now);
    }

    private static StorageDecision Sized(GrowthFacts facts, StoragePolicy policy, double needed, bool isStopgap, DateTimeOffset now) =>
        StepRules.Of(facts.Volume, needed, LimitRules.Of(facts.Volume, policy, facts.History, now)) switch
        {
            Step.Legal legal => new StorageDecision.Grow(legal, isStopgap),
            Step.None(var limit, var least) => new StorageDecision.Refused(limit.Reason, Inv($"the smallest step RDS takes is to {least} GiB, and {limit.Sentence}")),
            var other => throw new InvalidOperationException($"No case for {other.GetType().Name}."),
        };

    private static string Inv(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
