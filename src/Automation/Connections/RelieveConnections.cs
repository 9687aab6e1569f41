using Automation.Database;
using Automation.Events;
using Automation.Fleet;
using Automation.Ledger;
using Automation.Notifications;
using Automation.Outcomes;

namespace Automation.Connections;

/// <summary>
/// A database runs out of connections: find it, get in, measure, decide, act. Read top to bottom: every line is a gate
/// that may answer "nothing was done, because …".
/// </summary>
internal sealed class RelieveConnections(
    IFleet fleet, ILedger ledger, RemediationLogin login, PlanExecution execution, Settings settings, TimeProvider time)
{
    public const string Capability = "connections";

    private const string Metric = "DatabaseConnections";

    /// <summary>Longer than the function may run (template.yaml: 60 s), so that a live run never loses its lease.</summary>
    internal static readonly TimeSpan Lease = TimeSpan.FromSeconds(90);

    internal static readonly TimeSpan StatementLimit = TimeSpan.FromSeconds(8);

    /// <summary>The last step of a run: carries a plan out, or says what it would do.</summary>
    private delegate Task<Conclusion> Carrier(DatabaseSession session, Measurement before, Relief relief, ConnectionDecision.Terminate plan);

    /// <param name="alarm">What set it off.</param>
    /// <param name="invocation">Whose run it is.</param>
    /// <param name="cancellation">The run's deadline: early enough to write down and to tell how it ended.</param>
    public async Task<Conclusion> RunAsync(AlarmStateChange alarm, Invocation invocation, CancellationToken cancellation)
    {
        try
        {
            return await FindAndRelieveAsync(alarm, invocation, cancellation);
        }
        catch (Exception e)
        {
            // Executing a plan and closing an incident handle their own failures, so no session was ended here. The
            // invocation ends in error, and Lambda tries the whole run again.
            return ConnectionsConclusions.Broken(alarm, e, cancellation);
        }
    }

    private async Task<Conclusion> FindAndRelieveAsync(AlarmStateChange alarm, Invocation invocation, CancellationToken cancellation)
    {
        RdsDatabase? database;
        switch (AlarmTargetRules.Find(alarm, Metric, time.GetUtcNow()))
        {
            case AlarmTarget.Instance(var id):
                database = await fleet.FindInstanceAsync(id, cancellation);
                break;
            case AlarmTarget.Cluster(var id):
                database = await fleet.FindClusterWriterAsync(id, cancellation);
                break;
            case var noTarget:
                return ConnectionsConclusions.WithoutTarget(alarm, noTarget);
        }
        if (database is null) return ConnectionsConclusions.NotFound(alarm);

        return DatabaseGate.Of(database, settings.Mode, settings.TagPrefix) switch
        {
            DatabaseGate.Open(var policy, Mode.Act) => await ActAsync(alarm, database, policy, invocation, cancellation),
            DatabaseGate.Open(var policy, _) => await RelieveAsync(database, policy, IncidentOf(alarm), Observe(database), cancellation),
            DatabaseGate.Refused(var reason, var sentence, var severity) => ConnectionsConclusions.Refused(database, reason, sentence, severity),
            var other => throw new InvalidOperationException($"No case for {other.GetType().Name}."),
        };
    }

    /// <summary>Kill switch, then the event's one-time key, then the database's lease; every record checks all three again.</summary>
    private async Task<Conclusion> ActAsync(
        AlarmStateChange alarm, RdsDatabase database, ConnectionsPolicy policy, Invocation invocation, CancellationToken cancellation)
    {
        if (ConnectionsConclusions.OfSwitch(database, await ledger.ReadSwitchAsync(Capability, cancellation)) is { } stopped) return stopped;

        var incident = IncidentOf(alarm);
        var start = await IncidentStart.ClaimAsync(ledger, incident, $"{Capability}/{database.ResourceId}", invocation.RequestId, Lease, cancellation);
        if (start is IncidentStart.Taken(var by, _)) return ConnectionsConclusions.NotClaimed(database, by);
        var (claim, lease) = (IncidentStart.Begun)start;

        var carry = CarryOut(database, incident, invocation, [claim, lease], cancellation);
        return await IncidentEnd.CloseAsync(ledger, await RelieveAsync(database, policy, incident, carry, cancellation), invocation, claim, lease);
    }

    private async Task<Conclusion> RelieveAsync(
        RdsDatabase database, ConnectionsPolicy policy, string incident, Carrier carry, CancellationToken cancellation)
    {
        var opened = await login.OpenAsync(database, cancellation);
        if (!opened.Succeeded(out var session, out var failure))
            return ConnectionsConclusions.CannotGetIn(database, login.Role, failure);
        await using var _ = session;

        var measured = await session.RunAsync(
            (connection, stopping) => ActivityReader.PrepareAndReadAsync(connection, policy.Protect, stopping),
            DatabaseActivity.Reading, StatementLimit, cancellation);
        if (!measured.Succeeded(out var before, out failure)) return ConnectionsConclusions.CannotMeasure(database, failure);

        if (DatabaseGate.IsWriterNoMore(database, before.InRecovery)) return ConnectionsConclusions.WriterMoved(database);

        var now = time.GetUtcNow();
        var records = await ledger.HistoryAsync(database.ResourceId, Capability, now - ConnectionLimits.RecurrenceWindow, cancellation);
        var history = ConnectionHistory.From(records, incident, now);
        var relief = new Relief { Before = before.Facts, Policy = policy, Attempts = [], EndedEarlier = history.OfThisIncident };
        var decision = ConnectionRules.Decide(before.Facts, policy, history, before.OurRole);
        return decision is ConnectionDecision.Terminate plan
            ? await carry(session, before, relief, plan)
            : ConnectionsConclusions.Undisturbed(database, relief, decision);
    }

    private static Carrier Observe(RdsDatabase database) => (_, _, relief, plan) =>
        Task.FromResult(ConnectionsConclusions.Observed(database, relief with
        {
            Attempts = [.. plan.Victims.Select(victim => new Attempt(victim, null))],
            Escalated = plan.Escalated,
        }));

    private Carrier CarryOut(RdsDatabase database, string incident, Invocation invocation, IReadOnlyList<Claim> claims, CancellationToken cancellation) =>
        async (session, before, relief, plan) =>
        {
            var context = new PlanContext
            {
                Database = database,
                Before = before,
                Relief = relief,
                Incident = incident,
                Invocation = invocation,
                Claims = claims,
            };
            var (done, broken) = await execution.RunAsync(context, session, plan, cancellation);
            return broken is null
                ? ConnectionsConclusions.Acted(database, done, plan.TargetSlots)
                : ConnectionsConclusions.Broken(database, broken, done);
        };

    /// <summary>One change of one alarm is one incident, however often it is delivered.</summary>
    private static string IncidentOf(AlarmStateChange alarm) => $"{Capability}/{alarm.AlarmArn}/{alarm.State.Timestamp.UtcDateTime:O}";
}
