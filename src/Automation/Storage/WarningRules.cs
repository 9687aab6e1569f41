using System.Globalization;
using Automation.Outcomes;
using Automation.Storage.Forecast;

namespace Automation.Storage;

/// <summary>What a forecast has to say. Pure.</summary>
internal static class WarningRules
{
    /// <summary>That more room cannot be had matters to a disk that needs it in this time.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromDays(30);

    /// <summary>Of the local storage of an Aurora instance; its size is not a metric, and the smallest class has 8 GiB of it.</summary>
    public const double LocalFreeBytes = 2.0 * (1L << 30);

    /// <param name="report">Of one database.</param>
    /// <param name="localFree">Of an Aurora cluster: the free local storage of its instances; <c>null</c> where there is no value.</param>
    /// <param name="now">The present.</param>
    /// <returns>The gravest first; none when all is well.</returns>
    public static IReadOnlyList<Warning> Of(StorageReport report, IReadOnlyList<(string Id, double? Bytes)> localFree, DateTimeOffset now)
    {
        var found = new List<Warning>();
        var (outlook, policy) = (report.Facts.Outlook, report.Policy);
        if (report.Facts.Volume.IsFull) found.Add(new(Reasons.FillsSoon, "it is full", Severity.Critical));
        // What RDS grows by itself is not full before it is at the end of that.
        else if (report.Facts.Volume is { AutoscalingCapGiB: null } or { IsAutoscaledOut: true } && outlook.Days is { } days && days.Low < policy.Horizon.TotalDays) found.Add(new(Reasons.FillsSoon, $"it is full in {StorageText.Range(days)}", Loudness(days, policy)));
        if (outlook.DaysToCap is { } cap && cap.Low < policy.Horizon.TotalDays && found.Count == 0)
            found.Add(new(Reasons.FillsSoon, $"it is at the size that is never passed ({CapOf(report)}) in {StorageText.Range(cap)}", Severity.Warning));
        if (CannotGrow(report, now) is { } sentence) found.Add(new(Reasons.CannotGrowFurther, sentence, Severity.Warning));
        if (outlook.FreeBytes is null && !report.Facts.Volume.IsFull)
            found.Add(new(Reasons.CannotForecast, $"CloudWatch has no recent value of its storage{(outlook.Unknown is { } why ? $": {why.TrimEnd('.')}" : "")}", Severity.Warning));
        found.AddRange(report.Alarms.Select(alarm => new Warning(Reasons.AlarmOutgrown, alarm, Severity.Warning)));
        found.AddRange(localFree.Where(instance => instance.Bytes < LocalFreeBytes).Select(instance => new Warning(Reasons.LocalStorageLow,
            $"instance {instance.Id} has {Words.Bytes(instance.Bytes!.Value)} of local storage left for temporary files and logs; only a larger class has more", Severity.Warning)));
        return found;
    }

    private static string? CannotGrow(StorageReport report, DateTimeOffset now)
    {
        var facts = report.Facts;
        if (facts.Volume.IsAurora || facts.Volume is { AutoscalingCapGiB: not null, IsAutoscaledOut: false } || facts.UsedBytes is not { } used) return null;
        if (facts.Outlook.Days is not { } days || days.Low >= Ahead.TotalDays) return null;
        var needed = used + ((facts.Outlook.SlowRate ?? 0) * report.Policy.Horizon.TotalHours);
        return StepRules.Of(facts.Volume, needed, LimitRules.Of(facts.Volume, report.Policy, facts.History, now)) switch
        {
            Step.None(var limit, var least) => string.Create(CultureInfo.InvariantCulture, $"it cannot be grown when it has to be: the smallest step is to {least} GiB, and {limit.Sentence}"),
            Step.Legal { Short: { } limit } => $"it cannot be grown as far as it has to be: {limit.Sentence}",
            _ => null,
        };
    }

    private static string CapOf(StorageReport report) => report.Facts.Volume.AutoscalingCapGiB is { } most
        ? string.Create(CultureInfo.InvariantCulture, $"MaxAllocatedStorage of {most} GiB")
        : string.Create(CultureInfo.InvariantCulture, $"max={report.Policy.MaxGiB} of the tag");

    private static Severity Loudness(DaysToFull days, StoragePolicy policy) => days.Low < policy.React.TotalDays ? Severity.Critical : Severity.Warning;
}
