using Automation.Failover;
using Automation.Lab.Account;
using Automation.Lab.Failover;
using Automation.Lab.Gate;
using Automation.Lab.Postgres;
using Automation.Ledger;
using Automation.Outcomes;
using Npgsql;

namespace Automation.LabTests.Failover;

/// <summary>Whole tests on real servers, held against what the lab did and when.</summary>
[Collection(nameof(FailoverFixture))]
public sealed class TestFailoverTests(FailoverFixture fixture)
{
    /// <summary>For tests that never get to a failover.</summary>
    private static readonly ProbeTimes Quick = GameDay.Short with { Interval = TimeSpan.FromMilliseconds(5), Baseline = TimeSpan.FromSeconds(1) };

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_SynchronousStandby_LosesNothingAndMeasuresTheDowntimeOfEveryPath()
    {
        await using var day = await GameDay.StartAsync(fixture);

        var times = GameDay.Short with { Deadline = TimeSpan.FromSeconds(1), SwitchLimit = TimeSpan.FromSeconds(20), RecoveryLimit = TimeSpan.FromSeconds(40) };
        // Each phase longer than an attempt that hangs, and the whole longer than what may be measured wrongly.
        day.Failovers.Script(day.Id, FailoverScript.Default with
        {
            Silent = TimeSpan.FromSeconds(3.5), Refused = TimeSpan.FromSeconds(1.5), StartingUp = TimeSpan.FromSeconds(1.5),
        });

        var outcome = await day.RunAsync(times: times);

        Assert.Equal((Decision.Acted, Reasons.Passed, "passed"), (outcome.Decision, outcome.Reason, GameDay.Verdict(outcome)));
        var (report, truth) = (day.Report, (await day.Failovers.Ended.FirstAsync(_ => true, Test)).Truth);
        Assert.Equivalent(new { Lost = 0, Duplicated = 0, Unexpected = 0 }, report.Writes);
        Assert.Equal(4, report.Lanes.Count);
        Assert.InRange(report.Resolution, report.Times.Resolution, TimeSpan.FromSeconds(2.5));
        foreach (var lane in report.Lanes)
        {
            var back = lane.Lane.Path == ProbePath.Proxy ? truth.ProxyServingAt!.Value : truth.ServingAt!.Value;
            var down = TimeProvider.System.GetElapsedTime(truth.KilledAt!.Value.Timestamp, back.Timestamp);
            Assert.True(down > 2 * report.Resolution, $"{down} is too short to be measured by {report.Resolution}");
            Assert.InRange(lane.Writes!.Down, down - report.Resolution, down + report.Resolution);
            Assert.InRange(lane.Reads.Down, down - report.Resolution, down + report.Resolution);
            Assert.NotNull(lane.FirstOfNewWriter);
            if (lane.Lane.Path == ProbePath.Writer) Assert.Superset(new HashSet<string> { ErrorClasses.Timeout, ErrorClasses.Refused, "57P03" }, lane.Reads.ByError.Keys.ToHashSet());
        }
        var record = Assert.Single(await day.RecordsAsync());
        Assert.Equal((ActionResult.Done, FailoverCall.Action), (record.Result, record.Action));
        Assert.Equal(Words.Milliseconds(report.WriteDowntime!.Value), FailoverRecordJson.Read(record.After)!.WriteDowntimeMs);
        Assert.Equal(["RebootDBInstance"], day.Mutations);
        Assert.Equal("0", (await fixture.Instance.QueryAsync($"SELECT count(*)::text FROM pg_namespace WHERE nspname = '{GuardRules.Schema}'", Test))[0][0]);
        var told = Assert.Single(day.Told);
        Assert.Contains("failover test passed", told.Subject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_LeadsToAReaderFirst_WritesAreDownLongerThanReads()
    {
        await using var day = await GameDay.StartAsync(fixture);
        // Longer than an attempt lasts that the dead host let hang.
        day.Failovers.Script(day.Id, FailoverScript.ReaderFirst with { StaysReader = GameDay.Short.Deadline + TimeSpan.FromSeconds(1) });

        var outcome = await day.RunAsync();

        Assert.Equal(Reasons.Passed, outcome.Reason);
        var direct = day.Report.Lanes.Where(lane => lane.Lane.Path == ProbePath.Writer).ToList();
        Assert.All(direct, lane => Assert.Contains("25006", lane.Writes!.ByError.Keys));
        Assert.All(direct, lane => Assert.DoesNotContain("25006", lane.Reads.ByError.Keys));
        Assert.Contains(day.Report.Timeline, line => line.Event.Contains("which takes no writes yet", StringComparison.Ordinal));
    }

    /// <summary>The call is taken, and nothing proves a failover: however short the downtime, the test says nothing.</summary>
    [Theory]
    [InlineData(nameof(FailoverScript.Abandoned), Reasons.NoSwitch)]
    [InlineData(nameof(FailoverScript.BackToSame), Reasons.CameBack)]
    public async Task Run_CallAcceptedButNoFailover_IsVoid(string script, string reason)
    {
        await using var day = await GameDay.StartAsync(fixture);
        day.Failovers.Script(day.Id, script == nameof(FailoverScript.Abandoned) ? FailoverScript.Abandoned : FailoverScript.BackToSame);

        var outcome = await day.RunAsync();

        Assert.True((outcome.Decision, outcome.Reason, GameDay.Verdict(outcome)) == (Decision.Acted, reason, "void"), outcome.ToString());
        Assert.All(outcome.Details.GetProperty("paths").EnumerateArray(), path => Assert.Equal(System.Text.Json.JsonValueKind.Null, path.GetProperty("writeDowntimeMs").ValueKind));
        Assert.Equal("warning", Assert.Single(day.Told).Attributes["severity"]);
        Assert.Null(FailoverRecordJson.Read(Assert.Single(await day.RecordsAsync()).After)!.WriteDowntimeMs);
    }

    [Fact]
    public async Task Run_NoBaseline_IsVoidAndAsksForNothing()
    {
        await using var day = await GameDay.StartAsync(fixture);
        // After the guards: the way that they logged in by is gone when the clients come.
        day.Aws.Endpoint.Before("rds", "DescribeDBProxies", (_, _) =>
        {
            fixture.Instance.Gate.Mode = GateMode.Silent;
            return ValueTask.FromResult<AwsAnswer?>(null);
        });

        var outcome = await day.RunAsync(times: GameDay.Short with { WarmUp = TimeSpan.FromSeconds(1) });
        fixture.Instance.Gate.Mode = GateMode.Serving;

        Assert.Equal((Decision.Refused, Reasons.NoBaseline, "void"), (outcome.Decision, outcome.Reason, GameDay.Verdict(outcome)));
        Assert.Empty(day.Mutations);
        Assert.Empty(await day.RecordsAsync());
    }

    [Fact]
    public async Task Run_RdsRefusesTheCall_SaysSoAndDoesNotCoolDown()
    {
        await using var day = await GameDay.StartAsync(fixture);
        day.Aws.Endpoint.Before("rds", "RebootDBInstance", (call, _) =>
            ValueTask.FromResult<AwsAnswer?>(ErrorAnswer.Create(call, 400, "InvalidDBInstanceState", "Instance is not in available state.")));

        var outcome = await day.RunAsync(times: Quick);

        Assert.Equal((Decision.Refused, Reasons.CallRefused), (outcome.Decision, outcome.Reason));
        Assert.Contains("InvalidDBInstanceState", outcome.Summary, StringComparison.Ordinal);
        Assert.Equal(ActionResult.Failed, Assert.Single(await day.RecordsAsync()).Result);
        Assert.Equal(Reasons.CallRefused, (await day.RunAsync(times: Quick)).Reason);
    }

    [Theory]
    [InlineData(nameof(FaultKind.ApplyThenInternalError))]
    [InlineData(nameof(FaultKind.ApplyThenDrop))]
    public async Task Run_AnswerToTheCallGetsLost_AsksOnceAndWatchesAllTheSame(string fault)
    {
        await using var day = await GameDay.StartAsync(fixture);
        day.Failovers.Script(day.Id, FailoverScript.Abandoned);
        day.Aws.Endpoint.Faults.Inject(new Fault { Kind = Enum.Parse<FaultKind>(fault), Service = "rds", Action = "RebootDBInstance", Times = 5 });

        var outcome = await day.RunAsync();

        Assert.Equal((Decision.Acted, Reasons.NoSwitch), (outcome.Decision, outcome.Reason));
        Assert.Single(day.Failovers.Accepted.Entries);
        Assert.Single(day.Mutations);
    }

    [Fact]
    public async Task Run_NeverBack_FailsAndWakesSomebody()
    {
        await using var doomed = await fixture.StartInstanceAsync("doomed", new MultiAz(), fixture.Instance.Server.Binaries);
        await using var day = await GameDay.StartAsync(fixture, doomed);
        day.Failovers.Script(day.Id, FailoverScript.NeverBack);

        var outcome = await day.RunAsync(times: GameDay.Short with { RecoveryLimit = TimeSpan.FromSeconds(4) });

        Assert.Equal((Decision.Acted, Reasons.NotRecovered, "failed"), (outcome.Decision, outcome.Reason, GameDay.Verdict(outcome)));
        Assert.Equal("critical", Assert.Single(day.Told).Attributes["severity"]);
        Assert.All(day.Report.Lanes, lane => Assert.False(lane.Writes!.Recovered));
    }

    [Fact]
    public async Task Run_AsynchronousStandbyFarBehind_FindsExactlyTheLostRows()
    {
        await using var lagging = await fixture.StartInstanceAsync("lagging", new MultiAz { Synchronous = false }, fixture.Instance.Server.Binaries);
        await using var day = await GameDay.StartAsync(fixture, lagging);
        var (old, standby) = (lagging.Server, lagging.Standby!);
        // When the call comes, the standby stops receiving; clients go on writing until the primary is killed.
        day.Aws.Endpoint.Before("rds", "RebootDBInstance", async (_, stop) =>
        {
            await standby.PauseReceivingAsync(stop);
            return null;
        });
        day.Failovers.Script(day.Id, FailoverScript.Default with { Lead = TimeSpan.FromSeconds(1) });
        // What each server has of the table, seen once the failover is over and before the function drops it.
        IReadOnlyList<string>? had = null, has = null;
        day.Aws.Endpoint.After("rds", "DescribeEvents", async (_, answer, _) =>
        {
            if (had is not null || day.Failovers.Ended.Entries.Count == 0) return answer;
            has = await RowsOfAsync(lagging.Server);
            await old.StartAsync(Test);
            had = await RowsOfAsync(old);
            return answer;
        });

        var outcome = await day.RunAsync();

        Assert.Equal((Decision.Acted, Reasons.WritesLost, "failed"), (outcome.Decision, outcome.Reason, GameDay.Verdict(outcome)));
        var acknowledged = day.Report.Journal
            .SelectMany(lane => lane.Attempts.Where(attempt => attempt.Fate == WriteFate.Acknowledged).Select(attempt => $"{lane.Lane.Number}/{attempt.Sequence}"))
            .ToHashSet();
        var missing = had!.Except(has!).ToHashSet();
        Assert.NotEmpty(missing);
        Assert.Equal(acknowledged.Count(missing.Contains), day.Report.Writes!.Lost);
        Assert.Equal("critical", Assert.Single(day.Told).Attributes["severity"]);
    }

    [Fact]
    public async Task Run_SchemaLeftOfADeadTest_GoesWithTheNext()
    {
        await using var day = await GameDay.StartAsync(fixture);
        Assert.True((await fixture.Writer.PrepareAsync(fixture.Database, ProbeSql.CommentOf(DateTimeOffset.UtcNow.AddHours(-2)), Test)).Succeeded(out _, out _));
        await fixture.Instance.Server.ExecuteAsync($"INSERT INTO {GuardRules.Schema}.writes VALUES (0, 0, 0)", Test);
        day.Failovers.Script(day.Id, FailoverScript.Abandoned);

        var outcome = await day.RunAsync();

        Assert.Equal(Reasons.NoSwitch, outcome.Reason);
        Assert.Equal(0, day.Report.Writes!.Unexpected);
        Assert.Equal("0", (await fixture.Instance.QueryAsync($"SELECT count(*)::text FROM pg_namespace WHERE nspname = '{GuardRules.Schema}'", Test))[0][0]);
    }

    [Fact]
    public async Task Run_Observe_PrintsEveryCheckAndTouchesNothing()
    {
        await using var day = await GameDay.StartAsync(fixture);

        var outcome = await day.RunAsync(mode: Mode.Observe);

        Assert.Equal((Decision.Observed, Reasons.WouldTest), (outcome.Decision, outcome.Reason));
        var checks = outcome.Details.GetProperty("checks").EnumerateArray().ToList();
        Assert.Equal(22, checks.Count);
        Assert.All(checks, check => Assert.True(check.GetProperty("holds").GetBoolean()));
        Assert.Empty(day.Mutations);
        Assert.DoesNotContain(day.Aws.Endpoint.Calls.Entries, call => call.Call.Action is "TransactWriteItems" or "UpdateItem" or "PutItem");
        Assert.Equal("0", (await fixture.Instance.QueryAsync($"SELECT count(*)::text FROM pg_namespace WHERE nspname = '{GuardRules.Schema}'", Test))[0][0]);
    }

    private static async Task<IReadOnlyList<string>> RowsOfAsync(PostgresServer server)
    {
        await using var admin = await server.OpenAdminAsync(Test);
        await using var command = new NpgsqlCommand($"SELECT lane || '/' || seq FROM {GuardRules.Schema}.writes", admin);
        await using var reader = await command.ExecuteReaderAsync(Test);
        var rows = new List<string>();
        while (await reader.ReadAsync(Test)) rows.Add(reader.GetString(0));
        return rows;
    }
}
