using Automation.Events;
using Automation.Failover;
using Automation.Lab.Failover;
using Automation.LabTests.Fixtures;
using Automation.Ledger;
using Automation.Outcomes;

namespace Automation.LabTests.Failover;

/// <summary>A run dies at every call from its first claim on, and is tried again: never is a second failover asked for.</summary>
[Collection(nameof(FailoverFixture))]
public sealed class CrashTests(FailoverFixture fixture, ITestOutputHelper output)
{
    /// <summary>The lab's failovers are abandoned here: how often one is asked for is the question, not what comes of it.</summary>
    private static readonly ProbeTimes Times = GameDay.Short with
    {
        Interval = TimeSpan.FromMilliseconds(5),
        Baseline = TimeSpan.FromMilliseconds(150),
        FewestAttempts = 1,
        Settle = TimeSpan.FromMilliseconds(50),
        SwitchLimit = TimeSpan.FromMilliseconds(100),
        Quiet = TimeSpan.FromMilliseconds(100),
    };

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Retry_AfterDeathAtAnyCall_NeverAsksTwice()
    {
        await using var day = await GameDay.StartAsync(fixture, proxy: false);
        var death = new Death();
        foreach (var service in new[] { "rds", "dynamodb", "sns", "monitoring" }) day.Aws.Endpoint.After(service, null, death.AfterAsync);
        day.Failovers.Script(day.Id, FailoverScript.Abandoned);
        // The first login of a process takes longer than any other.
        var whole = await day.RunAsync(times: Times with { Baseline = TimeSpan.FromSeconds(2) });
        Assert.Equal(Reasons.NoSwitch, whole.Reason);
        var calls = day.Aws.Endpoint.Calls.Entries.Select(call => call.Call.Action).ToList();
        var first = calls.IndexOf("UpdateItem");
        output.WriteLine($"{calls.Count} calls: {string.Join(", ", calls)}");

        var failures = new List<string>();
        // How often RDS is asked for its events while clients are watched is a matter of time.
        var asks = calls.Take(calls.IndexOf("RebootDBInstance")).Count(action => action == "DescribeEvents");
        var positions = calls.Select((action, i) => (Action: action!, Nth: calls.Take(i).Count(earlier => earlier == action))).Skip(first)
            .Where(call => call.Action != "DescribeEvents" || call.Nth <= asks)
            // One for every proxy of the Region, also those of other tests.
            .Where(call => call.Action != "DescribeDBProxyTargets" || call.Nth == 0)
            // Always from the record to the call and back: the moments at which a second one could be asked for.
            .Where(call => call.Action is "TransactWriteItems" or "RebootDBInstance" or "UpdateItem" || MatrixShare.Has(call.Nth));
        foreach (var position in positions)
        {
            var (accepted, requestId) = (0, "");
            // On a busy machine the short baseline may see no attempt succeed, and then the run ends before the call.
            foreach (var baseline in new[] { Times.Baseline, TimeSpan.FromSeconds(2) })
            {
                await day.RenewAsync();
                day.Failovers.Script(day.Id, FailoverScript.Abandoned);
                (accepted, requestId) = (day.Failovers.Accepted.Entries.Count, Guid.NewGuid().ToString());
                using var life = CancellationTokenSource.CreateLinkedTokenSource(Test);
                death.Arm(position, life);
                await TryAsync(() => day.RunAsync(requestId: requestId, times: Times with { Baseline = baseline }, cancellation: life.Token));
                death.Disarm();
                if (death.Happened) break;
            }
            if (!death.Happened) failures.Add($"{position}: the run did not come that far");
            var asked = day.Failovers.Accepted.Entries.Count - accepted;
            var retried = await TryAsync(() => day.RunAsync(requestId: requestId, times: Times));
            var before = day.Failovers.Accepted.Entries.Count - accepted;
            var later = await TryAsync(() => day.RunAsync(times: Times));

            var all = day.Failovers.Accepted.Entries.Count - accepted;
            if (all > 1) failures.Add($"{position}: {all} failovers");
            // What was asked for before the death, or at the retry, is the only one; whoever comes later is told why not.
            if (asked == 1 && retried is { Decision: Decision.Acted }) failures.Add($"{position}: the retry says that it acted");
            if (before == 1 && later is not { Decision: Decision.Refused }) failures.Add($"{position}: a later run was {later?.Decision} ({later?.Reason})");
        }

        Assert.Empty(failures);
        Assert.Empty(day.Aws.Endpoint.Problems.Entries);
    }

    [Fact]
    public async Task Run_SameEventThreeTimesAtOnce_AsksOnce()
    {
        await using var day = await GameDay.StartAsync(fixture, proxy: false);
        day.Failovers.Script(day.Id, FailoverScript.Abandoned);
        var @event = new ScheduleRequest.Everything("4dba8d9e-8f62-4a87-9d3c-0b5ea2f7ad2b");

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => day.RunAsync(@event, times: Times)));
        var again = await day.RunAsync(@event, times: Times);

        Assert.Single(day.Failovers.Accepted.Entries);
        Assert.Single(outcomes, outcome => outcome.Decision == Decision.Acted);
        Assert.NotEqual(Decision.Acted, again.Decision);
        Assert.Single(await day.RecordsAsync());
    }

    [Fact]
    public async Task Run_AnotherTestHoldsTheLock_IsRefused()
    {
        await using var day = await GameDay.StartAsync(fixture, proxy: false);
        Assert.IsType<ClaimResult.Claimed>(await day.Ledger.ClaimAsync("failover/test", "another", TimeSpan.FromMinutes(16), Test));

        var outcome = await day.RunAsync(times: Times);

        Assert.Equal((Decision.Refused, Reasons.TestRunning), (outcome.Decision, outcome.Reason));
        Assert.Empty(day.Mutations);
    }

    /// <summary>As Lambda: an invocation that ends in error has no outcome.</summary>
    private static async Task<Outcome?> TryAsync(Func<Task<Outcome>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception e) when (e is InvocationFailedException or OperationCanceledException)
        {
            return null;
        }
    }
}
