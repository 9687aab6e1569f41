using System.Globalization;
using Automation.Database;
using Automation.Fleet;
using Automation.Ledger;
using Automation.Outcomes;

namespace Automation.Connections;

/// <summary>What a plan belongs to.</summary>
internal sealed record PlanContext
{
    public required RdsDatabase Database { get; init; }
    public required Measurement Before { get; init; }

    /// <summary>As measured, nothing done yet.</summary>
    public required Relief Relief { get; init; }

    /// <summary>The alarm's change of state that set it off.</summary>
    public required string Incident { get; init; }

    public required Invocation Invocation { get; init; }

    /// <summary>Held while acting: the event's one-time key and the database's lease.</summary>
    public required IReadOnlyList<Claim> Claims { get; init; }
}

/// <summary>How the execution of a plan ended: what is known of it, and what broke, if something did.</summary>
internal sealed record Execution(Relief Relief, Stop? Broken);

/// <summary>
/// Carries a plan out, one session at a time: record, end, confirm, measure, and go on only if all is as expected. The
/// only caller of <see cref="SessionTerminator"/>. Whatever breaks, what was done until then is in the answer.
/// </summary>
internal sealed class PlanExecution(ILedger ledger, TimeProvider time)
{
    /// <summary>What a step may take before the run's own deadline ends it: two statements and the ledger's two writes.</summary>
    internal static readonly TimeSpan StepLimit = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan StatementLimit = TimeSpan.FromSeconds(8);

    /// <summary>What a pool takes to come back: the last measurement waits for it.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    /// <param name="context">What the plan belongs to.</param>
    /// <param name="session">Open on the database.</param>
    /// <param name="plan">What to end, in order.</param>
    /// <param name="cancellation">The run's deadline: early enough to write down and to tell how it ended.</param>
    public async Task<Execution> RunAsync(
        PlanContext context, DatabaseSession session, ConnectionDecision.Terminate plan, CancellationToken cancellation)
    {
        var relief = context.Relief with { Escalated = plan.Escalated };
        var underway = "recording the first session";
        try
        {
            foreach (var victim in plan.Victims)
            {
                if (time.GetUtcNow() + StepLimit > context.Invocation.Deadline)
                    return new(relief with { Stopped = new("out-of-time", "the function's time is nearly over") }, null);

                var pid = victim.Session.Pid.ToString(CultureInfo.InvariantCulture);
                underway = $"recording pid {pid}, which was not ended";
                var record = RecordOf(context, victim);
                if (StopOf(await ledger.RecordAsync(record, context.Claims, cancellation)) is { } stop)
                    return new(relief with { Stopped = stop }, null);

                underway = $"ending pid {pid}, which may have happened";
                var attempt = await session.RunAsync(
                    (connection, stopping) => SessionTerminator.EndAsync(
                        connection, victim, Untouchable(context), context.Before.ServerVersion, stopping),
                    DatabaseActivity.Committing, StatementLimit, cancellation);
                if (!attempt.Succeeded(out var result, out var failure))
                    return new(relief, new("database-error", $"{underway}: {failure.Sentence}"));
                relief = relief with { Attempts = [.. relief.Attempts, new Attempt(victim, result)] };

                underway = $"noting what came of pid {pid}";
                await ledger.ConfirmAsync(record, ResultOf(result), cancellation);

                underway = "measuring again";
                if (await MeasureAsync(session, relief, cancellation) is not { } measured)
                    return new(relief, new("database-error", "measuring again was not answered"));
                relief = measured;
                if (relief.Stopped is not null || relief.After!.Used <= plan.TargetSlots) break;
            }

            if (relief.Ended > 0)
            {
                await Task.Delay(Settling, time, cancellation);
                relief = await MeasureAsync(session, relief, cancellation) ?? relief;
            }
            return new(relief, null);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return new(relief, new("out-of-time", $"the run's time was over while {underway}"));
        }
        catch (Exception e) when (AwsFailure.Is(e, cancellation))
        {
            return new(relief, new("ledger-error", $"the ledger did not answer while {underway} ({e.GetType().Name})"));
        }
        catch (Exception e)
        {
            // Nobody expects it, and still people must hear what was done.
            return new(relief, new("unexpected-error", $"{e.GetType().Name} while {underway}"));
        }
    }

    /// <summary>The relief as it is now, or <c>null</c> when the server did not answer.</summary>
    private static async Task<Relief?> MeasureAsync(DatabaseSession session, Relief relief, CancellationToken cancellation)
    {
        var attempt = await session.RunAsync(
            (connection, stopping) => ActivityReader.ReadAsync(connection, relief.Policy.Protect, stopping),
            DatabaseActivity.Reading, StatementLimit, cancellation);
        if (!attempt.Succeeded(out var measurement, out _)) return null;
        var ended = relief.Attempts.Where(tried => tried.Result is TerminationResult.Ended).Select(tried => tried.Victim).ToList();
        return relief with
        {
            After = measurement.Facts,
            Stopped = ReboundRules.IsRebound(relief.Before, measurement.Facts, ended)
                ? new Stop("reconnect-storm", "the ended sessions came straight back; ending more would be a fight, not a relief")
                : relief.Stopped,
        };
    }

    private ActionRecord RecordOf(PlanContext context, Victim victim) => new()
    {
        ResourceId = context.Database.ResourceId,
        At = time.GetUtcNow(),
        Capability = RelieveConnections.Capability,
        Key = string.Create(CultureInfo.InvariantCulture, $"{victim.Session.Pid}-{victim.Session.BackendStart:yyyyMMddHHmmssffffff}"),
        Action = "terminate-session",
        Database = context.Database.Id,
        Mode = Mode.Act,
        RequestId = context.Invocation.RequestId,
        Incident = context.Incident,
        Group = ConnectionHistory.GroupOf(victim.Session),
        Before = BeforeImage.Of(victim),
    };

    private static string[] Untouchable(PlanContext context) =>
        [.. ProtectionRules.RdsRoles, context.Before.OurRole, .. context.Relief.Policy.Protect];

    private static Stop? StopOf(RecordResult result) => result switch
    {
        RecordResult.Recorded => null,
        RecordResult.Stopped stopped => new("stopped", SwitchSentences.Of(stopped)),
        RecordResult.ClaimLost => new("lease-lost", "another run took this database over"),
        RecordResult.Duplicate => new("duplicate-record", "this very termination is already recorded"),
        _ => throw new ArgumentOutOfRangeException(nameof(result), result, null),
    };

    private static ActionResult ResultOf(TerminationResult result) => result switch
    {
        TerminationResult.Ended or TerminationResult.Signalled => ActionResult.Done,
        TerminationResult.Changed => ActionResult.Vanished,
        _ => throw new ArgumentOutOfRangeException(nameof(result), result, null),
    };
}
