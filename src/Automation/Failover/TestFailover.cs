using System.Runtime.CompilerServices;
using System.Text.Json;
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

    private static readonly string InterruptedAfter = JsonSerializer.Serialize(
        new EarlierTest { Verdict = Words.Of(Verdict.Void), Reason = Reasons.Interrupted, WriteDowntimeMs = null, ReadDowntimeMs = null, Lost = null }, FailoverRecordJson.Default.EarlierTest);

    private readonly string tag = FailoverGate.TagOf(settings.TagPrefix);

    /// <summary>One conclusion after the other, as each test ends: people hear of it before the next begins.</summary>
    /// <param name="request">Every database, or one.</param>
    /// <param name="invocation">Whose run it is.</param>
    /// <param name="cancellation">The run's deadline: early enough to tell how it ended.</param>
    public async IAsyncEnumerable<Conclusion> RunAsync(
        ScheduleRequest request, Invocation invocation, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (only, asked, eventId) = request switch
        {
            ScheduleRequest.OneDatabase(var id, var mode) => (id, mode, invocation.RequestId),
            ScheduleRequest.Everything({ Length: > 0 } id) => ((string?)null, Mode.Act, id),
            _ => (null, Mode.Act, invocation.RequestId),
        };
        var (databases, broken) = await ListAsync(only, cancellation);
        if (broken is not null) yield return broken;
        foreach (var database in databases)
        {
            switch (FailoverGate.Of(database, tag, databases))
            {
                case FailoverGate.NotAsked(var reason, var sentence) when only is not null:
                    yield return FailoverConclusions.Refused(database, reason, sentence, null);
                    break;
                case FailoverGate.NotAsked:
                    break;
                case FailoverGate.Refused(var reason, var sentence):
                    yield return FailoverConclusions.Refused(database, reason, sentence, Severity.Warning);
                    break;
                case FailoverGate.Open(var policy):
                    await foreach (var conclusion in TestAsync(database, policy, asked, $"{Capability}/{eventId}/{database.ResourceId}", invocation, cancellation))
                        yield return conclusion;
                    break;
                case var other:
                    throw new InvalidOperationException($"No case for {other.GetType().Name}.");
            }
        }
        if (only is not null && broken is null && databases.Count == 0) yield return FailoverConclusions.NotHere(only);
    }

    private async Task<(IReadOnlyList<RdsDatabase> Databases, Conclusion? Broken)> ListAsync(string? only, CancellationToken cancellation)
    {
        try
        {
            var databases = await inventory.ListAsync(only, cancellation);
            return (only is null ? await InTurnAsync(databases, cancellation) : databases, null);
        }
        catch (Exception e)
        {
            return ([], FailoverConclusions.Broken(only ?? "fleet", e, cancellation));
        }
    }

    /// <summary>The longest untested first.</summary>
    private async Task<IReadOnlyList<RdsDatabase>> InTurnAsync(IReadOnlyList<RdsDatabase> databases, CancellationToken cancellation)
    {
        var last = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        foreach (var database in databases.Where(database => FailoverGate.Of(database, tag, databases) is FailoverGate.Open))
        {
            try
            {
                var history = await ledger.HistoryAsync(database.ResourceId, Capability, DateTimeOffset.UnixEpoch, cancellation);
                last[database.ResourceId] = history.Select(record => record.At).DefaultIfEmpty(DateTimeOffset.MinValue).Max();
            }
            catch (Exception) when (!cancellation.IsCancellationRequested)
            {
                // Its own test will say so; the others have their turn.
                last[database.ResourceId] = DateTimeOffset.MaxValue;
            }
        }
        return [.. databases.OrderBy(database => last.GetValueOrDefault(database.ResourceId)).ThenBy(database => database.Id, StringComparer.Ordinal)];
    }

    private async IAsyncEnumerable<Conclusion> TestAsync(
        RdsDatabase database, FailoverPolicy policy, Mode asked, string incident, Invocation invocation, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (facts, unloaded) = await LoadAsync(database, invocation, cancellation);
        if (facts is null)
        {
            yield return unloaded!;
            yield break;
        }
        var act = settings.Mode == Mode.Act && asked == Mode.Act;
        // Runs that died after their call: their records are all that tells of them, and nobody else will. Lambda retries a request
        // when its attempt has ended; another delivery of the event has a request of its own, beside one that may be at work.
        bool Died(ActionRecord record) => record.Result == ActionResult.Unconfirmed
            && ((record.Incident == incident && record.RequestId == invocation.RequestId) || record.At < time.GetUtcNow() - Lease);
        foreach (var dead in facts.History.Where(Died))
        {
            yield return FailoverConclusions.Interrupted(database, dead);
            if (act) await TryAsync(() => ledger.ConfirmAsync(dead with { After = InterruptedAfter }, ActionResult.Done, CancellationToken.None));
        }
        // The retry of such a run never asks again, nor does that of one that was carried out.
        switch (facts.History.LastOrDefault(record => record.Incident == incident))
        {
            case { Result: ActionResult.Unconfirmed } begun when Died(begun):
                yield break;
            // One at work holds the event's claim. One that ended without being able to say so in its record has completed the claim with
            // what people must hear, and may have told nobody.
            case { Result: ActionResult.Unconfirmed or ActionResult.Done } begun:
                yield return await RetellAsync(database, begun, invocation, cancellation);
                yield break;
        }
        yield return await DecideAsync(database, policy, act, facts, incident, invocation, cancellation);
    }

    private async Task<(FailoverFacts? Facts, Conclusion? Unloaded)> LoadAsync(RdsDatabase database, Invocation invocation, CancellationToken cancellation)
    {
        try
        {
            return await loading.LoadAsync(database, invocation.Deadline, cancellation) is { } facts
                ? (facts, null)
                : (null, FailoverConclusions.Refused(database, Reasons.DatabaseNotFound, "RDS does not know it any more", Severity.Warning));
        }
        catch (Exception e)
        {
            return (null, FailoverConclusions.Broken(database, e, cancellation));
        }
    }

    /// <summary>What the run that carried it out wanted people to hear, if they have not.</summary>
    private async Task<Conclusion> RetellAsync(RdsDatabase database, ActionRecord done, Invocation invocation, CancellationToken cancellation)
    {
        try
        {
            var got = await ledger.ClaimAsync(done.Incident, invocation.RequestId, Lease, cancellation);
            return got is ClaimResult.Claimed(var claim)
                ? await CloseAsync(FailoverConclusions.Interrupted(database, done), claim, invocation)
                : FailoverConclusions.NotClaimed(database, got);
        }
        catch (Exception e)
        {
            return FailoverConclusions.Broken(database, e, cancellation);
        }
    }

    private async Task<Conclusion> DecideAsync(
        RdsDatabase database, FailoverPolicy policy, bool act, FailoverFacts facts, string incident, Invocation invocation, CancellationToken cancellation)
    {
        try
        {
            var checks = GuardRules.Evaluate(facts, tag, settings.StagingTag, times, time.GetUtcNow());
            if (checks.FirstOrDefault(check => !check.Holds) is { } refusing) return FailoverConclusions.Refused(database, refusing, checks);
            return act
                ? await ActAsync(database, policy, facts, incident, invocation, cancellation)
                : FailoverConclusions.Observed(database, facts, checks);
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
        var start = await IncidentStart.ClaimAsync(ledger, incident, TestLock, invocation.RequestId, Lease, cancellation);
        if (start is IncidentStart.Taken(var by, var isTest)) return isTest ? FailoverConclusions.TestRunning(database, by) : FailoverConclusions.NotClaimed(database, by);
        var (claim, testLock) = (IncidentStart.Begun)start;
        try
        {
            var end = await test.RunAsync(new FailoverTest.Context(database, policy, incident, invocation, [claim, testLock]), facts, cancellation);
            return await CloseAsync(await results.ConcludeAsync(database, end), claim, invocation);
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
    private async Task<Conclusion> CloseAsync(Conclusion conclusion, Claim claim, Invocation invocation)
    {
        // What is stored is told by a later run, too, and names the run that did it.
        conclusion = conclusion.From(invocation);
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
