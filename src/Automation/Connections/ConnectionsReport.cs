using System.Globalization;
using System.Text;

namespace Automation.Connections;

/// <summary>The message for the person on call: evidence before and after, what was done, what to do next.</summary>
internal static class ConnectionsReport
{
    private const int GroupsShown = 8;

    public static string Write(string database, Relief relief, string conclusion)
    {
        var text = new StringBuilder();
        text.AppendLine(conclusion).AppendLine();
        Budget(text, database, relief);
        Holders(text, relief.Before);
        Blocking(text, relief.Before);
        Sessions(text, relief);
        Next(text, relief);
        return text.ToString().TrimEnd();
    }

    private static void Budget(StringBuilder text, string database, Relief relief)
    {
        var (before, slots) = (relief.Before, relief.Before.Slots);
        var target = ConnectionRules.TargetSlots(slots, relief.Policy);
        text.AppendLine("CONNECTION SLOTS");
        Line(text, $"  {database} at {before.MeasuredAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z: {before.Used} of {slots.Usable} usable; target {target} ({relief.Policy.Target:P0})");
        if (relief.After is { } after)
            Line(text, $"  afterwards at {after.MeasuredAt.UtcDateTime:HH:mm:ss}Z: {after.Used} of {slots.Usable}");
        Line(text, $"  usable = {slots.MaxConnections} max_connections - {slots.SuperuserReserved} superuser - {slots.Reserved} reserved - {slots.RdsReserved} RDS reserve");
        Line(text, $"  {before.StartedLastMinute} sessions are less than a minute old");
        text.AppendLine();
    }

    private static void Holders(StringBuilder text, ConnectionFacts facts)
    {
        var groups = facts.Sessions
            .Where(session => session.BackendType == BackendTypes.Client)
            .GroupBy(session => session.Group)
            .OrderByDescending(group => group.Count())
            .ThenBy(group => group.Key)
            .ToList();
        text.AppendLine("WHO HOLDS THEM");
        text.AppendLine("  count  in transaction  idle  working  role / application / address");
        var shown = groups.Count == GroupsShown + 1 ? groups.Count : GroupsShown;
        foreach (var group in groups.Take(shown))
            Line(text, $"  {group.Count(),5}  {group.Count(s => s.State is SessionStates.IdleInTransaction or SessionStates.Aborted),14}  {group.Count(s => s.State == SessionStates.Idle),4}  {group.Count(s => s.State == "active"),7}  {Text.Name(group.Key.Role)} / {Text.Name(group.Key.Application)} / {Text.Name(group.Key.Address)}");
        if (groups.Count > shown)
            Line(text, $"  {groups.Skip(shown).Sum(group => group.Count()),5}  in {groups.Count - shown} smaller groups");
        text.AppendLine();
    }

    private static void Blocking(StringBuilder text, ConnectionFacts facts)
    {
        var waiters = BlockingChains.WaitersByBlocker(facts.Sessions);
        if (waiters.Count == 0) return;
        text.AppendLine("WHO BLOCKS WHOM");
        foreach (var (pid, count) in waiters.OrderByDescending(blocker => blocker.Value).ThenBy(blocker => blocker.Key).Take(GroupsShown))
        {
            var blocker = facts.Sessions.FirstOrDefault(session => session.Pid == pid);
            Line(text, $"  {(pid == 0 ? "a prepared transaction" : $"pid {pid}")} {(blocker is null ? "" : $"({Text.Name(blocker.Role)}/{Text.Name(blocker.Application)}, {blocker.State}) ")}holds up {count}");
        }
        text.AppendLine();
    }

    private static void Sessions(StringBuilder text, Relief relief)
    {
        if (relief.Attempts.Count + relief.EndedEarlier.Count == 0) return;
        text.AppendLine(relief.Attempts is [{ Result: null }, ..] ? "SESSIONS THAT WOULD BE ENDED" : "SESSIONS");
        foreach (var record in relief.EndedEarlier)
            Line(text, $"  ended by an earlier attempt at {record.At.UtcDateTime:HH:mm:ss}Z ({record.Result}): {Text.Name(record.Group?.Role)}/{Text.Name(record.Group?.Application)}, session {record.Key}");
        foreach (var (victim, result) in relief.Attempts)
            Line(text, $"  {Verb(result)} pid {victim.Session.Pid} {Text.Name(victim.Session.Role)}/{Text.Name(victim.Session.Application)} from {Text.Name(victim.Session.ClientAddress)}, {victim.Session.State} for {Text.Span(victim.Held)}: {victim.Why}{(victim.Session.Wrote ? "; its changes are rolled back" : "")}");
        text.AppendLine();
    }

    private static string Verb(TerminationResult? result) => result switch
    {
        null => "would end",
        TerminationResult.Ended => "ended",
        TerminationResult.Changed => "left alone (it moved on)",
        TerminationResult.Signalled => "signalled (still there after 3 s)",
        _ => throw new ArgumentOutOfRangeException(nameof(result), result, null),
    };

    private static void Next(StringBuilder text, Relief relief)
    {
        text.AppendLine("WHAT TO DO NEXT");
        // CloudWatch tells of changes of an alarm, not of its lasting: nothing comes back by itself to do the rest.
        var left = (relief.After?.Used ?? 0) - ConnectionRules.TargetSlots(relief.Before.Slots, relief.Policy);
        if (left > 0)
            Line(text, $"  - {left} above the target remain, and this was all one run may end (max={relief.Policy.Max}). The automation acts again when the alarm has gone to OK and back to ALARM.");
        var advice = ConnectionAdvice.For(relief);
        foreach (var line in advice) text.Append("  - ").AppendLine(line);
        if (advice.Count == 0 && left <= 0) text.AppendLine("  - No role or application stands out: compare max_connections with what the applications need together.");
    }

    private static void Line(StringBuilder text, FormattableString line) =>
        text.AppendLine(line.ToString(CultureInfo.InvariantCulture).TrimEnd());
}
