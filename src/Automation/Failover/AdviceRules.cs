using System.Globalization;

namespace Automation.Failover;

/// <summary>
/// What to fix: the name, the pool, the driver's settings, the proxy, or the database. Lanes that differ in one thing tell that thing
/// apart; the errors they met tell the rest. Pure.
/// </summary>
internal static class AdviceRules
{
    /// <summary>So many times as long is a difference that people feel.</summary>
    public const double MuchWorse = 2;

    /// <summary>Of the failing time of a lane.</summary>
    public const double Mostly = 0.5;

    /// <summary>A standby that has little to redo starts within a second or two.</summary>
    public static readonly TimeSpan LongRecovery = TimeSpan.FromSeconds(5);

    private const string ReadOnly = "25006", CannotConnectNow = "57P03";

    /// <param name="lanes">What each lane saw.</param>
    /// <param name="silent">Ways that were not measured.</param>
    /// <param name="writes">What became of the rows; <c>null</c> when they could not be read back.</param>
    /// <param name="verdict">How the test ended.</param>
    /// <param name="reason">One of <see cref="Reasons"/>.</param>
    /// <param name="trend">Among the earlier tests; <c>null</c> of a void one.</param>
    /// <param name="times">Interval and deadline: differences within them are none.</param>
    public static IReadOnlyList<string> For(
        IReadOnlyList<LaneResult> lanes, IReadOnlyList<SilentLane> silent, WriteCounts? writes, Verdict verdict, string reason, Trend? trend, ProbeTimes times)
    {
        var advice = new List<string>();
        if (writes is not null) advice.AddRange(OfWrites(writes));
        if (verdict == Verdict.Void) advice.AddRange(OfVoid(reason));
        else
        {
            advice.AddRange(lanes.Where(lane => !lane.Recovered).Select(NotBack));
            advice.AddRange(OfPools(lanes, times));
            advice.AddRange(OfProxy(lanes, times));
            advice.AddRange(OfErrors(lanes, times));
            // Only where nothing above says where the time went.
            if (reason == Reasons.OverBudget && advice.Count == 0) advice.Add(OfTheDatabase(lanes));
            if (trend is { GotWorse: true }) advice.Add(Worsened(trend));
        }
        advice.AddRange(silent.Select(NotMeasured));
        return advice;
    }

    private static IEnumerable<string> OfWrites(WriteCounts writes)
    {
        if (writes.Lost > 0)
        {
            yield return $"Database: {Count(writes.Lost, "acknowledged write")} not there on the new writer. Multi-AZ writes to the standby before it answers, and Aurora's instances share their storage, so this "
                + "is not what a failover costs. Look at synchronous_commit of the role, the database and the parameter group (off or local acknowledges early), and at what else may have changed "
                + $"the rows. The first: {string.Join("; ", writes.FirstLost.Take(3))}.";
        }
        if (writes.Duplicated + writes.Unexpected > 0)
            yield return $"Database: {Count(writes.Duplicated, "row")} there twice and {writes.Unexpected} that nobody was told of. No client wrote them so: look for triggers, rules or logical replication into the schema of the test.";
        if (writes.UnknownPresent > 0)
            yield return $"Application: {Count(writes.UnknownPresent, "write")} there although the client got no answer. Retry a write with a key of its own (INSERT … ON CONFLICT DO NOTHING), or it is done twice.";
    }

    private static IEnumerable<string> OfVoid(string reason) => reason switch
    {
        Reasons.NoSwitch => ["RDS drops a forced failover without an error when one happened recently (RDS-EVENT-0034). Look at the database's events of the last hours and test again later."],
        Reasons.CameBack => ["The same writer was back: look at the database's events (RDS-EVENT-0069, 0070), and whether the standby or the target was healthy. Until this is known, expect the same of a real failure."],
        Reasons.SwitchUnproven => ["Look at what the writer's endpoint leads to and which instance RDS names as the writer, then test again: nothing here is known to be a failover."],
        Reasons.NotVerified => ["The rows of the test could not be read back, so nothing is known of lost writes. See that the automation's role can log in to the writer, then test again."],
        _ => [],
    };

    private static string NotBack(LaneResult lane) => lane.Lane.Path switch
    {
        ProbePath.Proxy => $"Proxy: {lane.Lane.Name} was not back when the watching ended. Look at the health of the proxy's targets (describe-db-proxy-targets) and at its log.",
        _ => $"DNS or database: {lane.Lane.Name} was not back when the watching ended. Look at where its endpoint leads to and at the status of the instances.",
    };

    private static IEnumerable<string> OfPools(IReadOnlyList<LaneResult> lanes, ProbeTimes times)
    {
        foreach (var pooled in lanes.Where(lane => lane.Lane.Clients == ProbeClients.Pooled))
        {
            if (lanes.FirstOrDefault(lane => lane.Lane.Path == pooled.Lane.Path && lane.Lane.Clients == ProbeClients.Fresh) is not { } fresh) continue;
            if (!IsMuchWorse(pooled, fresh, times)) continue;
            yield return $"Pool: on the way {Words.Of(pooled.Lane.Path)}, pooled clients were away {Words.Span(pooled.Down)}, fresh ones {Words.Span(fresh.Down)}: the pool handed out connections to the former writer. "
                + "Empty it when an error tells of a failover (NpgsqlDataSource.Clear() on 25006 and 57P01), and let connections live 5 minutes at most (Connection Lifetime=300).";
        }
    }

    private static IEnumerable<string> OfProxy(IReadOnlyList<LaneResult> lanes, ProbeTimes times)
    {
        foreach (var proxy in lanes.Where(lane => lane.Lane.Path == ProbePath.Proxy))
        {
            if (lanes.FirstOrDefault(lane => lane.Lane.Path == ProbePath.Writer && lane.Lane.Clients == proxy.Lane.Clients) is not { } direct) continue;
            var figures = $"{Words.Of(proxy.Lane.Clients)} clients were away {Words.Span(proxy.Down)} through the proxy and {Words.Span(direct.Down)} without it";
            if (IsMuchWorse(proxy, direct, times))
            {
                yield return $"Proxy: {figures}: the database was back, and the proxy was not. Look at ConnectionBorrowTimeout, at pinned sessions (DatabaseConnectionsCurrentlySessionPinned) "
                    + "and at how long clients wait for a connection (DatabaseConnectionsBorrowLatency).";
            }
            else if (IsMuchWorse(direct, proxy, times))
            {
                yield return $"DNS: {figures}: the database was back long before its name led there. Let applications connect through RDS Proxy; "
                    + "where they cannot, see that nothing keeps the name longer than its TTL (5 s on Aurora).";
            }
        }
    }

    private static IEnumerable<string> OfErrors(IReadOnlyList<LaneResult> lanes, ProbeTimes times)
    {
        if (lanes.Where(lane => Share(lane, ErrorClasses.Timeout) > Mostly && Of(lane, ErrorClasses.Timeout) > times.Resolution).MaxBy(lane => Of(lane, ErrorClasses.Timeout)) is { } silent)
        {
            yield return $"Driver: {silent.Lane.Name} met silence, not errors, for {Words.Span(Of(silent, ErrorClasses.Timeout))}; an application without limits waits until TCP gives up, 15 minutes and more. "
                + "Set Timeout=3, Command Timeout=10 and Cancellation Timeout=-1, and Tcp Keepalive Time=1 with Tcp Keepalive Interval=1 for connections that wait.";
        }
        if (Longest(lanes, ReadOnly) is { } stale && Of(stale, ReadOnly) > times.Resolution)
        {
            yield return $"DNS or pool: {stale.Lane.Name} reached a server that takes no writes (25006) for {Words.Span(Of(stale, ReadOnly))}: the former writer, now a reader, answers and looks healthy. "
                + "Drop the connection on 25006 and empty the pool; connect anew rather than by a kept address.";
        }
        if (Longest(lanes, CannotConnectNow) is { } starting && Of(starting, CannotConnectNow) > LongRecovery)
        {
            yield return $"Database: {starting.Lane.Name} was told for {Words.Span(Of(starting, CannotConnectNow))} that the server starts up or shuts down (57P03). Recovery replays what was written since the last "
                + "checkpoint: a shorter checkpoint_timeout or a smaller max_wal_size makes it shorter.";
        }
        if (Longest(lanes, ErrorClasses.Name) is { } nameless && Of(nameless, ErrorClasses.Name) > times.Resolution)
            yield return $"DNS: the name was not resolved for {Words.Span(Of(nameless, ErrorClasses.Name))} ({nameless.Lane.Name}). Look at the resolver of the VPC and at its limits.";
        if (Longest(lanes, ErrorClasses.Tls) is { } untrusted)
            yield return $"Driver: {untrusted.Lane.Name} could not verify the server after the failover. See that both instances carry a certificate of an authority that clients trust.";
        if (lanes.FirstOrDefault(lane => lane.Reads.Interruptions > 1 || lane.Writes is { Interruptions: > 1 }) is { } unsteady)
        {
            yield return $"DNS or pool: {unsteady.Lane.Name} came back and went away again ({Math.Max(unsteady.Reads.Interruptions, unsteady.Writes?.Interruptions ?? 0)} interruptions): "
                + "the first success after a failover is not the end of it. Let applications go on retrying for the whole budget.";
        }
    }

    private static string OfTheDatabase(IReadOnlyList<LaneResult> lanes) =>
        "Database: every way was away about as long, so the time went into the failover itself. AWS gives 60 to 120 s for a Multi-AZ instance, less than 60 s for Aurora with a reader and "
        + "less than 35 s for a Multi-AZ cluster"
        + (lanes.Any(lane => lane.Lane.Path == ProbePath.Proxy) ? "." : ", and shortens it with RDS Proxy, which this database does not have.");

    private static string Worsened(Trend trend) =>
        $"It got worse: {Words.Span(trend.Median)} is the median of {trend.Runs} tests. Compare what changed since: load at this hour, long transactions, the instance class, settings of clients and proxy.";

    private static string NotMeasured(SilentLane silent) => silent.Lane.Path switch
    {
        ProbePath.Proxy => $"Not measured: {silent.Lane.Name} ({silent.Error}). See that the proxy lets the automation's role in (IAM authentication, security group).",
        _ => $"Not measured: {silent.Lane.Name} ({silent.Error}). See that the automation's role can log in there.",
    };

    private static bool IsMuchWorse(LaneResult one, LaneResult other, ProbeTimes times) =>
        one.Down > other.Down * MuchWorse && one.Down - other.Down > 2 * times.Resolution;

    private static LaneResult? Longest(IReadOnlyList<LaneResult> lanes, string error) =>
        lanes.Where(lane => Of(lane, error) > TimeSpan.Zero).MaxBy(lane => Of(lane, error));

    private static TimeSpan Of(LaneResult lane, string error)
    {
        var (reads, writes) = (lane.Reads.ByError.GetValueOrDefault(error), lane.Writes?.ByError.GetValueOrDefault(error) ?? default);
        return reads > writes ? reads : writes;
    }

    /// <summary>Of the operation that failed longer; where a read fails its write does too.</summary>
    private static double Share(LaneResult lane, string error)
    {
        var all = new[] { lane.Reads, lane.Writes }.Max(outage => outage?.ByError.Values.Sum(spent => spent.TotalSeconds) ?? 0);
        return all > 0 ? Of(lane, error).TotalSeconds / all : 0;
    }

    private static string Count(int number, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {what}{(number == 1 ? " is" : "s are")}");
}
