using System.Globalization;
using System.Text;
using Automation.Outcomes;

namespace Automation.Snapshots;

/// <summary>The weekly message: how old the newest proof of every database is, and what will not be mended by itself.</summary>
internal static class Digest
{
    /// <summary>Hour of Monday, UTC, from which the week's digest is due.</summary>
    private const int Hour = 6;

    private const int ListedOrphans = 10;

    /// <summary>The ISO week whose digest is due: that of the last Monday at six, so that a missed run is made up for.</summary>
    public static string WeekOf(DateTimeOffset now)
    {
        var day = (now.ToUniversalTime() - TimeSpan.FromHours(Hour)).UtcDateTime;
        return string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(day)}-W{ISOWeek.GetWeekOfYear(day):00}");
    }

    public static (string Headline, string Text) Write(
        IReadOnlyList<(DatabaseFacts Facts, ReconcilePlan Plan)> plans, IReadOnlyList<string> orphans, IReadOnlyList<string> forecasts, Mode mode, DateTimeOffset now)
    {
        var overdue = plans.Count(line => line.Plan.Findings.Any(finding => finding.Reason == Reasons.Overdue));
        var how = overdue == 0
            ? $"{Words.Count(plans.Count, "database", "databases")}, none overdue"
            : $"{overdue.ToString(CultureInfo.InvariantCulture)} of {Words.Count(plans.Count, "database", "databases")} overdue";
        var text = new StringBuilder().Append("Snapshots of the week, ").Append(how).Append(".\n");
        if (mode != Mode.Act) text.Append("The stack observes: it takes, copies and deletes nothing.\n");
        text.Append("\nDATABASES (newest good snapshot; how many; newest copy elsewhere)\n");
        foreach (var (facts, plan) in plans.OrderByDescending(line => line.Plan.Evidence.Age ?? TimeSpan.MaxValue).ThenBy(line => line.Facts.Database.Id, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"  {facts.Database.Id,-30} {AgeOf(facts, now),-12} {facts.Home.Own.Count(own => own.Snapshot.IsAvailable),4}  {CopiesOf(facts, now)}\n");

        var findings = plans.SelectMany(line => line.Plan.Findings.Select(finding => $"  {line.Facts.Database.Id}: {finding.Sentence} ({finding.Reason})\n")).ToList();
        if (findings.Count > 0) text.Append("\nNOT AS IT SHOULD BE\n").AppendJoin("", findings);

        var stay = plans.SelectMany(line => line.Facts.Home.Own.Where(own => own.Held || own.Snapshot.Status == "failed")
            .Select(own => $"  {own.Id}: {(own.Held ? "held by tag" : "failed; delete it by hand")}\n")).ToList();
        if (stay.Count > 0) text.Append("\nNEVER DELETED BY THE AUTOMATION\n").AppendJoin("", stay);
        if (orphans.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nOF DATABASES THAT ARE GONE: {orphans.Count}; they stay until somebody deletes them\n");
            text.AppendJoin("", orphans.Take(ListedOrphans).Select(id => $"  {id}\n"));
        }
        if (forecasts.Count > 0) text.Append("\nQUOTA\n").AppendJoin("", forecasts.Select(line => $"  {line}\n"));
        return ("snapshots: " + how, text.ToString());
    }

    private static string AgeOf(DatabaseFacts facts, DateTimeOffset now) =>
        facts.Home.NewestGood(now)?.Slot is { } slot ? Words.Age(now - slot) : "none";

    private static string CopiesOf(DatabaseFacts facts, DateTimeOffset now) => facts.Destinations.Count == 0 ? "no copies asked for"
        : string.Join(", ", facts.Destinations.Select(destination =>
            $"{destination.Region} {(destination.Place is not { } place ? "unreadable" : place.NewestGood(now)?.Slot is { } slot ? Words.Age(now - slot) : "none")}"));
}
