using System.Text;
using System.Text.RegularExpressions;
using Amazon.CloudWatch.Model;
using Amazon.DynamoDBv2.Model;
using Automation.Events;
using Automation.Failover;
using Automation.Lab.Account;
using Automation.Lab.Gate;
using Automation.Ledger;
using Automation.Outcomes;

namespace Automation.LabTests.Failover;

/// <summary>Each guard alone, through the real function: something is not as it should be, and RDS is asked for nothing.</summary>
[Collection(nameof(FailoverFixture))]
public sealed class GuardTests(FailoverFixture fixture, GuardTests.Account account) : IClassFixture<GuardTests.Account>
{
    private delegate Task Change(GuardTests test);

    private static readonly Dictionary<string, (string Reason, Change Do, Change Undo)> Cases = new()
    {
        ["kill switch"] = (Reasons.Stopped,
            test => test.PutSwitchAsync(), test => test.Day.Account.Application.DynamoDB.DeleteItemAsync(test.Day.Table, LedgerItems.SwitchKey("failover"), Test)),
        ["no staging tag"] = (Reasons.NotStaging, test => test.TagAsync("environment", "test"), test => test.TagAsync("environment", "staging")),
        ["tag says production"] = (Reasons.SaysProduction, test => test.TagAsync("purpose", "copy of production"), test => test.TagAsync("purpose", "tests")),
        ["tag malformed"] = (Reasons.MalformedTag, test => test.TagAsync("automation:failover-test", "allow budget=fast"), test => test.TagAsync("automation:failover-test", "allow")),
        ["tag off"] = (Reasons.Off, test => test.TagAsync("automation:failover-test", "off"), test => test.TagAsync("automation:failover-test", "allow")),
        ["replica"] = (Reasons.ReadReplica,
            test => test.SayAsync("DescribeDBInstances", "<MultiAZ>", "<ReadReplicaSourceDBInstanceIdentifier>main</ReadReplicaSourceDBInstanceIdentifier><MultiAZ>"), Unsay),
        ["status"] = (Reasons.NotAvailable, test => test.StatusAsync("storage-optimization"), test => test.StatusAsync("available")),
        ["single zone"] = (Reasons.NoOtherZone, test => test.SayAsync("DescribeDBInstances", "<MultiAZ>true", "<MultiAZ>false"), Unsay),
        ["maintenance"] = (Reasons.PendingMaintenance,
            test => test.SayAsync("DescribePendingMaintenanceActions", "<PendingMaintenanceActions ?/>", "<PendingMaintenanceActions><ResourcePendingMaintenanceActions><PendingMaintenanceActionDetails><PendingMaintenanceAction><Action>system-update</Action><OptInStatus>next-maintenance</OptInStatus></PendingMaintenanceAction></PendingMaintenanceActionDetails></ResourcePendingMaintenanceActions></PendingMaintenanceActions>"), Unsay),
        ["modification"] = (Reasons.PendingModification,
            test => test.SayAsync("DescribeDBInstances", "<MultiAZ>", "<PendingModifiedValues><DBInstanceClass>db.r8g.large</DBInstanceClass></PendingModifiedValues><MultiAZ>"), Unsay),
        ["snapshot"] = (Reasons.BackupRunning,
            test => test.SayAsync("DescribeDBSnapshots", @"(?s)\A.*\z", """<DescribeDBSnapshotsResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><DescribeDBSnapshotsResult><DBSnapshots><DBSnapshot><DBSnapshotIdentifier>by-hand</DBSnapshotIdentifier><Status>creating</Status></DBSnapshot></DBSnapshots></DescribeDBSnapshotsResult></DescribeDBSnapshotsResponse>"""), Unsay),
        ["maintenance window"] = (Reasons.MaintenanceWindow,
            test => test.SayAsync("DescribeDBInstances", "<PreferredMaintenanceWindow>[^<]*", "<PreferredMaintenanceWindow>sun:00:00-sat:23:59"), Unsay),
        ["backup window"] = (Reasons.BackupWindow,
            test => test.SayAsync("DescribeDBInstances", "<PreferredBackupWindow>[^<]*", "<PreferredBackupWindow>00:00-23:59"), Unsay),
        ["alarm"] = (Reasons.AlarmFiring, test => test.RaiseAsync(), test => test.Day.Account.Application.CloudWatch.DeleteAlarmsAsync(new() { AlarmNames = [test.Day.Id] }, Test)),
        ["failover by somebody else"] = (Reasons.RecentFailover,
            test => test.SayAsync("DescribeEvents", "<Events ?/>", $"<Events><Event><SourceIdentifier>x</SourceIdentifier><Message>Multi-AZ instance failover completed.</Message><Date>{DateTime.UtcNow:yyyy-MM-dd'T'HH:mm:ss'Z'}</Date></Event></Events>"), Unsay),
        ["tested just now"] = (Reasons.Cooldown, test => test.RecordAsync(), test => test.ForgetRecordsAsync()),
        ["no time"] = (Reasons.NoTimeLeft, Nothing, Nothing),
        ["no login"] = (Reasons.CannotLogIn, test => test.GateAsync(GateMode.Refusing), test => test.GateAsync(GateMode.Serving)),
        ["in recovery"] = (Reasons.NotWritable, test => test.LeadToStandbyAsync(true), test => test.LeadToStandbyAsync(false)),
        ["no right"] = (Reasons.MayNotCreateSchema, Sql("REVOKE CREATE ON DATABASE postgres FROM automation"), Sql("GRANT CREATE ON DATABASE postgres TO automation")),
        ["schema of somebody"] = (Reasons.SchemaNotOurs, Sql($"CREATE SCHEMA {GuardRules.Schema}"), Sql($"DROP SCHEMA {GuardRules.Schema}")),
        ["another stack's test"] = (Reasons.TestRunning,
            test => test.PrepareAsync(), Sql($"DROP SCHEMA {GuardRules.Schema} CASCADE")),
        ["parameters that wait for a restart"] = (Reasons.PendingModification,
            test => test.SayAsync("DescribeDBInstances", "<ParameterApplyStatus>[^<]*", "<ParameterApplyStatus>pending-reboot"), Unsay),
        ["something in our schema"] = (Reasons.SchemaNotOurs,
            Sql($"CREATE SCHEMA {GuardRules.Schema} AUTHORIZATION automation; CREATE TABLE {GuardRules.Schema}.payroll (id int)"), Sql($"DROP SCHEMA {GuardRules.Schema} CASCADE")),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    private static Change Nothing => _ => Task.CompletedTask;

    private static Change Unsay => test =>
    {
        test.Says(null);
        return Task.CompletedTask;
    };

    private GameDay Day => account.Day;

    private FailoverFixture Fixture => fixture;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Run_OneGuardSaysNo_IsRefusedAndRdsIsAskedForNothing(string name)
    {
        var (reason, change, undo) = Cases[name];
        await change(this);
        try
        {
            var outcome = await Day.RunAsync(timeLeft: name == "no time" ? TimeSpan.FromSeconds(20) : null);

            Assert.Equal((Decision.Refused, reason), (outcome.Decision, outcome.Reason));
            if (outcome.Details.TryGetProperty("checks", out var checks) && checks.GetArrayLength() > 0)
                Assert.Equal([reason], checks.EnumerateArray().Where(check => !check.GetProperty("holds").GetBoolean()).Select(check => check.GetProperty("check").GetString()!));
            Assert.Empty(Day.Mutations);
        }
        finally
        {
            await undo(this);
        }
    }

    [Fact]
    public async Task Run_AWSDoesNotAnswerAGuard_IsRefused()
    {
        Day.Aws.Endpoint.Faults.Inject(new Fault { Kind = FaultKind.InternalError, Service = "monitoring", Action = "DescribeAlarms", Times = 2 });

        var outcome = await Day.RunAsync();

        Assert.Equal((Decision.Refused, Reasons.CannotCheck), (outcome.Decision, outcome.Reason));
        Assert.Empty(Day.Mutations);
    }

    [Fact]
    public async Task Run_GuardThatSaysNoOnlyAfterTheBaseline_StopsTheCall()
    {
        await using var day = await GameDay.StartAsync(fixture);
        // Asked between the two readings of the guards.
        day.Aws.Endpoint.After("rds", "DescribeDBProxies", (_, answer, _) =>
        {
            day.Failovers.SetStatus(day.Id, "modifying");
            return ValueTask.FromResult(answer);
        });

        var outcome = await day.RunAsync();

        Assert.Equal((Decision.Refused, Reasons.NotAvailable), (outcome.Decision, outcome.Reason));
        Assert.Empty(day.Mutations);
    }

    [Fact]
    public async Task Run_TagTurnedOffDuringTheBaseline_StopsTheCall()
    {
        await using var day = await GameDay.StartAsync(fixture);
        day.Aws.Endpoint.After("rds", "DescribeDBProxies", async (_, answer, _) =>
        {
            await TagAsync(day, "automation:failover-test", "off");
            return answer;
        });

        var outcome = await day.RunAsync();

        Assert.Equal((Decision.Refused, Reasons.Off), (outcome.Decision, outcome.Reason));
        Assert.Empty(day.Mutations);
    }

    /// <summary>EventBridge delivers at least once, and without reserved concurrency both run: the second meets a writer that is away.</summary>
    [Fact]
    public async Task Run_SameEventOnceMoreWhileTheFirstIsAtWork_LeavesItAlone()
    {
        await using var day = await GameDay.StartAsync(fixture);
        var request = new ScheduleRequest.Everything("delivered-twice");
        Task<Outcome>? second = null;
        day.Aws.Endpoint.After("rds", "RebootDBInstance", (_, answer, _) =>
        {
            // Not waited for here, in the middle of the call whose answer the first waits for.
            second ??= Task.Run(() => day.RunAsync(request), Test);
            return ValueTask.FromResult(answer);
        });
        // The first is not over before the second is.
        day.Aws.Endpoint.Before("dynamodb", "UpdateItem", async (call, _) =>
        {
            if (call.Body.Span.IndexOf("confirmed_at"u8) >= 0) await Task.WhenAny(second!);
            return null;
        });

        var first = await day.RunAsync(request);

        var told = await second!;
        Assert.Equal((Decision.Refused, Reasons.InProgress), (told.Decision, told.Reason));
        Assert.Equal((Decision.Acted, Reasons.Passed), (first.Decision, first.Reason));
        Assert.Single(day.Mutations);
        Assert.DoesNotContain(day.Aws.Notifications.Entries, message => message.Subject?.Contains("interrupted", StringComparison.Ordinal) is true);
    }

    /// <summary>The test is over, and neither its record nor anybody could be told: its event is done all the same.</summary>
    [Fact]
    public async Task Run_SameEventAfterATestThatCouldNotSaySo_IsToldAndAsksForNothing()
    {
        await using var day = await GameDay.StartAsync(fixture);
        var request = new ScheduleRequest.Everything("could-not-say-so");
        var down = true;
        ValueTask<AwsAnswer?> Refuse(AwsCall call, ReadOnlySpan<byte> only) => ValueTask.FromResult(
            down && call.Body.Span.IndexOf(only) >= 0 ? ErrorAnswer.Create(call, 400, "AccessDeniedException", "not now") : null);
        day.Aws.Endpoint.Before("dynamodb", "UpdateItem", (call, _) => Refuse(call, "confirmed_at"u8));
        day.Aws.Endpoint.Before("sns", "Publish", (call, _) => Refuse(call, ""u8));
        await Assert.ThrowsAnyAsync<Exception>(() => day.RunAsync(request));
        Assert.Equal(ActionResult.Unconfirmed, Assert.Single(await day.RecordsAsync()).Result);
        Assert.Empty(day.Told);
        down = false;

        var second = await day.RunAsync(request);

        Assert.Equal((Decision.NothingToDo, Reasons.AlreadyHandled), (second.Decision, second.Reason));
        Assert.Single(day.Told, told => told.Subject!.Contains($"{day.Id}: failover test", StringComparison.Ordinal));
        Assert.Single(day.Mutations);
    }

    private static Change Sql(string sql) => test => test.Fixture.Instance.Server.ExecuteAsync(sql, Test);

    private void Says((string, string, string)? what) => account.Said = what;

    private Task SayAsync(string action, string pattern, string text)
    {
        Says((action, pattern, text));
        return Task.CompletedTask;
    }

    private async Task PrepareAsync() =>
        Assert.True((await fixture.Writer.PrepareAsync(fixture.Database, ProbeSql.CommentOf(DateTimeOffset.UtcNow), Test)).Succeeded(out _, out _));

    private Task StatusAsync(string status)
    {
        Day.Failovers.SetStatus(Day.Id, status);
        return Task.CompletedTask;
    }

    private Task GateAsync(GateMode mode)
    {
        fixture.Instance.Gate.Mode = mode;
        return Task.CompletedTask;
    }

    private async Task LeadToStandbyAsync(bool standby)
    {
        // A test before this one may have failed over.
        if (standby) await fixture.Instance.RestoreStandbyAsync(Test);
        fixture.Instance.Gate.Backend = standby ? fixture.Instance.Standby!.Server.EndPoint : fixture.Instance.Server.EndPoint;
    }

    private Task TagAsync(string key, string value) => TagAsync(Day, key, value);

    private static async Task TagAsync(GameDay day, string key, string value)
    {
        var arn = (await day.Account.Application.Rds.DescribeDBInstancesAsync(new() { DBInstanceIdentifier = day.Id }, Test)).DBInstances[0].DBInstanceArn;
        await day.Account.Application.Rds.AddTagsToResourceAsync(new() { ResourceName = arn, Tags = [new() { Key = key, Value = value }] }, Test);
    }

    private Task<PutItemResponse> PutSwitchAsync() => Day.Account.Application.DynamoDB.PutItemAsync(new PutItemRequest
    {
        TableName = Day.Table,
        Item = new(LedgerItems.SwitchKey("failover")) { ["stopped"] = LedgerItems.Flag(true) },
    }, Test);

    private async Task RaiseAsync()
    {
        var cloudWatch = Day.Account.Application.CloudWatch;
        await cloudWatch.PutMetricAlarmAsync(new PutMetricAlarmRequest
        {
            AlarmName = Day.Id,
            Namespace = "AWS/RDS",
            MetricName = "CPUUtilization",
            Dimensions = [new Dimension { Name = "DBInstanceIdentifier", Value = Day.Id }],
            Statistic = "Average",
            Period = 60,
            EvaluationPeriods = 1,
            Threshold = 90,
            ComparisonOperator = "GreaterThanThreshold",
        }, Test);
        await cloudWatch.SetAlarmStateAsync(new SetAlarmStateRequest { AlarmName = Day.Id, StateValue = "ALARM", StateReason = "test" }, Test);
    }

    private Task<RecordResult> RecordAsync() => Day.Ledger.RecordAsync(new ActionRecord
    {
        ResourceId = Day.ResourceId,
        At = DateTimeOffset.UtcNow.AddMinutes(-30),
        Capability = TestFailover.Capability,
        Key = Day.Id,
        Action = FailoverCall.Action,
        Database = Day.Id,
        Mode = Mode.Act,
        RequestId = "earlier",
        Incident = "earlier",
        Before = "{}",
    }, [], Test);

    private async Task ForgetRecordsAsync()
    {
        foreach (var record in await Day.RecordsAsync())
            await Day.Account.Application.DynamoDB.DeleteItemAsync(Day.Table, LedgerItems.RecordKey(record), Test);
    }

    /// <summary>One account for all: each case puts back what it changed.</summary>
    public sealed class Account(FailoverFixture fixture) : IAsyncLifetime
    {
        private GameDay? day;

        internal GameDay Day => day ?? throw new InvalidOperationException("The fixture has not been started.");

        /// <summary>What RDS says otherwise: in answers to which action, what of them, and what instead.</summary>
        internal (string Action, string Pattern, string Text)? Said { get; set; }

        public async ValueTask InitializeAsync()
        {
            day = await GameDay.StartAsync(fixture);
            day.Aws.Endpoint.After("rds", null, (call, answer, _) => ValueTask.FromResult(
                Said is { } said && said.Action == call.Action
                    ? answer with { Body = Encoding.UTF8.GetBytes(Regex.Replace(Encoding.UTF8.GetString(answer.Body.Span), said.Pattern, said.Text, RegexOptions.CultureInvariant)) }
                    : answer));
        }

        public ValueTask DisposeAsync() => day?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
