using System.Text.Json;
using Automation.Database;
using Automation.Events;
using Automation.Fleet;
using Automation.Ledger;
using Automation.Outcomes;

namespace Automation.Connections;

/// <summary>
/// A database runs out of connections: find it, get in, measure, decide, act. Read <see cref="RunAsync"/> top to bottom:
/// every line is a gate that may answer "nothing was done, because …".
/// </summary>
internal sealed class RelieveConnections(
    IFleet fleet, ILedger ledger, RemediationLogin login, PlanExecution execution, Settings settings, TimeProvider time)
{
    public const string Capability = "connections";

    private const string Metric = "DatabaseConnections";

    /// <summary>Longer than the function may run (template.yaml: 60 s), so that a live run never loses its lease.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan StatementLimit = TimeSpan.FromSeconds(8);

    /// <exception cref="Amazon.Runtime.AmazonServiceException">RDS or the ledger refused; nothing was changed.</exception>
    public async Task<Conclusion> RunAsync(AlarmStateChange alarm, Invocation invocation, CancellationToken cancellation)
    {
        RdsDatabase? database;
        switch (AlarmTargetRules.Find(alarm, Metric, time.GetUtcNow()))
        {
            case AlarmTarget.NotInAlarm(var state):
                return ConnectionsConclusions.OfAlarm(alarm, Decision.NothingToDo, "not-in-alarm", $"the alarm is {state}", null);
            case AlarmTarget.Refused(var reason, var sentence):
                return ConnectionsConclusions.OfAlarm(alarm, Decision.Refused, reason, sentence, AlarmRefusals.SeverityOf(reason));
            case AlarmTarget.Instance(var id):
                database = await fleet.FindInstanceAsync(id, cancellation);
                break;
            case AlarmTarget.Cluster(var id):
                database = await fleet.FindClusterWriterAsync(id, cancellation);
                break;
            case var other:
                throw new InvalidOperationException($"Unknown alarm target {other.GetType().Name}.");
        }
        if (database is null)
            return ConnectionsConclusions.OfAlarm(alarm, Decision.Refused, "database-not-found",
                "RDS knows no such instance, or the cluster has no writer", Severity.Warning);

        return DatabaseGate.Of(database, settings.Mode, settings.TagPrefix) switch
        {
            DatabaseGate.Refused(var reason, var sentence, var severity) => ConnectionsConclusions.Refused(database, reason, sentence, severity),
            DatabaseGate.Open(var policy, Mode.Act) => await ActAsync(alarm, database, policy, invocation, cancellation),
            DatabaseGate.Open(var policy, _) => await ObserveAsync(alarm, database, policy, cancellation),
            var other => throw new InvalidOperationException($"Unknown gate {other.GetType().Name}."),
        };
    }

    /// <summary>Everything up to the first write: neither the ledger nor the server is changed.</summary>
    private async Task<Conclusion> ObserveAsync(AlarmStateChange alarm, RdsDatabase database, ConnectionsPolicy policy, CancellationToken cancellation)
    {
        var opened = await login.OpenAsync(database, cancellation);
        if (!opened.Succeeded(out var session, out var failure)) return CannotGetIn(database, failure);
        await using var _ = session;

        var look = await LookAsync(session, database, policy, IncidentOf(alarm), cancellation);
        if (!look.Succeeded(out var seen, out failure)) return CannotMeasure(database, failure);
        var relief = new Relief { Before = seen.Measurement.Facts, Policy = policy, Attempts = [] };
        return seen.Decision is ConnectionDecision.Terminate plan
            ? ConnectionsConclusions.Observed(database, relief with
            {
                Attempts = [.. plan.Victims.Select(victim => new Attempt(victim, null))],
                Escalated = plan.Escalated,
            })
            : ConnectionsConclusions.Undisturbed(database, relief, seen.Decision);
    }

    /// <summary>Kill switch, then the event's one-time key, then the database's lease; all are checked again with every record.</summary>
    private async Task<Conclusion> ActAsync(
        AlarmStateChange alarm, RdsDatabase database, ConnectionsPolicy policy, Invocation invocation, CancellationToken cancellation)
    {
        switch (await ledger.ReadSwitchAsync(Capability, cancellation))
        {
            case SwitchState.Stopped(var which, var why):
                return ConnectionsConclusions.Refused(database, "stopped", $"the kill switch ({which}) is on{(why is null ? "" : $": {why}")}", Severity.Warning);
            case SwitchState.Unreadable(var error):
                return ConnectionsConclusions.Refused(database, "switch-unreadable",
                    $"the kill switch could not be read ({error}), which counts as stopped", Severity.Critical);
        }

        var incident = IncidentOf(alarm);
        switch (await ledger.ClaimAsync(incident, invocation.RequestId, Lease, cancellation))
        {
            case ClaimResult.Done(var done, var announcement, var notified):
                return ConnectionsConclusions.Quiet(database, "already-handled", "this change of the alarm was handled before")
                    with { Announcement = notified ? null : Announcement.Restore(announcement), Claim = done };
            case ClaimResult.InFlight(var until):
                return ConnectionsConclusions.Refused(database, "in-progress", $"another run handles this alarm until {until:HH:mm:ss}Z at the latest", null);
            case ClaimResult.Claimed(var claim):
                return await ActOnceAsync(claim, incident, database, policy, invocation, cancellation);
            case var other:
                throw new InvalidOperationException($"Unknown claim {other.GetType().Name}.");
        }
    }

    private async Task<Conclusion> ActOnceAsync(
        Claim claim, string incident, RdsDatabase database, ConnectionsPolicy policy, Invocation invocation, CancellationToken cancellation)
    {
        var leased = await ledger.ClaimAsync($"{Capability}/{database.ResourceId}", invocation.RequestId, Lease, cancellation);
        if (leased is not ClaimResult.Claimed(var lease))
        {
            await ledger.ReleaseAsync(claim, cancellation);
            return ConnectionsConclusions.Refused(database, "in-progress", "another run is at work on this database", null);
        }

        var context = (PlanContext context) => context with { Claims = [claim, lease] };
        var conclusion = await RelieveAsync(database, policy, incident, invocation, context, cancellation);
        await ledger.ReleaseAsync(lease, cancellation);

        // A failed run is tried again by Lambda: its key must stay open. A decided one is closed with what people must
        // hear, before they hear it: if we die in between, the retry tells them.
        if (conclusion.Outcome.Decision == Decision.Failed) return conclusion;
        await ledger.CompleteAsync(claim, conclusion.Announcement?.Store() ?? "", cancellation);
        return conclusion with { Claim = claim };
    }

    private async Task<Conclusion> RelieveAsync(RdsDatabase database, ConnectionsPolicy policy, string incident, Invocation invocation,
        Func<PlanContext, PlanContext> withClaims, CancellationToken cancellation)
    {
        var opened = await login.OpenAsync(database, cancellation);
        if (!opened.Succeeded(out var session, out var failure)) return CannotGetIn(database, failure);
        await using var _ = session;

        var look = await LookAsync(session, database, policy, incident, cancellation);
        if (!look.Succeeded(out var seen, out failure)) return CannotMeasure(database, failure);
        if (seen.Decision is not ConnectionDecision.Terminate plan)
            return ConnectionsConclusions.Undisturbed(database,
                new Relief { Before = seen.Measurement.Facts, Policy = policy, Attempts = [] }, seen.Decision);

        var (relief, broken) = await execution.RunAsync(withClaims(new PlanContext
        {
            Database = database, Policy = policy, Before = seen.Measurement, Incident = incident, Invocation = invocation, Claims = [],
        }), session, plan, cancellation);
        return broken is null
            ? ConnectionsConclusions.Acted(database, relief)
            : ConnectionsConclusions.Broken(database, broken.Reason, broken.Sentence, relief);
    }
}
