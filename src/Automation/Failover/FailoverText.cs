using System.Globalization;
using System.Text;
using Automation.Telemetry;

namespace Automation.Failover;

/// <summary>The message for the person on call: the numbers at a glance, what happened when, what to do next.</summary>
internal static class FailoverText
{
    private const int Longest = 300;

    /// <param name="report">What the test found.</param>
    /// <param name="stored">Where its page is; <c>null</c> when it is not stored.</param>
    public static string Of(FailoverReport report, string? stored)
    {
        var text = new StringBuilder();
        Line(text, $"{Words.Of(report.Verdict).ToUpperInvariant()}: {Plain(report.Sentence)}.").AppendLine();
        Lanes(text, report);
        Rows(text, report.Writes);
        Trend(text, report.Trend);
        Timeline(text, report);
        Line(text, $"CHECKS BEFORE THE CALL (by the reason they refuse with)").AppendLine(Held(report.Checks)).AppendLine();
        Next(text, report.Advice);
        Where(text, stored);
        return text.ToString().TrimEnd();
    }

    /// <summary>Of a run that made no call: every check, those that do not hold first.</summary>
    /// <param name="conclusion">What became of it, in one sentence.</param>
    /// <param name="checks">Every guard.</param>
    public static string OfChecks(string conclusion, IReadOnlyList<Check> checks)
    {
        var text = new StringBuilder();
        Line(text, $"{Plain(conclusion)}").AppendLine();
        if (checks.Count > 0) text.AppendLine("CHECKS");
        foreach (var check in checks.OrderBy(check => check.Holds))
            Line(text, $"  {(check.Holds ? "ok " : "NO ")} {check.Reason,-22} {Plain(check.Seen)}");
        return text.ToString().TrimEnd();
    }

    private static void Lanes(StringBuilder text, FailoverReport report)
    {
        Line(text, $"{(!report.Proven ? "WHAT CLIENTS SAW (no proven failover: these are no downtimes of one)" : "DOWNTIME")}");
        Line(text, $"  {report.Database.Id}, called at {report.CalledAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z{(report.Target is { } target ? $", to {target}" : "")}");
        Line(text, $"  budget {Words.Span(report.Budget)}; each figure may be off by {Words.Span(report.Resolution)}");
        text.AppendLine("  way      clients       write        read   first error");
        foreach (var lane in report.Lanes)
        {
            var writes = lane.Writes is { } outage ? Figure(outage) : "-";
            Line(text, $"  {Words.Of(lane.Lane.Path),-8} {Words.Of(lane.Lane.Clients),-7} {writes,11} {Figure(lane.Reads),11}   {First(lane, report.Called)}");
        }
        foreach (var (lane, error) in report.Silent)
            Line(text, $"  {Words.Of(lane.Path),-8} {Words.Of(lane.Clients),-7} not measured: {Plain(error)}");
        text.AppendLine();
    }

    private static string Figure(Outage outage) => outage switch
    {
        { FirstFailure: null } => "none",
        { Recovered: false } => $"> {Words.Span(outage.Down)}",
        _ => Words.Span(outage.Down),
    };

    private static string First(LaneResult lane, TimeSpan called) => lane.FirstFailing is { FirstFailure: { } at } outage
        ? string.Create(CultureInfo.InvariantCulture, $"{Plain(outage.FirstError ?? ErrorClasses.Other)} at {(at - called).TotalSeconds:0.0} s")
        : "-";

    private static void Rows(StringBuilder text, WriteCounts? writes)
    {
        text.AppendLine("WRITES");
        if (writes is null) text.AppendLine("  could not be read back: nothing is known of lost ones");
        else
        {
            Line(text, $"  {writes.Acknowledged} acknowledged, {writes.Lost} of them lost{(writes.Lost > 0 ? $": {Plain(string.Join("; ", writes.FirstLost))}{(writes.Lost > writes.FirstLost.Count ? "; …" : "")}" : "")}");
            Line(text, $"  {writes.UnknownPresent + writes.UnknownAbsent} without a reliable answer: {writes.UnknownPresent} are there, {writes.UnknownAbsent} are not");
            if (writes.Duplicated + writes.Unexpected > 0) Line(text, $"  {writes.Duplicated} there twice, {writes.Unexpected} that should not be there");
        }
        text.AppendLine();
    }

    private static void Trend(StringBuilder text, Trend? trend)
    {
        if (trend is null) return;
        text.AppendLine("WRITE DOWNTIME OVER TIME (least / median / most)");
        Line(text, $"  {TrendWords(trend)}").AppendLine();
    }

    /// <summary>As in <c>9 tests: 3.1 s / 4.0 s / 6.2 s; this one got worse</c>.</summary>
    public static string TrendWords(Trend trend) => trend.Runs == 1
        ? "the first test of this database"
        : $"{trend.Runs} tests: {Words.Span(trend.Least)} / {Words.Span(trend.Median)} / {Words.Span(trend.Most)}{(trend.GotWorse ? "; this one got worse" : "")}";

    private static void Timeline(StringBuilder text, FailoverReport report)
    {
        text.AppendLine("TIMELINE (seconds from the call; * as RDS tells it, by its own clock)");
        foreach (var line in report.Timeline)
            Line(text, $"  {line.At.TotalSeconds,8:0.00} {(line.IsAnnotation ? '*' : ' ')} {Plain(line.Event)}");
        text.AppendLine();
    }

    private static string Held(IReadOnlyList<Check> checks) =>
        $"  all held: {string.Join(", ", checks.Where(check => check.Holds).Select(check => check.Reason))}"
        + (checks.Any(check => !check.Holds) ? $"; did not: {string.Join(", ", checks.Where(check => !check.Holds).Select(check => check.Reason))}" : "");

    private static void Next(StringBuilder text, IReadOnlyList<string> advice)
    {
        text.AppendLine("WHAT TO DO NEXT");
        foreach (var line in advice) Line(text, $"  - {Plain(line, 1000)}");
        if (advice.Count == 0) text.AppendLine("  - Nothing: clients were back as they should be.");
        text.AppendLine();
    }

    private static void Where(StringBuilder text, string? stored)
    {
        if (stored is null) return;
        text.AppendLine("REPORT WITH A CHART");
        Line(text, $"  {stored}");
        if (stored.StartsWith("s3://", StringComparison.Ordinal)) Line(text, $"  aws s3 cp {stored} - > failover.html");
    }

    // Names, tags and events come from outside; none may forge a line that a person trusts.
    private static string Plain(string text, int limit = Longest) => Printable.Line(text.TrimEnd('.'), limit);

    private static StringBuilder Line(StringBuilder text, FormattableString line) =>
        text.AppendLine(line.ToString(CultureInfo.InvariantCulture).TrimEnd());
}
