using System.Globalization;
using System.Text;
using Automation.Storage.Bytes;
using Automation.Storage.Forecast;
using Automation.Telemetry;

namespace Automation.Storage;

/// <summary>The message for the person on call: what there was, what fills it, how long it lasts, what was done, what to do next. Pure.</summary>
internal static class StorageText
{
    private const int Listed = 5;

    // Room for every name of a long sentence; a statement is far shorter, and never cut.
    private const int LongestLine = 4000;

    /// <param name="headline">One sentence: what happened.</param>
    /// <param name="report">What was found.</param>
    /// <param name="done">What was asked of RDS, and what follows from it; <c>null</c> when nothing was.</param>
    /// <param name="next">What a person has to do, in order.</param>
    public static string Of(string headline, StorageReport report, string? done, IReadOnlyList<string> next)
    {
        var text = new StringBuilder().Append(Printable.Line(headline, LongestLine)).Append("\n\nSTORAGE\n");
        var (volume, outlook) = (report.Facts.Volume, report.Facts.Outlook);
        if (volume.IsAurora) Line(text, $"used {Words.Bytes(report.Facts.UsedBytes ?? 0)}; an Aurora volume grows by itself to {Words.Bytes(report.Facts.SizeBytes)}");
        else Line(text, $"{volume.AllocatedGiB} GiB of {volume.Type}, status {volume.Database.Status}");
        if (!volume.IsAurora) Line(text, outlook.FreeBytes is { } free ? $"free {Words.Bytes(free)}, {free / report.Facts.SizeBytes:P1}" : (FormattableString)$"free: CloudWatch has no recent value");
        Bytes(text, report);
        text.Append("\nHOW LONG IT LASTS\n");
        Forecast(text, outlook);
        if (report.Facts.Diagnosis.Sentence.Length > 0)
        {
            text.Append("\nWHAT FILLS IT\n");
            Line(text, $"{report.Facts.Diagnosis.Sentence}.");
        }
        if (done is not null)
        {
            text.Append("\nWHAT WAS DONE\n");
            Line(text, $"{done}");
        }
        text.Append("\nWHAT TO DO NEXT\n");
        foreach (var line in next) Line(text, $"- {line}");
        foreach (var advice in report.Facts.Diagnosis.Advice)
        {
            foreach (var statement in advice.Statements) Line(text, $"    {statement}");
            foreach (var parameter in advice.Parameters) Line(text, $"- parameter group: {parameter}");
        }
        foreach (var alarm in report.Alarms) Line(text, $"- {alarm}");
        text.Append('\n');
        Line(text, $"{volume.Database.Arn}");
        return text.ToString();
    }

    private static void Bytes(StringBuilder text, StorageReport report)
    {
        if (report.Parts is not { } parts) return;
        text.Append("\nWHAT THE BYTES ARE\n");
        foreach (var (name, bytes) in new (string, long?)[]
            { ("tables and indexes", parts.Relations), ("large objects", parts.LargeObjects), ("WAL", parts.Wal), ("temporary files", parts.Temporary), ("logs", parts.Logs), ("other", parts.Other) })
            Line(text, $"{(bytes is { } known ? Words.Bytes(known) : "not seen"),12}  {name}");
        Line(text, $"{Words.Bytes(parts.Used),12}  used");
        foreach (var slot in (report.Table!.Slots ?? []).Where(slot => slot.RetainedBytes is > 0).Take(Listed))
            Line(text, $"slot {Shown.Name(slot.Name)} ({slot.Type}, {(slot.Active ? "active" : "nobody reads it")}) keeps {Words.Bytes(slot.RetainedBytes!.Value)} of WAL");
        // The catalogs of a database that has little else are no news.
        foreach (var relation in report.Table!.Relations.Take(Listed).Where(relation => relation.Bytes >= parts.Used / 100))
            Line(text, $"{Words.Bytes(relation.Bytes),12}  {Shown.Name($"{relation.Database}.{relation.Schema}.{relation.Name}")}{(relation.DeadBytes is > 1 << 20 ? $", of it about {Words.Bytes(relation.DeadBytes.Value)} dead rows" : "")}");
        foreach (var unseen in parts.Unseen.Concat(report.Table!.Blind).Distinct(StringComparer.Ordinal)) Line(text, $"({unseen})");
    }

    private static void Forecast(StringBuilder text, Outlook outlook)
    {
        if (outlook.Unknown is { } why) Line(text, $"not known: {why}");
        else if (outlook.Days is not { } days) Line(text, $"it does not grow");
        else
        {
            Line(text, $"full in {Range(days)}");
            if (outlook.DaysToCap is { } cap) Line(text, $"at the size that is never passed in {Range(cap)}");
        }
        if (outlook.SlowRate is { } slow) Line(text, $"it grows by {Words.Bytes(slow * 24)} a day");
        if (outlook.FastRate is { } fast) Line(text, $"in the last hour at {Words.Bytes(fast)} an hour");
        foreach (var doubt in outlook.Doubts) Line(text, $"uncertain: {doubt}");
    }

    /// <summary>5 to 9 days, most likely 6.</summary>
    public static string Range(DaysToFull days)
    {
        var (low, likely, high) = (Words.Days(days.Low), Words.Days(days.Likely), days.High >= DaysToFull.Furthest ? "never" : Words.Days(days.High));
        return days.Likely >= DaysToFull.Furthest ? $"{low} at the soonest, and most likely never"
            : low == high ? low
            : $"{low} to {high}, most likely {likely}";
    }

    /// <summary>Why a volume is given this size, as a sentence: what is used, how long it has to last at which rate, and what else decides.</summary>
    public static string WhyThisSize(SizeNeed need, Step.Legal step, int allocatedGiB)
    {
        var growth = need.RatePerHour <= 0 ? "" : need.Lasts.TotalDays >= 3
            ? $", and room for {Words.Span(need.Lasts)} at {Words.Bytes(need.RatePerHour * 24)} a day ({Words.Bytes(need.GrowthBytes)})"
            : $", and room for {Words.Span(need.Lasts)} at {Words.Bytes(need.RatePerHour)} an hour ({Words.Bytes(need.GrowthBytes)})";
        var end = step.Short is { } limit ? $"; the limit: {limit.Sentence}"
            : step.TargetGiB == StepRules.LeastGiB(allocatedGiB) ? "; RDS takes no smaller step than a tenth"
            : "; rounded up to whole GiB";
        return string.Create(CultureInfo.InvariantCulture, $"Why {step.TargetGiB} GiB: {Words.Bytes(need.UsedBytes)} are used{growth}{end}.");
    }

    /// <summary>One line, whatever it holds: a name of the database or the server's own words must not add a step to take.</summary>
    private static void Line(StringBuilder text, FormattableString line) =>
        text.Append("  ").Append(Printable.Line(line.ToString(CultureInfo.InvariantCulture), LongestLine)).Append('\n');
}
