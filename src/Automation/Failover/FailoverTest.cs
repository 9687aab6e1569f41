using Automation.Fleet;
using Automation.Ledger;

namespace Automation.Failover;

/// <summary>What a test came to.</summary>
internal abstract record TestEnd
{
    private TestEnd()
    {
    }

    /// <summary>Nothing was asked of RDS.</summary>
    /// <param name="Finding">Why.</param>
    /// <param name="Checks">What the guards saw last.</param>
    public sealed record NotCalled(Finding Finding, IReadOnlyList<Check> Checks) : TestEnd;

    /// <summary>RDS was asked, and what followed was watched.</summary>
    /// <param name="Report">What was found.</param>
    /// <param name="Record">The ledger's record of the call, to be confirmed.</param>
    /// <param name="LeftBehind">Why the schema is still there; <c>null</c> when it is gone.</param>
    public sealed record Called(FailoverReport Report, ActionRecord Record, string? LeftBehind) : TestEnd;

    /// <summary>RDS was asked, and then the watching itself broke.</summary>
    /// <param name="Sentence">What is known.</param>
    public sealed record Broken(string Sentence) : TestEnd;
}

/// <summary>
/// One test of one database: schema, clients, baseline, guards again, the call, watching, the audit of the rows. Read top to
/// bottom: every step before the call may end it with nothing done, no step after it repeats it.
/// </summary>
internal sealed class FailoverTest(
    FailoverLoading loading, IFailoverControl control, IDatabaseProxies proxies, WriterAccess writer, FailoverCall call, ProbeTimes times, Settings settings, TimeProvider time)
{
    /// <summary>Between two looks at what the clients saw, and at what RDS tells.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250), Ask = TimeSpan.FromSeconds(5);

    /// <summary>What a test belongs to.</summary>
    internal sealed record Context(RdsDatabase Database, FailoverPolicy Policy, string Incident, Invocation Invocation, IReadOnlyList<Claim> Claims);

    /// <param name="context">What it belongs to.</param>
    /// <param name="facts">With which the guards have let it pass.</param>
    /// <param name="cancellation">The run's deadline.</param>
    public async Task<TestEnd> RunAsync(Context context, FailoverFacts facts, CancellationToken cancellation)
    {
        try
        {
            return await TestAsync(context, facts, cancellation);
        }
        // The call had not been made: nothing but the schema is to be taken back.
        catch
        {
            await writer.CleanUpAsync(facts.Database, CancellationToken.None);
            throw;
        }
    }

    private async Task<TestEnd> TestAsync(Context context, FailoverFacts facts, CancellationToken cancellation)
    {
        var server = facts.Server ?? throw new ArgumentException("The guards let pass only who logged in.", nameof(facts));
        var prepared = await writer.PrepareAsync(facts.Database, cancellation);
        if (!prepared.Succeeded(out _, out var failure))
            return new TestEnd.NotCalled(new Finding(Reasons.CannotLogIn, $"the schema of the test could not be made: {failure.Sentence}"), []);

        var lanes = LaneRules.Of(facts.Database, facts.Topology, await proxies.OfAsync(facts.Database, cancellation));
        await using var probes = await Probes.ConnectAsync(lanes, writer.Login, writer.Roots, server.IsAurora, times, time, cancellation);
        var baseline = probes.Now;
        if (probes.Silent.FirstOrDefault(silent => silent.Lane.Path == ProbePath.Writer) is { } dead)
            return await StopAsync(context, probes, NoBaseline($"{dead.Lane.Name} had no answer at all: {dead.Error}"), [], cancellation);

        probes.Start();
        await Task.Delay(times.Baseline, time, cancellation);
        var quiet = probes.Now;
        var noise = probes.Watched.Select(lane => (lane.Lane, Noise: NoiseRules.Of(lane.Attempts, baseline, quiet))).ToList();
        if (noise.FirstOrDefault(line => !line.Noise.IsSteady(times.FewestAttempts)) is { Lane: { } unsteady } bad)
            return await StopAsync(context, probes, NoBaseline($"{unsteady.Name} failed {bad.Noise.Failures} of {bad.Noise.Attempts} times before anything was done"), [], cancellation);

        // Everything once more, and then nothing between the guards and the call but the record of it.
        if (await loading.LoadAsync(context.Database, context.Invocation.Deadline, cancellation) is not { } fresh)
            return await StopAsync(context, probes, new Finding(Reasons.DatabaseNotFound, "RDS does not know it any more"), [], cancellation);
        var now = time.GetUtcNow();
        // Part of its time is used, and its schema is there now: neither is a reason to stop.
        var left = times with { WarmUp = TimeSpan.Zero, Baseline = TimeSpan.Zero };
        var checks = GuardRules.Evaluate(fresh, settings.StagingTag, left, now);
        if (checks.FirstOrDefault(check => !check.Holds) is { } refusing)
            return await StopAsync(context, probes, new Finding(refusing.Reason, refusing.Seen), checks, cancellation);
        if (fresh.Server!.Identity.IsAnother(server.Identity) || fresh.Server.Identity.IsRestartOf(server.Identity))
            return await StopAsync(context, probes, NoBaseline("the writer changed during the baseline"), checks, cancellation);

        var (called, calledAt) = (probes.Now, now);
        var (record, answer, recorded) = await call.MakeAsync(fresh, context.Incident, context.Invocation, context.Claims,
            () => (called, calledAt) = (probes.Now, time.GetUtcNow()), cancellation);
        if (answer is null) return await StopAsync(context, probes, Finding.Of(recorded), checks, cancellation);
        if (answer is CallAnswer.Refused(var code, var message))
            return await StopAsync(context, probes, new Finding(Reasons.CallRefused, $"RDS refused: {code}: {message}", record), checks, cancellation);

        TimeSpan? accepted = answer is CallAnswer.Accepted ? probes.Now - called : null;
        try
        {
            return await FollowAsync(context, fresh, checks, probes, record, baseline, called, calledAt, accepted, cancellation);
        }
        // Whatever it is: people must hear that a failover was asked for.
        catch (Exception e)
        {
            return new TestEnd.Broken($"the failover was asked for at {calledAt.UtcDateTime:HH:mm:ss}Z, and then the test broke off: {AwsFailure.CodeOf(e)}");
        }
    }

    private async Task<TestEnd> FollowAsync(Context context, FailoverFacts facts, IReadOnlyList<Check> checks, Probes probes, ActionRecord record,
        TimeSpan baseline, TimeSpan called, DateTimeOffset calledAt, TimeSpan? accepted, CancellationToken cancellation)
    {
        var before = facts.Server!.Identity;
        var told = await WatchAsync(facts, probes, before, called, calledAt, cancellation);
        await probes.StopAsync();
        var (ended, watched) = (probes.Now, probes.Watched);

        var after = facts.Database.Kind == DatabaseKind.Cluster ? (await TryTopologyAsync(facts.Database, cancellation))?.Writer?.Id : null;
        var read = await writer.RowsAsync(facts.Database, cancellation);
        var verified = read.Succeeded(out var rows, out var failure);
        var lanes = LaneResults.Of(watched, before, baseline, called, ended);
        var failed = lanes.Any(lane => lane.Reads.From is not null || lane.Writes?.From is not null);
        // Who has the rows is who counts: asked in the same session.
        var found = SwitchRules.Of(before, verified ? rows.Server.Identity : null, failed,
            facts.Database.Kind == DatabaseKind.Cluster ? facts.Topology.Writer!.Id : null, after);
        // A server in recovery may be behind: what it does not have yet is not lost.
        var writes = verified && !rows.Server.Identity.InRecovery ? WriteAudit.Of(probes.Everything, rows.Rows) : null;
        var (verdict, reason, sentence) = VerdictRules.Of(found, lanes, writes, failure?.Sentence, context.Policy.Budget);
        var resolution = LaneResults.Resolution(watched, times, called);
        var trend = verdict == Verdict.Void ? null : TrendRules.Of(Earlier(facts.History), lanes.Where(lane => lane.Writes is not null).Max(lane => lane.Writes!.Down), resolution);
        var cleaned = await writer.CleanUpAsync(facts.Database, cancellation);

        return new TestEnd.Called(new FailoverReport
        {
            Database = facts.Database,
            Target = TargetRules.Of(facts.Topology)?.Id,
            CalledAt = calledAt,
            Called = called,
            Ended = ended,
            Times = times,
            Budget = context.Policy.Budget,
            Verdict = verdict,
            Reason = reason,
            Sentence = sentence,
            Lanes = lanes,
            Silent = probes.Silent,
            Writes = writes,
            Timeline = TimelineRules.Of(lanes, watched, before, called, accepted, told),
            Checks = checks,
            Trend = trend,
            Advice = AdviceRules.For(lanes, probes.Silent, writes, verdict, reason, trend, times),
            Journal = watched,
            Resolution = resolution,
        }, record, cleaned.Succeeded(out _, out var left) ? null : left.Sentence);
    }

    /// <summary>Until every client is back, or nothing more is to be expected.</summary>
    /// <returns>What RDS told meanwhile, by its own clock.</returns>
    private async Task<IReadOnlyList<TimelineEvent>> WatchAsync(
        FailoverFacts facts, Probes probes, ServerIdentity before, TimeSpan called, DateTimeOffset calledAt, CancellationToken cancellation)
    {
        IReadOnlyList<TimelineEvent> told = [];
        var abandoned = false;
        Task? asking = null;
        var asked = probes.Now;
        while (WatchRules.Decide(probes.Watched, before, called, probes.Now, abandoned, times) == Watch.GoOn)
        {
            if (asking is null or { IsCompleted: true } && probes.Now - asked >= Ask)
            {
                asked = probes.Now;
                asking = AskAsync();
            }
            await Task.Delay(Look, time, cancellation);
        }
        if (asking is not null) await asking;
        await AskAsync();
        return told;

        async Task AskAsync()
        {
            try
            {
                // An event of the second of the call may be stamped before it.
                var lines = await control.FailoverEventsAsync(facts.Database, facts.Topology, calledAt - TimeSpan.FromSeconds(2), cancellation);
                told = [.. lines.Select(line => new TimelineEvent(line.At - calledAt, $"RDS, {line.Source}: {line.Message}", IsAnnotation: true))];
                abandoned = lines.Any(line => FailoverEvents.Of(line.Message) is FailoverEventKind.Abandoned or FailoverEventKind.CameBack or FailoverEventKind.Failed);
            }
            catch (Exception e) when (AwsFailure.Is(e, cancellation))
            {
                // Annotations: nothing depends on them.
            }
        }
    }

    private async Task<FailoverTopology?> TryTopologyAsync(RdsDatabase database, CancellationToken cancellation)
    {
        try
        {
            return await control.TopologyAsync(database, cancellation);
        }
        catch (Exception e) when (AwsFailure.Is(e, cancellation))
        {
            return null;
        }
    }

    private async Task<TestEnd> StopAsync(Context context, Probes probes, Finding finding, IReadOnlyList<Check> checks, CancellationToken cancellation)
    {
        await probes.StopAsync();
        // Left behind, the schema goes with the next test.
        await writer.CleanUpAsync(context.Database, cancellation);
        return new TestEnd.NotCalled(finding, checks);
    }

    private static Finding NoBaseline(string sentence) => new(Reasons.NoBaseline, sentence);

    private static IReadOnlyList<TimeSpan> Earlier(IReadOnlyList<ActionRecord> history) =>
        [.. history.Select(record => FailoverRecordJson.Read(record.After)?.WriteDowntimeMs).OfType<long>().Select(ms => TimeSpan.FromMilliseconds(ms))];
}
