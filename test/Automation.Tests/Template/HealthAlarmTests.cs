using System.Text.Json.Nodes;
using Automation.Lab.Account;
using Automation.Lab.Template;

namespace Automation.Tests.Template;

/// <summary>The alarms on the automation itself tell people what to do, and set nothing in motion.</summary>
public sealed class HealthAlarmTests
{
    /// <summary>Those that watch a database, for the functions.</summary>
    private static readonly string[] OnDatabases = ["ConnectionsAlarm", "StorageAlarm"];

    private static readonly (string, string)[] EveryAlarm =
        [("Mode", "act"), ("OffsiteSnapshotAgeAlarmHours", "30"), ("ConnectionsAlarmDatabase", "a"), ("StorageAlarmDatabase", "a"), ("PrepareDatabases", "act"), ("TestFailoverAlarmHours", "24")];

    public static TheoryData<string> Ids => [.. TemplateTree.OfType("AWS::CloudWatch::Alarm").Keys.Except(OnDatabases)];

    public static TheoryData<string, string> Schedules => [.. TemplateTree.Functions.SelectMany(f => f.Value["Events"] is JsonObject events
        ? events.Where(e => (string?)e.Value!["Type"] == "Schedule").Select(e => (f.Key, e.Key)) : [])];

    [Theory]
    [MemberData(nameof(Ids))]
    public void HealthAlarm_TellsPeopleAndNobodyElse(string id)
    {
        var alarm = Alarm(id, EveryAlarm);
        string[] actions = [.. alarm.AlarmActions, .. alarm.InsufficientDataActions];

        Assert.NotEmpty(actions);
        Assert.All(actions, action => Assert.Equal("arn:aws:sns:us-east-1:123456789012:lab-NotificationTopic", action));
        Assert.Empty(alarm.OkActions);
        Assert.True(alarm.ActionsEnabled);
    }

    // Lambda subscribed to the topic would be a function that alarms start.
    [Fact]
    public void Topic_HasNoSubscriberOfOursButPeople() =>
        Assert.All(TemplateTree.OfType("AWS::SNS::Subscription").Values, s => Assert.Equal("email", (string?)s["Protocol"]));

    // An alarm about a function that starts the function would never end.
    [Theory]
    [MemberData(nameof(Ids))]
    public void HealthAlarm_ThatIsRaised_MatchesNoRuleOfAFunction(string id)
    {
        var stack = TemplateTree.Deployed(EveryAlarm);
        var alarm = stack.Alarms.Single(a => a.LogicalId == id);
        var quiet = AlarmRecord.Initial(DateTimeOffset.UnixEpoch);
        var @event = AlarmEvent.Create(alarm, quiet, quiet with { State = AlarmState.Alarm }, new TemplateInputs());

        var patterns = stack.Functions.SelectMany(f => f.Rules).Where(r => r.Pattern is not null).Select(r => EventPattern.Parse(r.Pattern!.Value)).ToList();
        Assert.NotEmpty(patterns);
        Assert.DoesNotContain(patterns, p => p.Matches(@event));
        // The same rules do hear of the alarms that are for them.
        var meant = stack.Alarms.Single(a => a.LogicalId == "ConnectionsAlarm");
        Assert.Contains(patterns, p => p.Matches(AlarmEvent.Create(meant, quiet, quiet with { State = AlarmState.Alarm }, new TemplateInputs())));
    }

    [Fact]
    public void ThrottlesAlarm_SumsUpTheThrottlesOfEveryFunction() =>
        AssertSum("ThrottlesAlarm", "AWS/Lambda", "Throttles", "FunctionName", TemplateTree.Functions.Keys);

    [Fact]
    public void LostFailuresAlarm_SumsUpWhatEveryFunctionWithAQueueCouldNotPutThere() => AssertSum(
        "LostFailuresAlarm", "AWS/Lambda", "DestinationDeliveryFailures", "FunctionName",
        TemplateTree.Functions.Where(f => f.Value["EventInvokeConfig"]?["DestinationConfig"] is not null).Select(f => f.Key));

    [Fact]
    public void LostEventsAlarm_SumsUpWhatEveryRuleCouldNotKeep() => AssertSum(
        "LostEventsAlarm", "AWS/Events", "InvocationsFailedToBeSentToDlq", "RuleName",
        [
            .. TemplateTree.Functions.SelectMany(f => f.Value["Events"] is JsonObject events ? events.Select(e => f.Key + e.Key) : []),
            .. TemplateTree.OfType("AWS::Events::Rule").Keys,
        ]);

    [Fact]
    public void Sums_OfPartsThatAreLeftOut_AreOfTheOthers()
    {
        (string, string)[] snapshots = [("InstallConnections", "false"), ("InstallSecrets", "false"), ("InstallFailover", "false"), ("InstallStorage", "false")];

        Assert.Equal(
            ["lab-TakeSnapshotsFunction", "lab-ReconcileSnapshotsFunction"],
            Alarm("ThrottlesAlarm", snapshots).Metrics.Where(m => m.Statistic is not null).Select(m => m.Statistic!.Dimensions["FunctionName"]));
    }

    // CloudWatch refuses an expression over nothing, and the whole stack with it.
    [Theory]
    [InlineData("InstallConnections")]
    [InlineData("InstallSecrets")]
    [InlineData("InstallSnapshots")]
    [InlineData("InstallFailover")]
    [InlineData("InstallStorage")]
    public void Sums_OfAStackOfOnePart_AreOfSomething(string part)
    {
        string[] parts = ["InstallConnections", "InstallSecrets", "InstallSnapshots", "InstallFailover", "InstallStorage"];
        var stack = TemplateTree.Deployed([.. parts.Select(one => (one, one == part ? "true" : "false"))]);

        var sums = stack.Alarms.Where(alarm => alarm.Metrics.Any(metric => metric.Expression == "SUM(METRICS())")).ToList();
        Assert.Contains(sums, alarm => alarm.LogicalId == "ThrottlesAlarm");
        Assert.Equal(part != "InstallSecrets", sums.Any(alarm => alarm.LogicalId == "LostFailuresAlarm"));
        Assert.All(sums, alarm => Assert.Contains(alarm.Metrics, metric => metric.Statistic is not null));
    }

    [Theory]
    [MemberData(nameof(Schedules))]
    public void ScheduleAlarm_OfEveryFunctionWithASchedule_CountsWhatItsRuleInvokes(string function, string schedule)
    {
        var alarm = OnSchedule(function);
        var metric = Assert.Single(alarm.Metrics).Statistic!;

        Assert.Equal(("AWS/Events", "Invocations", "Sum"), (metric.Namespace, metric.MetricName, metric.Statistic));
        Assert.Equal($"lab-{function}{schedule}", metric.Dimensions["RuleName"]);
        // CloudWatch looks back a week at most.
        Assert.InRange(metric.Period * alarm.EvaluationPeriods, TimeSpan.FromHours(1), TimeSpan.FromDays(7));
    }

    // EventBridge writes nothing while a rule invokes nothing. A new stack must not begin with alarms of schedules that are not
    // due yet; one that ran and stops must not go unnoticed.
    [Theory]
    [MemberData(nameof(Schedules))]
    public void ScheduleAlarm_IsSilentUntilTheFirstRun_AndTellsOfTheOneThatDoesNotCome(string function, string schedule)
    {
        var alarm = OnSchedule(function);
        Assert.EndsWith(schedule, Assert.Single(alarm.Metrics).Statistic!.Dimensions["RuleName"], StringComparison.Ordinal);
        var never = Enumerable.Range(0, AlarmEvaluation.Range(alarm)).Select(hour => new AlarmDatapoint(DateTimeOffset.UnixEpoch.AddHours(hour), null)).ToList();
        List<AlarmDatapoint> once = [never[0] with { Value = 1 }, .. never[1..]];

        Assert.Equal(AlarmState.InsufficientData, AlarmRecord.Initial(DateTimeOffset.UnixEpoch).State);
        Assert.Equal(AlarmState.InsufficientData, AlarmEvaluation.Decide(alarm, never).State);
        Assert.Equal(AlarmState.Ok, AlarmEvaluation.Decide(alarm, once).State);
        Assert.Single(alarm.InsufficientDataActions);
    }

    [Theory]
    [InlineData("ScheduleAlarmHours", "30", new[] { "ForecastStorageScheduleAlarm", "GrowStorageScheduleAlarm", "ReconcileSnapshotsScheduleAlarm", "TakeSnapshotsScheduleAlarm" })]
    [InlineData("TestFailoverAlarmHours", "24", new[] { "TestFailoverScheduleAlarm" })]
    public void ScheduleAlarms_LookBackAsLongAsAsked_AndAreNotThereForNothing(string parameter, string hours, string[] ids)
    {
        Assert.All(ids, id => Assert.Equal(int.Parse(hours, System.Globalization.CultureInfo.InvariantCulture), Alarm(id, (parameter, hours)).EvaluationPeriods));
        Assert.Equal(ids, TemplateTree.Created((parameter, hours)).Keys.Except(TemplateTree.Created((parameter, "0")).Keys).Order());
    }

    // Whoever is woken reads this and nothing else.
    [Theory]
    [MemberData(nameof(Ids))]
    public void HealthAlarm_SaysWhatHappenedAndWhereToLook(string id) => Assert.Matches(
        "its log says|the queue|Raise|Look|look whether|says of which", Alarm(id, EveryAlarm).Description);

    // Ten metrics are what CloudWatch takes in one sum.
    private static void AssertSum(string id, string @namespace, string metric, string dimension, IEnumerable<string> of)
    {
        var alarm = Alarm(id, EveryAlarm);
        var inputs = alarm.Metrics.Where(m => m.Statistic is not null).ToList();

        Assert.Equal("SUM(METRICS())", Assert.Single(alarm.Metrics, m => m.ReturnData).Expression);
        Assert.Equal(of.Select(resource => $"lab-{resource}").Order(), inputs.Select(m => m.Statistic!.Dimensions[dimension]).Order());
        Assert.All(inputs, m => Assert.Equal((@namespace, metric, "Sum"), (m.Statistic!.Namespace, m.Statistic.MetricName, m.Statistic.Statistic)));
        Assert.Equal(("GreaterThanThreshold", 0d, "notBreaching"), (alarm.ComparisonOperator, alarm.Threshold, alarm.TreatMissingData));
        Assert.InRange(inputs.Count, 1, 10);
    }

    private static TemplateAlarm OnSchedule(string function) => Alarm(function[..^"Function".Length] + "ScheduleAlarm", EveryAlarm);

    private static TemplateAlarm Alarm(string id, params (string, string)[] parameters) =>
        TemplateTree.Deployed(parameters).Alarms.Single(a => a.LogicalId == id);
}
