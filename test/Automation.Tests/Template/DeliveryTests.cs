using System.Text.Json.Nodes;
using Automation.Connections;
using Automation.Events;
using Automation.Failover;
using Automation.Lab.Template;
using Automation.Preparation;
using Automation.Secrets;
using Automation.Snapshots;
using Automation.Storage;

namespace Automation.Tests.Template;

/// <summary>An event gets lost in two places: on the way into Lambda, and inside. Both end in a queue that raises an alarm.</summary>
public sealed class DeliveryTests
{
    public static TheoryData<string, string> Triggers => [.. TemplateTree.Functions.SelectMany(
        f => f.Value["Events"] is JsonObject events ? events.Select(e => (f.Key, e.Key)) : [])];

    public static TheoryData<string> FunctionIds => [.. TemplateTree.Functions.Keys];

    /// <summary>Those that EventBridge invokes: nobody waits for their answer.</summary>
    public static TheoryData<string> TriggeredIds => [.. TemplateTree.Functions.Where(f => f.Value["Events"] is not null).Select(f => f.Key)];

    [Theory]
    [MemberData(nameof(Triggers))]
    public void Trigger_ThatCannotBeDelivered_EndsInTheQueueForUndeliveredEvents(string function, string trigger)
    {
        var properties = TemplateTree.Functions[function]["Events"]![trigger]!["Properties"]!;

        Assert.Equal("UndeliveredEventsQueue", TemplateTree.ArnOf(properties["DeadLetterConfig"]!["Arn"]));
        Assert.Contains(function + trigger, RulesThatMaySend());
    }

    [Theory]
    [MemberData(nameof(TriggeredIds))]
    public void Function_ThatGivesUp_LeavesTheEventInTheQueueForFailures(string function)
    {
        var onFailure = TemplateTree.Functions[function]["EventInvokeConfig"]!["DestinationConfig"]!["OnFailure"]!;

        Assert.Equal("SQS", (string?)onFailure["Type"]);
        Assert.Equal("FailedInvocationsQueue", TemplateTree.ArnOf(onFailure["Destination"]));
    }

    // Retrying longer than an alarm is accepted would only fill the queue with refusals.
    [Fact]
    public void RelieveConnections_IsNotRetriedLongerThanItAcceptsAnAlarm()
    {
        var function = TemplateTree.Deployed().Function("RelieveConnectionsFunction");

        Assert.Equal(AlarmTargetRules.OldestEvent, function.AsyncInvocation.Limits.MaximumEventAge);
        Assert.Equal(AlarmTargetRules.OldestEvent, Assert.Single(function.Rules).Limits.MaximumEventAge);
        Assert.Equal(1, function.AsyncInvocation.Limits.MaximumRetryAttempts);
    }

    // A lease that ends while its run goes on would let a second run in.
    [Fact]
    public void RelieveConnections_IsOverBeforeItsLeaseIs() =>
        Assert.True(TemplateTree.Deployed().Function("RelieveConnectionsFunction").Timeout < RelieveConnections.Lease);

    // One of each at its worst, an AWS call with its retries, login, measurement and a termination, leaves the run alive.
    [Fact]
    public void RelieveConnections_HasTimeForOneOfEachStepAtItsWorst()
    {
        var awsCall = Startup.AwsCallLimit * (1 + Startup.AwsRetries);
        var worst = awsCall + RemediationLogin.Limit + RelieveConnections.StatementLimit + PlanExecution.StepLimit + Functions.EndMargin;

        Assert.True(worst < TemplateTree.Deployed().Function("RelieveConnectionsFunction").Timeout);
    }

    // As RelieveConnections: what is older is refused. Two retries, since every one looks first what became of the last.
    [Fact]
    public void GrowStorage_IsNotRetriedLongerThanItAcceptsAnAlarmOrEvent()
    {
        var function = TemplateTree.Deployed().Function("GrowStorageFunction");

        Assert.Equal(new DeliveryLimits(2, AlarmTargetRules.OldestEvent), function.AsyncInvocation.Limits);
        Assert.Equal(3, function.Rules.Count);
        Assert.All(function.Rules, rule => Assert.Equal(AlarmTargetRules.OldestEvent, rule.Limits.MaximumEventAge));
    }

    // A lease that ends while its run goes on would let a second run in.
    [Fact]
    public void GrowStorage_IsOverWithADatabaseBeforeItsLeaseIs()
    {
        var timeout = TemplateTree.Deployed().Function("GrowStorageFunction").Timeout;

        // The call that grows it, what becomes of it, and the end of the incident come after that.
        Assert.True(GrowStorage.Longest + TimeSpan.FromSeconds(40) < GrowStorage.Lease);
        Assert.True(GrowStorage.Longest < timeout - Functions.EndMargin);
    }

    // It reads, and tells a thing once a day: a repeated run does nothing twice. The next day's is the one after that.
    [Fact]
    public void ForecastStorage_ThatFails_IsRepeatedAndThenKept()
    {
        var function = TemplateTree.Deployed().Function("ForecastStorageFunction");

        Assert.Equal(new DeliveryLimits(2, TimeSpan.FromHours(1)), function.AsyncInvocation.Limits);
        Assert.NotNull(function.AsyncInvocation.OnFailureArn);
    }

    // Both look at the facts alone, so that a repeated run does nothing twice.
    [Theory]
    [InlineData("TakeSnapshotsFunction")]
    [InlineData("ReconcileSnapshotsFunction")]
    public void SnapshotFunction_ThatFails_IsRepeatedAndThenKept(string id)
    {
        var function = TemplateTree.Deployed().Function(id);

        Assert.Equal(2, function.AsyncInvocation.Limits.MaximumRetryAttempts);
        Assert.NotNull(function.AsyncInvocation.OnFailureArn);
    }

    // A lease that ends while its run goes on would let a second run in; so would the claim on what people are told.
    [Fact]
    public void ReconcileSnapshots_IsOverBeforeItsLeaseIs() =>
        Assert.True(TemplateTree.Deployed().Function("ReconcileSnapshotsFunction").Timeout < ReconcileExecution.Lease);

    [Theory]
    [InlineData("TakeSnapshotsFunction")]
    [InlineData("ReconcileSnapshotsFunction")]
    public void SnapshotFunction_HasTimeForManySteps(string id) =>
        Assert.True(4 * TakeSnapshots.StepLimit + Functions.EndMargin < TemplateTree.Deployed().Function(id).Timeout);

    // What a test that died had asked for may be under way, and a test that comes late comes at a time that nobody chose.
    [Fact]
    public void TestFailover_ThatFailsOrComesLate_IsNotRepeatedButKept()
    {
        var function = TemplateTree.Deployed().Function("TestFailoverFunction");
        var once = new DeliveryLimits(0, TimeSpan.FromMinutes(1));

        Assert.Equal(once, function.AsyncInvocation.Limits);
        Assert.Equal(once, Assert.Single(function.Rules).Limits);
        Assert.NotNull(function.AsyncInvocation.OnFailureArn);
    }

    // Its claims keep a second test away until it cannot run any more.
    [Fact]
    public void TestFailover_IsOverBeforeItsLeaseIs() =>
        Assert.True(TemplateTree.Deployed().Function("TestFailoverFunction").Timeout < TestFailover.Lease);

    // A guard asks for the longest test; the reads before it, and telling people, must fit beside it.
    [Fact]
    public void TestFailover_HasTimeForTheLongestTestAndManySlowReads()
    {
        var reads = 20 * Startup.AwsCallLimit * (1 + Startup.AwsRetries);

        Assert.True(reads + new ProbeTimes().Longest + Functions.EndMargin < TemplateTree.Deployed().Function("TestFailoverFunction").Timeout);
    }

    // Secrets Manager repeats a rotation from its first step: one that Lambda repeats by itself would come between. And the
    // event may hold a RotationToken, which must not be kept anywhere.
    [Fact]
    public void RotateSecret_ThatFails_IsNeitherRepeatedByLambdaNorKept()
    {
        var function = TemplateTree.Deployed().Function("RotateSecretFunction");

        Assert.Equal(0, function.AsyncInvocation.Limits.MaximumRetryAttempts);
        Assert.Null(function.AsyncInvocation.OnFailureArn);
        Assert.Null(function.AsyncInvocation.DeadLetterArn);
        Assert.Empty(function.Rules);
    }

    // finishSecret makes most calls: five to AWS before its last word, and logs in three times (the secret, and through a proxy).
    [Fact]
    public void RotateSecret_OnceItChangesAPassword_HasTimeToTestItAndToTakeItBackAtItsWorst()
    {
        var record = Startup.AwsCallLimit * (1 + Startup.AwsRetries);
        var (catalog, change, back) = (RoleSession.Limit, RoleSession.Limit, RoleSession.Limit);
        var (test, testAgain) = (RoleLogins.Limit, RoleLogins.Limit);

        Assert.True(catalog + record + change + test + back + testAgain <= SetStep.ChangeLimit);
    }

    [Fact]
    public void RotateSecret_BeforeItChangesAPassword_HasTimeToWaitForAnotherRotation()
    {
        var awsCalls = 4 * Startup.AwsCallLimit * (1 + Startup.AwsRetries);
        var (logins, waiting) = (3 * RoleLogins.Limit, RoleSession.Limit);

        Assert.True(awsCalls + logins + waiting + SetStep.ChangeLimit + Functions.EndMargin
            < TemplateTree.Deployed().Function("RotateSecretFunction").Timeout);
    }

    // A person invokes it, and decides whether to try again.
    [Fact]
    public void PrepareDatabase_ThatFails_IsNotRepeatedButKept()
    {
        var function = Prepares();

        Assert.Equal(new DeliveryLimits(0, TimeSpan.FromMinutes(1)), function.AsyncInvocation.Limits);
        Assert.NotNull(function.AsyncInvocation.OnFailureArn);
        Assert.Empty(function.Rules);
    }

    // A lease that ends while its run goes on would let a second run in.
    [Fact]
    public void PrepareDatabase_IsOverBeforeItsLeaseIs() => Assert.True(Prepares().Timeout < PrepareDatabase.Lease);

    // The secret and, in the ledger, switch, two claims, record, result, release and completion; both logins; the script twice.
    [Fact]
    public void PrepareDatabase_HasTimeForOneOfEachStepAtItsWorst()
    {
        var awsCalls = 8 * Startup.AwsCallLimit * (1 + Startup.AwsRetries);
        var database = (2 * PreparationAccess.Limit) + (2 * Bootstrap.Limit) + Bootstrap.CommitLimit + PreparationAccess.SelfTestLimit;

        Assert.True(awsCalls + database + Functions.EndMargin < Prepares().Timeout);
    }

    // Whoever does not want a function that can read master passwords has neither the function nor the right.
    [Theory]
    [InlineData("false", false)]
    [InlineData("observe", true)]
    [InlineData("act", true)]
    public void PrepareDatabase_IsThereOnlyWhereAskedFor(string parameter, bool isThere)
    {
        Assert.Equal(isThere, TemplateTree.Deployed(("PrepareDatabases", parameter)).Functions.Any(f => f.LogicalId == "PrepareDatabaseFunction"));
        Assert.All(["PrepareDatabaseFunction", "PrepareDatabaseRole", "PrepareDatabaseLogGroup", "PrepareDatabaseErrorsAlarm"],
            id => Assert.Equal("PreparesDatabases", (string?)TemplateTree.ById[id]!["Condition"]));
    }

    // Without the role the other functions have nothing to observe: it is made before they act.
    [Theory]
    [InlineData("observe", "act")]
    [InlineData("act", "observe")]
    public void PrepareDatabase_HasAModeOfItsOwn(string parameter, string mode) => Assert.Equal(
        (parameter, mode),
        (TemplateTree.Deployed(("PrepareDatabases", parameter), ("Mode", mode)).Function("PrepareDatabaseFunction").Environment["MODE"],
            TemplateTree.Deployed(("PrepareDatabases", parameter), ("Mode", mode)).Function("GrowStorageFunction").Environment["MODE"]));

    private static TemplateFunction Prepares() => TemplateTree.Deployed(("PrepareDatabases", "act")).Function("PrepareDatabaseFunction");

    [Fact]
    public void RotationTrouble_GoesStraightToPeople_AndIsKeptWhenItCannotBeTold()
    {
        var target = Assert.Single(TemplateTree.OfType("AWS::Events::Rule")["RotationTroubleRule"]["Targets"]!.AsArray())!;

        Assert.Equal("NotificationTopic", TemplateTree.Ref(target["Arn"]));
        Assert.Null(target["RoleArn"]);
        Assert.Equal("UndeliveredEventsQueue", TemplateTree.ArnOf(target["DeadLetterConfig"]!["Arn"]));
        Assert.Contains("RotationTroubleRule", RulesThatMaySend());
    }

    // EventBridge supports no condition in the policy of a topic: with one, the notice would be dropped silently.
    [Fact]
    public void Topic_LetsRulesPublish_WithoutAConditionAndOnlyWhereThereIsARuleThatDoes()
    {
        static IEnumerable<JsonNode> OfRules(params (string, string)[] parameters) =>
            TemplateTree.Statements(TemplateTree.Created(parameters)["NotificationTopicPolicy"]!["PolicyDocument"]!)
                .Where(s => s["Principal"] is JsonObject principal && (string?)principal["Service"] == "events.amazonaws.com");

        var statement = Assert.Single(OfRules());
        Assert.Equal("sns:Publish", (string?)statement["Action"]);
        Assert.Null(statement["Condition"]);
        Assert.Empty(OfRules(("InstallSecrets", "false")));
    }

    [Fact]
    public void Topic_WithAnAddress_IsSubscribedToByIt_AndByNobodyWithoutOne()
    {
        const string Id = "NotificationEmailSubscription";
        var subscription = TemplateTree.Created(("NotificationEmail", "oncall@example.com"))[Id]!;

        Assert.Equal(("email", "oncall@example.com"), ((string?)subscription["Protocol"], (string?)subscription["Endpoint"]));
        Assert.Equal(Assert.Single(TemplateTree.Deployed().Topics).Arn, (string?)subscription["TopicArn"]);
        Assert.DoesNotContain(Id, TemplateTree.Created().Keys);
    }

    [Theory]
    [InlineData("FailedInvocationsQueue", "FailedInvocationsAlarm")]
    [InlineData("UndeliveredEventsQueue", "UndeliveredEventsAlarm")]
    public void Queue_WithAMessage_RaisesAnAlarmThatNotifies(string queue, string alarm)
    {
        var properties = TemplateTree.OfType("AWS::CloudWatch::Alarm")[alarm];

        Assert.Equal("ApproximateNumberOfMessagesVisible", (string?)properties["MetricName"]);
        Assert.Equal(queue, (string?)properties["Dimensions"]![0]!["Value"]!["Fn::GetAtt"]![0]);
        Assert.Equal("GreaterThanThreshold", (string?)properties["ComparisonOperator"]);
        Assert.Equal(0, (int)properties["Threshold"]!);
        Assert.Equal("NotificationTopic", TemplateTree.Ref(properties["AlarmActions"]![0]));
    }

    [Theory]
    [InlineData("FailedInvocationsQueue")]
    [InlineData("UndeliveredEventsQueue")]
    public void Queue_KeepsMessagesAsLongAsSqsDoes(string queue) =>
        Assert.Equal(14 * 24 * 3600, (int)TemplateTree.ById[queue]!["Properties"]!["MessageRetentionPeriod"]!);

    [Theory]
    [MemberData(nameof(FunctionIds))]
    public void Function_ThatFails_RaisesAnAlarmThatNotifies(string function)
    {
        var alarm = Assert.Single(TemplateTree.OfType("AWS::CloudWatch::Alarm").Values, a => (string?)a["Namespace"] == "AWS/Lambda"
            && (string?)a["MetricName"] == "Errors"
            && TemplateTree.Ref(a["Dimensions"]![0]!["Value"]) == function);

        Assert.Equal("NotificationTopic", TemplateTree.Ref(alarm["AlarmActions"]![0]));
    }

    private static IEnumerable<string> RulesThatMaySend() => TemplateTree
        .Statements(TemplateTree.OfType("AWS::SQS::QueuePolicy")["UndeliveredEventsQueuePolicy"]["PolicyDocument"]!)
        .Where(s => s["Principal"] is JsonObject principal && (string?)principal["Service"] == "events.amazonaws.com")
        .SelectMany(s => s["Condition"]!["ArnEquals"]!["aws:SourceArn"]!.AsArray())
        // As far as the part it belongs to is installed.
        .Select(arn => TemplateTree.ArnOf(arn!["Fn::If"]![1]));
}
