using Automation.Events;
using Automation.Fleet;
using Automation.Ledger;
using Automation.Notifications;
using Automation.Outcomes;

namespace Automation.Failover;

/// <summary>
/// A game day: every database that opted in is tested, one after the other, as long as there is time. Which comes first is decided
/// by how long ago it was tested, so that all have their turn.
/// </summary>
internal sealed class TestFailover(
    IDatabaseInventory inventory, FailoverLoading loading, FailoverTest test, FailoverResults results, ILedger ledger, ProbeTimes times, Settings settings, TimeProvider time)
{
    public const string Capability = "failover";

    /// <summary>Longer than the function may run (template.yaml: 15 min), so that a live run never loses its claims.</summary>
    internal static readonly TimeSpan Lease = TimeSpan.FromMinutes(16);

    /// <summary>Of all tests of the stack: two at once would disturb each other's clients, and people.</summary>
    private const string TestLock = $"{Capability}/test";

    private readonly string tag = $"{settings.TagPrefix}:failover-test";

    /// <param name="request">Every database, or one.</param>
    /// <param name="invocation">Whose run it is.</param>
    /// <param name="cancellation">The run's deadline: early enough to tell how it ended.</param>
    public async Task<IReadOnlyList<Conclusion>> RunAsync(ScheduleRequest request, Invocation invocation, CancellationToken cancellation)
    {
        var (only, asked, eventId) = request switch
        {
            ScheduleRequest.OneDatabase(var id, var mode) => (id, mode, invocation.RequestId),
            ScheduleRequest.Everything({ Length: > 0 } id) => ((string?)null, Mode.Act, id),
            _ => (null, Mode.Act, invocation.RequestId),
        };
        IReadOnlyList<RdsDatabase> databases;
        try
        {
            databases = await inventory.ListAsync(only, cancellation);
            if (only is null) databases = await InTurnAsync(databases, cancellation);
        }
        catch (Exception e)
        {
            return [FailoverConclusions.Broken(only ?? "fleet", e, cancellation)];
        }

        var conclusions = new List<Conclusion>();
        foreach (var database in databases)
        {
            switch (FailoverGate.Of(database, tag, databases))
            {
                case FailoverGate.NotAsked(var reason, var sentence) when only is not null:
                    conclusions.Add(FailoverConclusions.Refused(database, reason, sentence, null));
                    break;
                case FailoverGate.NotAsked:
                    break;
                case FailoverGate.Refused(var reason, var sentence):
                    conclusions.Add(FailoverConclusions.Refused(database, reason, sentence, Severity.Warning));
                    break;
                case FailoverGate.Open(var policy):
                    conclusions.Add(await TestAsync(database, policy, asked, $"{Capability}/{eventId}/{database.ResourceId}", invocation, cancellation));
                    break;
                case var other:
                    throw new InvalidOperationException($"No case for {other.GetType().Name}.");
            }
        }
        if (only is not null && databases.Count == 0) conclusions.Add(FailoverConclusions.NotHere(only));
        return conclusions;
    }

    /// <summary>The longest untested first.</summary>
    private async Task<IReadOnlyList<RdsDatabase>> InTurnAsync(IReadOnlyList<RdsDatabase> databases, CancellationToken cancellation)
    {
        var last = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        foreach (var database in databases.Where(database => FailoverGate.Of(database, tag, databases) is FailoverGate.Open))
        {
            var history = await ledger.HistoryAsync(database.ResourceId, Capability, DateTimeOffset.UnixEpoch, cancellation);
            last[database.ResourceId] = history.Select(record => record.At).DefaultIfEmpty(DateTimeOffset.MinValue).Max();
        }
        return [.. databases.OrderBy(database => last.GetValueOrDefault(database.ResourceId)).ThenBy(database => database.Id, StringComparer.Ordinal)];
    }

    private async Task<Conclusion> TestAsync(
        RdsDatabase database, FailoverPolicy policy, Mode asked, string incident, Invocation invocation, CancellationToken cancellation)
    {
        try
        {
            if (await loading.LoadAsync(database, invocation.Deadline, cancellation) is not { } facts)
                return FailoverConclusions.Refused(database, Reasons.DatabaseNotFound, "RDS does not know it any more", Severity.Warning);
            // A retry of a run that died after its call: its record is all that tells of it, and it is never called again.
            if (facts.History.LastOrDefault(record => record.Incident == incident) is { Result: ActionResult.Unconfirmed } begun)
                return FailoverConclusions.Interrupted(database, begun);

            var checks = GuardRules.Evaluate(facts, settings.StagingTag, times, time.GetUtcNow());
            if (checks.FirstOrDefault(check => !check.Holds) is { } refusing) return FailoverConclusions.Refused(database, refusing, checks);
            if (settings.Mode != Mode.Act || asked != Mode.Act) return FailoverConclusions.Observed(database, facts, checks);
            return await ActAsync(database, policy, facts, incident, invocation, cancellation);
        }
        catch (Exception e)
        {
            return FailoverConclusions.Broken(database, e, cancellation);
        }
    }

    /// <summary>The event's one-time key, then the lock of all tests; the record of the call checks both again.</summary>
    private async Task<Conclusion> ActAsync(
        RdsDatabase database, FailoverPolicy policy, FailoverFacts facts, string incident, Invocation invocation, CancellationToken cancellation)
    {
        var got = await ledger.ClaimAsync(incident, invocation.RequestId, Lease, cancellation);
        if (got is not ClaimResult.Claimed(var claim)) return FailoverConclusions.NotClaimed(database, got);
        got = await ledger.ClaimAsync(TestLock, invocation.RequestId, Lease, cancellation);
        if (got is not ClaimResult.Claimed(var testLock))
        {
            await ledger.ReleaseAsync(claim, cancellation);
            return FailoverConclusions.TestRunning(database, got);
        }
        try
        {
            var end = await test.RunAsync(new FailoverTest.Context(database, policy, incident, invocation, [claim, testLock]), facts, cancellation);
            return await CloseAsync(await results.ConcludeAsync(database, end), claim);
        }
        finally
        {
            await TryAsync(() => ledger.ReleaseAsync(testLock, CancellationToken.None));
        }
    }

    /// <summary>
    /// Closes the event together with what people must hear, before they hear it. A test that asked nothing of RDS leaves the key
    /// open: another delivery of the event may do it.
    /// </summary>
    private async Task<Conclusion> CloseAsync(Conclusion conclusion, Claim claim)
    {
        if (conclusion.Outcome.Decision is Decision.Refused)
        {
            await TryAsync(() => ledger.ReleaseAsync(claim, CancellationToken.None));
            return conclusion;
        }
        var announcement = conclusion.Announcement is { } told ? StoredAnnouncement.Write(told) : "";
        var completed = false;
        await TryAsync(async () => completed = await ledger.CompleteAsync(claim, announcement, CancellationToken.None));
        return completed ? conclusion with { Claim = claim } : conclusion;
    }

    /// <summary>The test is over whatever the ledger says, and its record stands since before the call.</summary>
    private static async Task TryAsync(Func<Task> write)
    {
        try
        {
            await write();
        }
        catch (Exception e) when (AwsFailure.Is(e, CancellationToken.None))
        {
            // The claim ends with its lease.
        }
    }
}
