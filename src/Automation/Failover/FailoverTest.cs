using Automation.Fleet;
using Automation.Ledger;

namespace Automation.Failover;

/// <summary>
/// One test of one database: schema, clients, baseline, guards again, the call, watching, the audit of the rows. Read top to
/// bottom: every step before the call may end it with nothing done, no step after it repeats it.
/// </summary>
internal sealed class FailoverTest(
    FailoverLoading loading, IFailoverControl control, IDatabaseProxies proxies, WriterAccess writer, FailoverCall call, ProbeTimes times, Settings settings, TimeProvider time)
{
    /// <summary>Between two looks at what the clients saw, and at what RDS tells.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250), Ask = TimeSpan.FromSeconds(5);

    /// <summary>When a run breaks off, a part of what the end of a function has.</summary>
    private static readonly TimeSpan CleanUpLimit = TimeSpan.FromSeconds(6);

    /// <summary>What a test belongs to.</summary>
    internal sealed record Context(RdsDatabase Database, FailoverPolicy Policy, string Incident, Invocation Invocation, IReadOnlyList<Claim> Claims);

    /// <param name="context">What it belongs to.</param>
    /// <param name="facts">With which the guards have let it pass.</param>
    /// <param name="cancellation">The run's deadline.</param>
    public async Task<TestEnd> RunAsync(Context context, FailoverFacts facts, CancellationToken cancellation)
    {
        var call = new CallState();
        try
        {
            return await TestAsync(context, facts, call, cancellation);
        }
        catch (Exception e) when (call.At is { } at)
        {
            // Whatever it is: people must hear that a failover was asked for.
            return new TestEnd.Broken($"the failover was asked for at {at.UtcDateTime:HH:mm:ss}Z, and then the test broke off: {AwsFailure.CodeOf(e)}; schema {GuardRules.Schema} stays until the next test");
        }
        catch
        {
            // Nothing but the schema is to be taken back.
            using var limit = new CancellationTokenSource(CleanUpLimit, time);
            await TryCleanUpAsync(facts.Database, limit.Token);
            throw;
        }
    }

    private async Task<TestEnd> TestAsync(Context context, FailoverFacts facts, CallState state, CancellationToken cancellation)
    {
        var server = facts.Server ?? throw new ArgumentException("The guards let pass only who logged in.", nameof(facts));
        var begun = time.GetUtcNow();
        var comment = ProbeSql.CommentOf(begun);
        var prepared = await writer.PrepareAsync(facts.Database, comment, cancellation);
        if (!prepared.Succeeded(out _, out var failure))
            return new TestEnd.NotCalled(new Finding(Reasons.CannotPrepare, $"the schema of the test could not be made: {failure.Sentence}"), []);

        var lanes = LaneRules.Of(facts.Database, facts.Topology, await proxies.OfAsync(facts.Database, cancellation));
        await using var probes = await Probes.ConnectAsync(lanes, writer.Login, writer.Roots, server.IsAurora, begun.UtcTicks, times, time, cancellation);
        var baseline = probes.Now;
        if (probes.Silent.FirstOrDefault(silent => silent.Lane.Path == ProbePath.Writer) is { } dead)
            return await StopAsync(context, probes, NoBaseline($"{dead.Lane.Name} had no answer at all: {dead.Error}"), [], cancellation);

        probes.Start();
        await Task.Delay(times.Baseline, time, cancellation);
        if (Unsteady(probes, baseline) is { } early) return await StopAsync(context, probes, early, [], cancellation);

        // Everything once more, and then nothing between the guards and the call but the record of it.
        if (await loading.LoadAsync(context.Database, context.Invocation.Deadline, cancellation) is not { } fresh)
            return await StopAsync(context, probes, new Finding(Reasons.DatabaseNotFound, "RDS does not know it any more"), [], cancellation);
        // Part of its time is used, and its schema is there now: neither is a reason to stop.
        var left = times with { WarmUp = TimeSpan.Zero, Baseline = TimeSpan.Zero };
        var checks = GuardRules.Evaluate(fresh, FailoverGate.TagOf(settings.TagPrefix), settings.StagingTag, left, time.GetUtcNow(), comment);
        if (checks.FirstOrDefault(check => !check.Holds) is { } refusing)
            return await StopAsync(context, probes, new Finding(refusing.Reason, refusing.Seen), checks, cancellation);
        if (fresh.Server!.Identity != server.Identity)
            return await StopAsync(context, probes, NoBaseline("the writer changed during the baseline"), checks, cancellation);
        if (Unsteady(probes, baseline) is { } late) return await StopAsync(context, probes, late, checks, cancellation);

        var called = probes.Now;
        var (record, answer, recorded) = await call.MakeAsync(fresh, context.Incident, context.Invocation, context.Claims,
            () => (called, state.At) = (probes.Now, time.GetUtcNow()), cancellation);
        if (answer is null) return await StopAsync(context, probes, Finding.Of(recorded), checks, cancellation);
        if (answer is CallAnswer.Refused(var code, var message))
            return await StopAsync(context, probes, new Finding(Reasons.CallRefused, $"RDS refused: {code}: {message}", record), checks, cancellation);

        TimeSpan? accepted = answer is CallAnswer.Accepted ? probes.Now - called : null;
        return await FollowAsync(context, fresh, checks, probes, record, (begun.UtcTicks, baseline, called, state.At!.Value, accepted), cancellation);
    }

    private async Task<TestEnd> FollowAsync(Context context, FailoverFacts facts, IReadOnlyList<Check> checks, Probes probes, ActionRecord record,
        (long Salt, TimeSpan Baseline, TimeSpan Called, DateTimeOffset CalledAt, TimeSpan? Accepted) mark, CancellationToken cancellation)
    {
        var before = facts.Server!.Identity;
        var told = await WatchAsync(facts, probes, before, mark.Called, mark.CalledAt, cancellation);
        var (ended, watched) = (probes.Now, probes.Watched);
        await probes.StopAsync();

        // The run's deadline leaves time for this; nothing of it is worth losing what was measured.
        using var closing = new CancellationTokenSource(times.Verification + times.Closing, time);
        var lanes = LaneResults.Of(watched, before, mark.Baseline, mark.Called, ended);
        var proof = await ProveAsync(facts, lanes, before, closing.Token);
        told = await TryAskAsync(facts, mark.CalledAt, closing.Token) ?? told;
        var writes = proof.Rows is { } rows ? WriteAudit.Of(probes.Everything, rows, mark.Salt) : null;
        var resolution = LaneResults.Resolution(watched, times, mark.Called);
        var (verdict, reason, sentence) = VerdictRules.Of(
            proof.Switch, lanes, writes, proof.NotRead, context.Policy.Budget, resolution > 2 * times.Resolution ? resolution : TimeSpan.Zero);
        var target = TargetRules.Of(facts.Topology)?.Id;
        if (target is not null && proof.Writer is { } promoted && promoted != target) sentence += $"; RDS promoted {promoted} instead of {target}";
        if (probes.Silent.Count > 0) sentence += $"; not measured: {string.Join(", ", probes.Silent.Select(silent => silent.Lane.Name))}";
        var proven = proof.Switch is Switch.Proven;
        var trend = proven && lanes.All(lane => lane.Recovered)
            ? TrendRules.Of(Earlier(facts.History), lanes.Where(lane => lane.Writes is not null).Max(lane => lane.Writes!.Down), resolution)
            : null;
        // Rows that nobody has read are somebody's only evidence.
        var leftBehind = proof.Rows is null ? "its rows could not be read, and may be needed" : await TryCleanUpAsync(facts.Database, closing.Token);

        return new TestEnd.Called(new FailoverReport
        {
            Database = facts.Database,
            Target = target,
            CalledAt = mark.CalledAt,
            Called = mark.Called,
            Ended = ended,
            Times = times,
            Budget = context.Policy.Budget,
            Verdict = verdict,
            Proven = proven,
            Reason = reason,
            Sentence = sentence,
            Lanes = lanes,
            Silent = probes.Silent,
            Writes = writes,
            Timeline = TimelineRules.Of(lanes, watched, before, mark.Called, mark.Accepted, told),
            Checks = checks,
            Trend = trend,
            Advice = AdviceRules.For(lanes, probes.Silent, writes, verdict, reason, trend, times),
            Journal = watched,
            Resolution = resolution,
        }, record, leftBehind);
    }

    /// <summary>What proves the switch, and the rows: asked until both are there, because the control plane is late and a login may fail once.</summary>
    private async Task<Proof> ProveAsync(FailoverFacts facts, IReadOnlyList<LaneResult> lanes, ServerIdentity before, CancellationToken closing)
    {
        var failed = lanes.Any(lane => lane.Reads.From is not null || lane.Writes?.From is not null);
        var isCluster = facts.Database.Kind == DatabaseKind.Cluster;
        var until = time.GetUtcNow() + times.Verification;
        while (true)
        {
            var after = isCluster ? (await TryTopologyAsync(facts.Database, closing))?.Writer?.Id : null;
            IReadOnlyList<WrittenRow>? rows = null;
            ServerIdentity? who = null;
            string? notRead = null;
            try
            {
                // Who has the rows is who counts: asked in the same session.
                var read = await writer.RowsAsync(facts.Database, closing);
                if (read.Succeeded(out var found, out var failure)) (who, rows) = (found.Server.Identity, found.Rows);
                else notRead = failure.Sentence;
            }
            catch (OperationCanceledException) when (closing.IsCancellationRequested)
            {
                notRead = "the time for it was over";
            }
            // A server in recovery may be behind: what it does not have yet is not lost.
            if (who is { InRecovery: true }) (rows, notRead) = (null, "the writer's endpoint leads to a server in recovery");
            var proof = new Proof(SwitchRules.Of(before, who, failed, isCluster ? facts.Topology.Writer!.Id : null, after), rows, notRead, after);
            var isFinal = proof is { Switch: not Switch.Unproven, Rows: not null };
            if (isFinal || time.GetUtcNow() >= until || closing.IsCancellationRequested) return proof;
            await Task.Delay(Ask, time, closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Until every client is back, or nothing more is to be expected.</summary>
    /// <returns>What RDS told meanwhile, by its own clock.</returns>
    private async Task<IReadOnlyList<TimelineEvent>> WatchAsync(
        FailoverFacts facts, Probes probes, ServerIdentity before, TimeSpan called, DateTimeOffset calledAt, CancellationToken cancellation)
    {
        IReadOnlyList<TimelineEvent> told = [];
        var abandoned = false;
        var asking = Task.CompletedTask;
        var asked = TimeSpan.MinValue;
        while (WatchRules.Decide(probes.Watched, before, called, probes.Now, abandoned, times) == Watch.GoOn)
        {
            if (asking.IsCompleted && probes.Now - Ask >= asked)
            {
                asked = probes.Now;
                asking = AskAsync();
            }
            await Task.Delay(Look, time, cancellation);
        }
        return told;

        async Task AskAsync()
        {
            if (await TryAskAsync(facts, calledAt, cancellation) is not { } lines) return;
            told = lines;
            abandoned = lines.Any(line => line.Kind is FailoverEventKind.Abandoned or FailoverEventKind.CameBack or FailoverEventKind.Failed);
        }
    }

    /// <summary>Annotations: nothing depends on them, so one look may take only so long.</summary>
    private async Task<IReadOnlyList<TimelineEvent>?> TryAskAsync(FailoverFacts facts, DateTimeOffset calledAt, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Ask);
        try
        {
            // An event of the second of the call may be stamped before it.
            var lines = await control.FailoverEventsAsync(facts.Database, facts.Topology, calledAt - TimeSpan.FromSeconds(2), limit.Token);
            return [.. lines.Select(line => new TimelineEvent(line.At - calledAt, $"RDS, {line.Source}: {line.Message}", IsAnnotation: true, FailoverEvents.Of(line.Message)))];
        }
        catch (Exception e) when (AwsFailure.Is(e, CancellationToken.None))
        {
            return null;
        }
    }

    private async Task<FailoverTopology?> TryTopologyAsync(RdsDatabase database, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Ask);
        try
        {
            return await control.TopologyAsync(database, limit.Token);
        }
        catch (Exception e) when (AwsFailure.Is(e, CancellationToken.None))
        {
            return null;
        }
    }

    private async Task<TestEnd> StopAsync(Context context, Probes probes, Finding finding, IReadOnlyList<Check> checks, CancellationToken cancellation)
    {
        await probes.StopAsync();
        return await TryCleanUpAsync(context.Database, cancellation) is { } left
            ? new TestEnd.NotCalled(finding with { Sentence = $"{finding.Sentence}; schema {GuardRules.Schema} stays until the next test: {left}" }, checks)
            : new TestEnd.NotCalled(finding, checks);
    }

    /// <returns>Why the schema is still there; <c>null</c> when it is gone.</returns>
    private async Task<string?> TryCleanUpAsync(RdsDatabase database, CancellationToken cancellation)
    {
        try
        {
            return (await writer.CleanUpAsync(database, cancellation)).Succeeded(out _, out var failure) ? null : failure.Sentence;
        }
        catch (OperationCanceledException)
        {
            return "the time for it was over";
        }
    }

    private Finding? Unsteady(Probes probes, TimeSpan baseline)
    {
        var now = probes.Now;
        foreach (var lane in probes.Watched)
        {
            var noise = NoiseRules.Of(lane.Attempts, baseline, now);
            if (noise.IsSteady(times.FewestAttempts)) continue;
            var last = lane.Attempts.LastOrDefault(attempt => attempt.Error is not null)?.Error;
            return NoBaseline($"{lane.Lane.Name} failed {noise.Failures} of {noise.Attempts} times before anything was done{(last is null ? "" : $", last with {last}")}");
        }
        return null;
    }

    private static Finding NoBaseline(string sentence) => new(Reasons.NoBaseline, sentence);

    private static IReadOnlyList<TimeSpan> Earlier(IReadOnlyList<ActionRecord> history) =>
        [.. history.Select(record => FailoverRecordJson.Read(record.After)?.WriteDowntimeMs).OfType<long>().Select(ms => TimeSpan.FromMilliseconds(ms))];

    /// <summary>When the call left, as soon as it has.</summary>
    private sealed class CallState
    {
        public DateTimeOffset? At { get; set; }
    }

    /// <summary>Whether another writer took over, and what it has.</summary>
    private sealed record Proof(Switch Switch, IReadOnlyList<WrittenRow>? Rows, string? NotRead, string? Writer);
}
