using System.Globalization;
using Automation.Fleet;
using Automation.Ledger;
using Automation.Telemetry;

namespace Automation.Failover;

/// <summary>
/// Every guard, in the order in which they refuse. All are looked at even when the first one refuses: a person who sets a database
/// up for the test wants to see all that is missing.
/// </summary>
internal static class GuardRules
{
    /// <summary>
    /// Between two failovers of one database. RDS abandons a request that follows another too soon, without an error
    /// (RDS-EVENT-0034), and does not say how soon that is.
    /// </summary>
    public static readonly TimeSpan Cooldown = TimeSpan.FromHours(1);

    /// <summary>A reader that is further behind takes as long longer to become the writer.</summary>
    public static readonly TimeSpan MostLag = TimeSpan.FromSeconds(2);

    /// <summary>What the schema of a test is called.</summary>
    public const string Schema = "automation_failover_test";

    /// <param name="facts">Read just now.</param>
    /// <param name="tag">The name of the tag that opts in.</param>
    /// <param name="staging">What marks a database as fit for tests.</param>
    /// <param name="times">How long a test takes.</param>
    /// <param name="now">UTC.</param>
    /// <param name="ownSchema">The comment on the schema of this very test, once it has one.</param>
    public static IReadOnlyList<Check> Evaluate(FailoverFacts facts, string tag, StagingTag staging, ProbeTimes times, DateTimeOffset now, string? ownSchema = null)
    {
        var (database, topology) = (facts.Database, facts.Topology);
        return
        [
            OfSwitch(facts.Switch),
            OptIn(database, tag),
            Staging(database, staging),
            Production(facts),
            new(Reasons.ReadReplica, topology.ReplicaOf is null, topology.ReplicaOf is { } source ? $"it is a replica of {source}, and takes no writes" : "it is no replica"),
            Available(facts),
            OtherZone(facts),
            None(Reasons.PendingMaintenance, facts.PendingMaintenance, "maintenance is pending", "no maintenance is pending"),
            None(Reasons.PendingModification, PendingModifications(facts), "changes are pending", "no change is pending"),
            None(Reasons.BackupRunning, facts.SnapshotsUnderway, "snapshots are being made", "no snapshot is being made"),
            Window(Reasons.MaintenanceWindow, "maintenance window", topology.MaintenanceWindows, times, now),
            Window(Reasons.BackupWindow, "backup window", topology.BackupWindow is { } window ? [window] : [], times, now),
            Lag(facts),
            None(Reasons.AlarmFiring, facts.AlarmsFiring, "alarms are firing", "its alarms are quiet"),
            None(Reasons.RecentFailover, [.. facts.RecentFailovers.Select(line => $"{line.At.UtcDateTime:HH:mm:ss}Z {line.Message}")],
                "RDS tells of a failover within the last hour", "RDS tells of no failover within the last hour"),
            CoolDown(facts, now),
            new(Reasons.NoTimeLeft, facts.TimeLeft >= times.Longest,
                $"{Seconds(facts.TimeLeft)} of the function's time are left; a test may take {Seconds(times.Longest)}"),
            .. Server(facts, ownSchema, now),
        ];
    }

    private static Check OfSwitch(SwitchState state) => state switch
    {
        SwitchState.Running => new(Reasons.Stopped, true, "the kill switch is off"),
        SwitchState.Stopped stopped => new(Reasons.Stopped, false, SwitchSentences.Of(stopped)),
        SwitchState.Unreadable unreadable => new(Reasons.SwitchUnreadable, false, SwitchSentences.Of(unreadable)),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    // Asked before the facts were read, too: people take it away while a run is at work on the databases before this one.
    private static Check OptIn(RdsDatabase database, string tag) => FailoverGate.Of(database, tag, []) switch
    {
        FailoverGate.Open => new(Reasons.NotOptedIn, true, $"tag {tag} allows it"),
        FailoverGate.Refused(var reason, var sentence) => new(reason, false, sentence),
        FailoverGate.NotAsked(var reason, var sentence) => new(reason, false, sentence),
        var other => throw new ArgumentOutOfRangeException(nameof(database), other.GetType(), null),
    };

    private static Check Staging(RdsDatabase database, StagingTag staging) =>
        database.Tags.GetValueOrDefault(staging.Key) is not { } value
            ? new(Reasons.NotStaging, false, $"it has no tag {staging.Key}; {staging.Key}={staging.Value} marks databases that are fit for the test")
            : new(Reasons.NotStaging, value == staging.Value, $"tag {staging.Key} is '{Printable.Line(value, 60)}'; {staging.Value} marks databases that are fit for the test");

    private static Check Production(FailoverFacts facts)
    {
        var said = facts.Topology.Members.Select(member => (What: "the name", Text: member.Id))
            .Prepend((What: "the name", Text: facts.Database.Id))
            .Concat(facts.Topology.Members.SelectMany(member => member.Tags).Concat(facts.Database.Tags)
                .OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => (What: "the tag", Text: $"{tag.Key}={tag.Value}")));
        foreach (var (what, text) in said)
            if (ProductionWords.In(text) is { } word) return new(Reasons.SaysProduction, false, $"{what} {Printable.Line(text, 100)} says '{word}'");
        return new(Reasons.SaysProduction, true, "neither name nor tags say production");
    }

    private static Check Available(FailoverFacts facts)
    {
        if (facts.Database.Status != "available") return new(Reasons.NotAvailable, false, $"status is {facts.Database.Status}");
        if (facts.Topology.Writer is null) return new(Reasons.NotAvailable, false, "RDS names no writer");
        return facts.Topology.Members.FirstOrDefault(member => member.Status != "available") is { } other
            ? new(Reasons.NotAvailable, false, $"status of {other.Id} is {other.Status}")
            : new(Reasons.NotAvailable, true, "status is available");
    }

    private static Check OtherZone(FailoverFacts facts)
    {
        var zone = facts.Topology.Writer?.Zone ?? "an unknown zone";
        if (facts.Database.Kind == DatabaseKind.Cluster)
        {
            return TargetRules.Of(facts.Topology) is { } target
                ? new(Reasons.NoOtherZone, true, $"{target.Id} in {target.Zone} can take over from {facts.Topology.Writer!.Id} in {zone}")
                : new(Reasons.NoOtherZone, false, $"no available reader stands outside {zone}");
        }
        return !facts.Database.MultiAz
            ? new(Reasons.NoOtherZone, false, "it is not Multi-AZ: nothing could take over")
            : facts.Topology.StandbyZone is not { } standby || standby == facts.Topology.Writer?.Zone
                ? new(Reasons.NoOtherZone, false, $"RDS names no standby outside {zone}")
                : new(Reasons.NoOtherZone, true, $"its standby is in {standby}, it is in {zone}");
    }

    private static IReadOnlyList<string> PendingModifications(FailoverFacts facts) =>
        [.. facts.Topology.PendingModifications, .. facts.Topology.Members.SelectMany(member => member.PendingModifications.Select(name => $"{member.Id}: {name}")).Distinct()];

    private static Check Window(string reason, string name, IReadOnlyList<string> windows, ProbeTimes times, DateTimeOffset now)
    {
        var clock = $"now it is {now.UtcDateTime.ToString("ddd HH:mm", CultureInfo.InvariantCulture)}";
        foreach (var window in windows)
        {
            switch (WindowRules.Meets(window, now, times.Longest))
            {
                case null:
                    return new(reason, false, $"its {name} '{Printable.Line(window, 60)}' cannot be read");
                case true:
                    return new(reason, false, $"its {name} is {window} UTC, {clock}");
            }
        }
        return new(reason, true, windows.Count == 0 ? $"it has no {name}" : $"its {name} is {string.Join(", ", windows)} UTC, {clock}");
    }

    private static Check Lag(FailoverFacts facts)
    {
        if (facts.Database.Kind == DatabaseKind.Instance) return new(Reasons.ReplicaLag, true, "the standby of an instance is written to synchronously");
        if (facts.Lags.FirstOrDefault(reader => reader.Lag is null) is { } unknown)
            return new(Reasons.ReplicaLag, false, $"CloudWatch does not say how far {unknown.Instance} is behind");
        return facts.Lags.MaxBy(reader => reader.Lag) is not { } worst
            ? new(Reasons.ReplicaLag, false, "no reader's lag is known")
            : new(Reasons.ReplicaLag, worst.Lag <= MostLag, string.Create(CultureInfo.InvariantCulture,
                $"{worst.Instance} was at most {worst.Lag!.Value.TotalMilliseconds:0} ms behind; {MostLag.TotalMilliseconds:0} ms is the limit"));
    }

    // A call that RDS refused did nothing; one of which nothing was heard may have.
    private static Check CoolDown(FailoverFacts facts, DateTimeOffset now) =>
        LedgerRules.CoolsDownUntil(facts.History.Where(record => record.Result != ActionResult.Failed), Cooldown, now) is { } until
        ? new(Reasons.Cooldown, false, $"we tested it within the last hour; again from {until.UtcDateTime:HH:mm:ss}Z on")
        : new(Reasons.Cooldown, true, "we did not test it within the last hour");

    private static IEnumerable<Check> Server(FailoverFacts facts, string? ownSchema, DateTimeOffset now)
    {
        if (facts.Server is not { } server)
        {
            yield return new(Reasons.CannotLogIn, false, facts.LoginFailure ?? "the writer could not be asked");
            yield break;
        }
        yield return new(Reasons.CannotLogIn, true, $"logged in as {server.Role}");
        yield return new(Reasons.NotWritable, !server.Identity.InRecovery, server.Identity.InRecovery ? "the writer's endpoint leads to a server in recovery" : "the writer takes writes");
        yield return new(Reasons.MayNotCreateSchema, server.MayCreateSchema, server.MayCreateSchema
            ? $"{server.Role} may create a schema in {server.Database}"
            : $"{server.Role} may not create a schema: GRANT CREATE ON DATABASE {SqlIdentifier.Quote(server.Database)} TO {SqlIdentifier.Quote(server.Role)}");
        yield return Leftovers(server);
        yield return Running(server, ownSchema, now);
    }

    private static Check Leftovers(ServerFacts server) => server switch
    {
        { SchemaOwner: null } => new(Reasons.SchemaNotOurs, true, $"there is no schema {Schema} yet"),
        { SchemaOwner: var owner } when owner != server.Role => new(Reasons.SchemaNotOurs, false, $"schema {Schema} belongs to {Printable.Line(owner, 63)}"),
        { StrangersInSchema: > 0 } => new(Reasons.SchemaNotOurs, false, $"schema {Schema} holds {server.StrangersInSchema} things that no test made"),
        _ => new(Reasons.SchemaNotOurs, true, $"schema {Schema} is left of an earlier test and goes with this one"),
    };

    /// <summary>The ledger's lock knows the tests of one stack; the schema shows those of another.</summary>
    private static Check Running(ServerFacts server, string? ownSchema, DateTimeOffset now) =>
        server.SchemaComment is { } comment && comment != ownSchema && ProbeSql.BegunAt(comment) is { } begun && now - begun < TestFailover.Lease
            ? new(Reasons.TestRunning, false, $"a test that began at {begun.UtcDateTime:HH:mm:ss}Z may be running: its schema is there")
            : new(Reasons.TestRunning, true, "no other test's schema is there");

    private static Check None(string reason, IReadOnlyList<string> found, string bad, string good) => found.Count == 0
        ? new(reason, true, good)
        : new(reason, false, $"{bad}: {Printable.Line(string.Join(", ", found.Take(5)), 300)}{(found.Count > 5 ? $" and {found.Count - 5} more" : "")}");

    private static string Seconds(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, span.TotalSeconds):0} s");
}
