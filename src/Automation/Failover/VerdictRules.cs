using System.Globalization;

namespace Automation.Failover;

/// <summary>The verdict, from everything that was found. Pure.</summary>
internal static class VerdictRules
{
    public static (Verdict Verdict, string Reason, string Sentence) Of(
        Switch found, IReadOnlyList<LaneResult> lanes, WriteCounts? writes, string? notRead, TimeSpan budget, TimeSpan blur)
    {
        // Facts whatever else is proven, and the two that somebody has to act upon now.
        if (writes is not null && writes.Lost + writes.Duplicated + writes.Unexpected > 0)
        {
            return (Verdict.Failed, Reasons.WritesLost, string.Create(CultureInfo.InvariantCulture,
                $"of {writes.Acknowledged} acknowledged writes {writes.Lost} are lost; {writes.Duplicated} rows are there twice, {writes.Unexpected} should not be there"));
        }
        if (lanes.FirstOrDefault(lane => !lane.Reads.Recovered || lane.Writes is { Recovered: false }) is { } stuck)
            return (Verdict.Failed, Reasons.NotRecovered, $"{stuck.Lane.Name} did not come back while it was watched{(writes is null ? "" : "; no acknowledged write is lost")}");

        switch (found)
        {
            case Switch.None:
                return (Verdict.Void, Reasons.NoSwitch, "RDS took the call, and no failover followed: the writer is the one it was, and clients noticed nothing");
            case Switch.CameBack:
                return (Verdict.Void, Reasons.CameBack, "clients were interrupted, and then the same writer was back: that was no failover");
            case Switch.Unproven(var why):
                return (Verdict.Void, Reasons.SwitchUnproven, $"that another writer took over is not proven: {why}");
        }
        if (writes is null) return (Verdict.Void, Reasons.NotVerified, $"another writer took over, but what it has of our writes could not be read: {notRead}");

        var worst = lanes.SelectMany(lane => new[] { (lane.Lane, Operation: Operation.Read, Outage: lane.Reads), (lane.Lane, Operation: Operation.Write, Outage: lane.Writes!) })
            .Where(line => line.Outage is not null).MaxBy(line => line.Outage.Down);
        var told = string.Create(CultureInfo.InvariantCulture,
            $"the longest downtime was {Words.Span(worst.Outage.Down)} ({Words.Of(worst.Operation)}, {worst.Lane.Name}), the budget is {Words.Span(budget)}; none of {writes.Acknowledged} acknowledged writes was lost");
        if (worst.Outage.Down <= budget && worst.Outage.Down + blur > budget)
            return (Verdict.Void, Reasons.TooCoarse, $"{told}; but our own clients stalled, and it may have been {Words.Span(blur)} longer");
        return worst.Outage.Down <= budget ? (Verdict.Passed, Reasons.Passed, told) : (Verdict.Failed, Reasons.OverBudget, told);
    }
}
