using Automation.Database;
using Automation.Failover;
using Automation.Lab.Gate;

namespace Automation.LabTests.Failover;

/// <summary>What clients write down while servers misbehave, held against what was done to them and what the table has.</summary>
[Collection(nameof(FailoverFixture))]
public sealed class ProbesTests(FailoverFixture fixture)
{
    // The machine of a test is busy with others: an attempt that nothing is wrong with may take long.
    private static readonly ProbeTimes Times = new() { Deadline = TimeSpan.FromSeconds(1.5) };
    private static readonly ProbeTimes Patient = new() { Deadline = TimeSpan.FromSeconds(20) };

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_HealthyServer_EveryWriteIsAcknowledgedAndThere()
    {
        await using var rig = await ConnectAsync(times: Patient);

        await rig.EachAsync(30);
        var journal = await rig.StopAsync();

        Assert.All(journal, lane => Assert.All(lane.Attempts, attempt => Assert.True(attempt is { Error: null, Fate: WriteFate.Acknowledged }, $"{lane.Lane.Name}: {attempt}")));
        var audit = WriteAudit.Of(journal, await rig.RowsAsync(), ProbeRig.Salt);
        Assert.Equivalent(
            new { Acknowledged = journal.Sum(lane => lane.Attempts.Count), Lost = 0, UnknownPresent = 0, UnknownAbsent = 0, Duplicated = 0, Unexpected = 0 }, audit);
        Assert.All(journal, lane => Assert.All(lane.Attempts, attempt => Assert.False(attempt.Server!.IsAnother(rig.Before), attempt.Server.ToString())));
    }

    /// <summary>Each row: what an endpoint does for a while, and what clients call it.</summary>
    [Theory]
    [InlineData(nameof(GateMode.Silent), ErrorClasses.Timeout)]
    [InlineData(nameof(GateMode.Refusing), ErrorClasses.Refused)]
    [InlineData(nameof(GateMode.StartingUp), "57P03")]
    public async Task Start_EndpointMisbehaves_DowntimeIsRightWithinTheResolution(string mode, string error)
    {
        var direct = fixture.Lanes.Where(lane => lane.Path == ProbePath.Writer).ToList();
        await using var rig = await ConnectAsync(direct);
        await rig.EachAsync(20);
        var gate = fixture.Instance.Gate;

        var began = rig.Probes.Now;
        gate.Mode = Enum.Parse<GateMode>(mode);
        // Connections that are open would go on: only a dead host takes them along by itself.
        if (gate.Mode != GateMode.Silent) gate.DropConnections();
        var down = rig.Probes.Now;
        await rig.EachAsync(4);
        var end = rig.Probes.Now;
        gate.Mode = GateMode.Serving;
        // What was sent to the dead host is answered by nobody; the new one resets it.
        gate.DropConnections();
        var up = rig.Probes.Now;
        await rig.EachAsync(20);

        var journal = await rig.StopAsync();
        var resolution = LaneResults.Resolution(journal, Times, began);
        foreach (var lane in journal)
        {
            foreach (var operation in Enum.GetValues<Operation>())
            {
                var outage = OutageRules.Of(lane.Attempts, operation, began, rig.Probes.Now);
                Assert.InRange(outage.Down, end - down, up - began + resolution);
                Assert.True(outage.Recovered);
                Assert.Contains(error, outage.ByError.Keys);
            }
        }
        Assert.Equivalent(new { Lost = 0, Duplicated = 0, Unexpected = 0 }, WriteAudit.Of(journal, await rig.RowsAsync(), ProbeRig.Salt));
    }

    [Fact]
    public async Task Start_57P03ThenReadOnly_WritesAreDownLongerThanReads()
    {
        await using var rig = await ConnectAsync();
        await rig.EachAsync(20);
        var gate = fixture.Instance.Gate;

        var began = rig.Probes.Now;
        gate.Mode = GateMode.StartingUp;
        gate.DropConnections();
        await rig.EachAsync(4);
        await fixture.Instance.Server.ExecuteAsync("ALTER SYSTEM SET default_transaction_read_only = on", Test);
        await fixture.Instance.Server.ExecuteAsync("SELECT pg_reload_conf()", Test);
        gate.Mode = GateMode.Serving;
        var readable = rig.Probes.Now;
        await rig.UntilAsync(lanes => lanes.All(lane => lane.Attempts.Count(attempt => attempt.Error == "25006") >= 4));
        await fixture.Instance.Server.ExecuteAsync("ALTER SYSTEM RESET default_transaction_read_only", Test);
        await fixture.Instance.Server.ExecuteAsync("SELECT pg_reload_conf()", Test);
        var writable = rig.Probes.Now;
        await rig.UntilAsync(lanes => lanes.All(lane => lane.Attempts.TakeLast(10).All(attempt => attempt.Error is null)));

        var journal = await rig.StopAsync();
        var resolution = LaneResults.Resolution(journal, Times, began);
        foreach (var lane in journal.Where(lane => lane.Lane.Path == ProbePath.Writer))
        {
            var (reads, writes) = (OutageRules.Of(lane.Attempts, Operation.Read, began, rig.Probes.Now), OutageRules.Of(lane.Attempts, Operation.Write, began, rig.Probes.Now));
            Assert.InRange(reads.Down, TimeSpan.FromMilliseconds(1), readable - began + resolution);
            Assert.True(writes.Down > reads.Down, $"{lane.Lane.Name}: writes {writes.Down}, reads {reads.Down}");
            Assert.InRange(writes.Down, TimeSpan.FromMilliseconds(1), writable - began + resolution);
            Assert.Contains("57P03", reads.ByError.Keys);
            Assert.Contains("25006", writes.ByError.Keys);
            // What the server refused is not there, and nobody says it might be.
            Assert.All(lane.Attempts.Where(attempt => attempt.Error == "25006"), attempt => Assert.Equal(WriteFate.Rejected, attempt.Fate));
        }
        Assert.Equivalent(new { Lost = 0, Duplicated = 0, Unexpected = 0 }, WriteAudit.Of(journal, await rig.RowsAsync(), ProbeRig.Salt));
    }

    [Fact]
    public async Task Start_ResetInTheMiddleOfCommit_IsUnknownAndFoundThere()
    {
        // A test before this one may have failed over.
        await fixture.Instance.RestoreStandbyAsync(Test);
        await using var rig = await ConnectAsync(times: Patient);
        await rig.EachAsync(5);

        // Commits wait for the standby: every lane hangs in one.
        await fixture.Instance.Standby!.PauseReceivingAsync(Test);
        await CommitsWaitAsync();
        fixture.Instance.Gate.DropConnections();
        fixture.Instance.Proxy!.Gate.DropConnections();
        await rig.UntilAsync(lanes => lanes.All(lane => lane.Attempts.Any(attempt => attempt.Error is not null)));
        await fixture.Instance.Standby.ResumeReceivingAsync(Test);
        await rig.EachAsync(5);

        var journal = await rig.StopAsync();
        Assert.All(journal, lane =>
        {
            var broken = Assert.Single(lane.Attempts, attempt => attempt.Error is not null);
            Assert.Equal((WriteFate.Unknown, ErrorClasses.Lost), (broken.Fate, broken.Error));
            Assert.NotNull(broken.Read);
        });
        Assert.Equivalent(new { Lost = 0, UnknownPresent = journal.Count, UnknownAbsent = 0, Duplicated = 0, Unexpected = 0 }, WriteAudit.Of(journal, await rig.RowsAsync(), ProbeRig.Salt));
    }

    [Fact]
    public async Task Start_CommitThatStopsWaitingForTheStandby_IsWarnedAndNotAcknowledged()
    {
        // A test before this one may have failed over.
        await fixture.Instance.RestoreStandbyAsync(Test);
        await using var rig = await ConnectAsync(times: Patient);
        await rig.EachAsync(5);

        await fixture.Instance.Standby!.PauseReceivingAsync(Test);
        await CommitsWaitAsync();
        await fixture.Instance.Server.ExecuteAsync("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'", Test);
        await rig.UntilAsync(lanes => lanes.All(lane => lane.Attempts.Any(attempt => attempt.Error is not null)));
        await fixture.Instance.Standby.ResumeReceivingAsync(Test);
        await rig.EachAsync(5);

        var journal = await rig.StopAsync();
        Assert.All(journal, lane => Assert.Equal((WriteFate.Unknown, ErrorClasses.Warned),
            Assert.Single(lane.Attempts, attempt => attempt.Error is not null) is var warned ? (warned.Fate, warned.Error) : default));
        Assert.Equivalent(new { Lost = 0, UnknownPresent = journal.Count, UnknownAbsent = 0 }, WriteAudit.Of(journal, await rig.RowsAsync(), ProbeRig.Salt));
    }

    [Fact]
    public async Task Start_CommitFailsAfterTheRowWasReturned_IsRejected()
    {
        await using var rig = await ConnectAsync(times: Patient);
        await fixture.Instance.Server.ExecuteAsync($"""
            CREATE FUNCTION {GuardRules.Schema}.refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''not at commit'' USING ERRCODE = ''23514''; END';
            CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON {GuardRules.Schema}.writes DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {GuardRules.Schema}.refuse()
            """, Test);

        await rig.EachAsync(3);
        var journal = await rig.StopAsync();
        await fixture.Instance.Server.ExecuteAsync($"DROP FUNCTION {GuardRules.Schema}.refuse() CASCADE", Test);

        // The row's number had come back, and was no acknowledgement yet.
        Assert.All(journal, lane => Assert.All(lane.Attempts.Skip(1), attempt => Assert.Equal((WriteFate.Rejected, "23514"), (attempt.Fate, attempt.Error))));
        Assert.Equivalent(new { Acknowledged = journal.Count, Lost = 0, Unexpected = 0 }, WriteAudit.Of(journal, await rig.RowsAsync(), ProbeRig.Salt));
    }

    [Fact]
    public async Task Start_PacketsAreDropped_EveryAttemptEndsAtItsDeadline()
    {
        var password = await fixture.Instance.CreateLoginAsync("prober", Test);
        await fixture.Instance.Server.ExecuteAsync($"GRANT CREATE ON DATABASE postgres TO prober", Test);
        await using var road = Road.To(fixture.Instance.Server.EndPoint);
        await using var rig = await ProbeRig.ConnectAsync(
            fixture, LaneRules.Of(fixture.Database with { Port = road.Port }, new FailoverTopology { Members = [] }, []), Times, new PasswordLogin("prober", password), road.Port);
        await rig.EachAsync(20);

        var began = rig.Probes.Now;
        await road.CloseAsync(Test);
        var down = rig.Probes.Now;
        await rig.EachAsync(3);
        var end = rig.Probes.Now;
        road.Open();
        var up = rig.Probes.Now;
        await rig.EachAsync(10);

        var journal = await rig.StopAsync();
        var resolution = LaneResults.Resolution(journal, Times, began);
        Assert.All(journal, lane =>
        {
            var outage = OutageRules.Of(lane.Attempts, Operation.Write, began, rig.Probes.Now);
            Assert.Contains(ErrorClasses.Timeout, outage.ByError.Keys);
            Assert.True(outage.Recovered);
            // One deadline more than elsewhere: what hangs when the road opens hangs on.
            Assert.InRange(outage.Down, end - down, up - began + resolution + Times.Deadline);
        });
        Assert.Equivalent(new { Lost = 0, Duplicated = 0, Unexpected = 0 }, WriteAudit.Of(journal, await rig.RowsAsync(), ProbeRig.Salt));
    }

    private async Task CommitsWaitAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Test);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (int.Parse((await fixture.Instance.QueryAsync("SELECT count(*)::text FROM pg_stat_activity WHERE wait_event = 'SyncRep'", Test))[0][0], null) < fixture.Lanes.Count)
            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
    }

    private Task<ProbeRig> ConnectAsync(IReadOnlyList<Lane>? lanes = null, ProbeTimes? times = null) => ProbeRig.ConnectAsync(fixture, lanes ?? fixture.Lanes, times ?? Times);
}
