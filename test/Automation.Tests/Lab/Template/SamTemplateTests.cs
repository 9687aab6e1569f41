using Automation.Lab.Template;

namespace Automation.Tests.Lab.Template;

public sealed class SamTemplateTests
{
    private const string Yaml = """
        AWSTemplateFormatVersion: "2010-09-09"
        Transform: AWS::Serverless-2016-10-31
        Parameters:
          Mode: { Type: String, Default: observe, AllowedValues: [observe, act] }
          Database: { Type: String, Default: "" }
          Threshold: { Type: Number, Default: 80 }
        Conditions:
          HasDatabase: !Not [!Equals [!Ref Database, ""]]
        Globals:
          Function:
            Handler: Automation
            MemorySize: 512
            LoggingConfig: { LogFormat: JSON, ApplicationLogLevel: DEBUG }
            Environment:
              Variables:
                MODE: !Ref Mode
                TOPIC: !Ref Topic
                TABLE: !Ref Ledger
                CA: !If [HasDatabase, /x, !Ref AWS::NoValue]
        Resources:
          OneFunction:
            Type: AWS::Serverless::Function
            Properties:
              Timeout: 60
              ReservedConcurrentExecutions: 1
              LoggingConfig: { LogGroup: !Ref OneLog }
              DeadLetterQueue: { Type: SQS, TargetArn: !GetAtt Failed.Arn }
              Environment:
                Variables: { ANNOTATIONS_HANDLER: One, MODE: act }
              Policies: [!SomethingNew unused]
              EventInvokeConfig:
                MaximumRetryAttempts: 1
                MaximumEventAgeInSeconds: 900
                DestinationConfig: { OnFailure: { Type: SQS, Destination: !GetAtt Failed.Arn } }
              Events:
                Alarm:
                  Type: EventBridgeRule
                  Properties:
                    Pattern: { source: [aws.cloudwatch], detail: { n: [{ numeric: [">", 0] }], old: [null, true] } }
                    RetryPolicy: { MaximumRetryAttempts: 10, MaximumEventAgeInSeconds: 900 }
                    DeadLetterConfig: { Arn: !GetAtt Failed.Arn }
                Daily:
                  Type: Schedule
                  Properties: { Schedule: rate(1 day), Name: every-day, Enabled: false, Input: '{"a":1}' }
          TwoFunction:
            Type: AWS::Serverless::Function
            Properties:
              Environment: { Variables: { ANNOTATIONS_HANDLER: Two } }
          Alarm:
            Type: AWS::CloudWatch::Alarm
            Condition: HasDatabase
            Properties:
              AlarmName: !Sub "${AWS::StackName}-${Database}"
              AlarmDescription: connections
              Namespace: AWS/RDS
              MetricName: DatabaseConnections
              Dimensions: [{ Name: DBInstanceIdentifier, Value: !Ref Database }]
              Statistic: Average
              Period: 60
              EvaluationPeriods: 5
              ComparisonOperator: GreaterThanThreshold
              Threshold: !Ref Threshold
              AlarmActions: [!Ref Topic]
          FreeSpace:
            Type: AWS::CloudWatch::Alarm
            Properties:
              EvaluationPeriods: 3
              DatapointsToAlarm: 2
              TreatMissingData: notBreaching
              ComparisonOperator: LessThanThreshold
              Threshold: 10.5
              Metrics:
                - { Id: e1, Expression: 100*m1/m2, Label: Free }
                - Id: m1
                  ReturnData: false
                  MetricStat: { Metric: { Namespace: AWS/RDS, MetricName: FreeStorageSpace }, Period: 300, Stat: Minimum, Unit: Bytes }
          Ledger:
            Type: AWS::DynamoDB::Table
            Properties:
              AttributeDefinitions: [{ AttributeName: pk, AttributeType: S }, { AttributeName: sk, AttributeType: S }]
              KeySchema: [{ AttributeName: pk, KeyType: HASH }, { AttributeName: sk, KeyType: RANGE }]
              TimeToLiveSpecification: { AttributeName: expires, Enabled: true }
          Reports: { Type: AWS::S3::Bucket }
          Archive: { Type: AWS::S3::Bucket, Properties: { BucketName: our-archive } }
          Topic: { Type: AWS::SNS::Topic }
          Failed: { Type: AWS::SQS::Queue }
          OneLog: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: !Sub "/aws/lambda/${AWS::StackName}-One" } }
        """;

    [Fact]
    public void Read_Function_MergesGlobalsAndResolvesEnvironment()
    {
        var function = Read().Function("OneFunction");

        Assert.Equal("Automation", function.Handler);
        Assert.Equal(512, function.MemorySize);
        Assert.Equal(TimeSpan.FromSeconds(60), function.Timeout);
        Assert.Equal(1, function.ReservedConcurrency);
        Assert.Equal(("JSON", "DEBUG", "/aws/lambda/lab-One"), (function.LogFormat, function.LogLevel, function.LogGroup));
        Assert.Null(Read().Function("TwoFunction").LogGroup);
        Assert.Equal(new Dictionary<string, string>
        {
            ["MODE"] = "act",
            ["TOPIC"] = "arn:aws:sns:us-east-1:123456789012:lab-Topic",
            ["TABLE"] = "lab-Ledger",
            ["ANNOTATIONS_HANDLER"] = "One",
        }, function.Environment);
    }

    [Fact]
    public void Read_Function_HasItsDeliveryRules()
    {
        var function = Read().Function("OneFunction");

        Assert.Equal(new DeliveryLimits(1, TimeSpan.FromMinutes(15)), function.AsyncInvocation.Limits);
        Assert.Equal("arn:aws:sqs:us-east-1:123456789012:lab-Failed", function.AsyncInvocation.OnFailureArn);
        Assert.Equal("arn:aws:sqs:us-east-1:123456789012:lab-Failed", function.AsyncInvocation.DeadLetterArn);

        var alarm = function.Rules[0];
        Assert.Equal(("Alarm", "arn:aws:events:us-east-1:123456789012:rule/lab-OneFunctionAlarm"), (alarm.EventName, alarm.Arn));
        Assert.Equal("""{"source":["aws.cloudwatch"],"detail":{"n":[{"numeric":["\u003E",0]}],"old":[null,true]}}""", alarm.Pattern.ToString());
        Assert.Equal(new DeliveryLimits(10, TimeSpan.FromMinutes(15)), alarm.Limits);
        Assert.Equal("arn:aws:sqs:us-east-1:123456789012:lab-Failed", alarm.DeadLetterArn);

        var daily = function.Rules[1];
        Assert.Equal(("rate(1 day)", "every-day", false, """{"a":1}"""), (daily.Schedule, daily.Name, daily.Enabled, daily.Input));
    }

    [Fact]
    public void Read_NothingSaid_HasTheDefaultsOfAws()
    {
        var function = Read().Function("TwoFunction");

        Assert.Equal(TimeSpan.FromSeconds(3), function.Timeout);
        Assert.Null(function.ReservedConcurrency);
        Assert.Equal(new DeliveryLimits(2, TimeSpan.FromHours(6)), function.AsyncInvocation.Limits);
        Assert.Equal(new DeliveryLimits(185, TimeSpan.FromHours(24)), Read().Function("OneFunction").Rules[1].Limits);
    }

    [Fact]
    public void Read_ConditionFalse_LeavesTheResourceOut() =>
        Assert.Equal(["FreeSpace"], Read().Alarms.Select(a => a.LogicalId));

    [Fact]
    public void Read_ConditionTrue_ReadsTheAlarm()
    {
        var alarm = Read(("Database", "orders"), ("Threshold", "75")).Alarms[0];

        Assert.Equal(("lab-orders", "connections", 75.0), (alarm.Name, alarm.Description, alarm.Threshold));
        Assert.Equal(("arn:aws:cloudwatch:us-east-1:123456789012:alarm:lab-orders", "missing", true), (alarm.Arn, alarm.TreatMissingData, alarm.ActionsEnabled));
        Assert.Equal((5, 5, false), (alarm.EvaluationPeriods, alarm.DatapointsToAlarm, alarm.IsMetricMath));
        Assert.Equal(["arn:aws:sns:us-east-1:123456789012:lab-Topic"], alarm.AlarmActions);
        var metric = Assert.Single(alarm.Metrics).Statistic!;
        Assert.Equal(("AWS/RDS", "DatabaseConnections", "Average", TimeSpan.FromMinutes(1)),
            (metric.Namespace, metric.MetricName, metric.Statistic, metric.Period));
        Assert.Equal("orders", metric.Dimensions["DBInstanceIdentifier"]);
    }

    [Fact]
    public void Read_MetricMath_KeepsExpressionAndInputs()
    {
        var alarm = Read().Alarms.Single(a => a.LogicalId == "FreeSpace");

        Assert.True(alarm.IsMetricMath);
        Assert.Equal((3, 2, 10.5, "notBreaching"), (alarm.EvaluationPeriods, alarm.DatapointsToAlarm, alarm.Threshold, alarm.TreatMissingData));
        Assert.Equal(("e1", "100*m1/m2", "Free", true), (alarm.Metrics[0].Id, alarm.Metrics[0].Expression, alarm.Metrics[0].Label, alarm.Metrics[0].ReturnData));
        Assert.Equal(("m1", false, "Bytes", "Minimum"), (alarm.Metrics[1].Id, alarm.Metrics[1].ReturnData, alarm.Metrics[1].Statistic!.Unit, alarm.Metrics[1].Statistic!.Statistic));
    }

    [Fact]
    public void Read_StorageResources_HaveKeysAndNames()
    {
        var template = Read();

        var table = Assert.Single(template.Tables);
        Assert.Equal(("lab-Ledger", "pk", "sk", "expires"), (table.Name, table.PartitionKey, table.SortKey, table.TimeToLiveAttribute));
        Assert.Equal("S", table.Attributes["pk"]);
        Assert.Equal(
            [
                ("Reports", "lab-reports-123456789012-us-east-1", "arn:aws:s3:::lab-reports-123456789012-us-east-1"),
                ("Archive", "our-archive", "arn:aws:s3:::our-archive"),
            ],
            template.Buckets.Select(b => (b.LogicalId, b.Name, b.Arn)));
        Assert.Equal("arn:aws:sns:us-east-1:123456789012:lab-Topic", Assert.Single(template.Topics).Arn);
        Assert.Equal("https://sqs.us-east-1.amazonaws.com/123456789012/lab-Failed", Assert.Single(template.Queues).Url);
    }

    [Theory]
    [InlineData("Type: EventBridgeRule", "Type: Api", "Resources.OneFunction.Properties.Events.Alarm.Type", "'Api'")]
    [InlineData("MemorySize: 512", "MemorySize: much", "Resources.OneFunction.Properties.MemorySize", "'much'")]
    [InlineData("Handler: Automation", "Tracing: Active", "Resources.OneFunction.Properties.Handler", "is required")]
    [InlineData("MODE: !Ref Mode", "MODEL: !Ref Modes", "Resources.OneFunction.Properties.Environment.Variables.MODEL", "'Modes'")]
    [InlineData("TreatMissingData: notBreaching", "TreatMissingData: maybe", "Resources.FreeSpace.Properties.TreatMissingData", "'maybe'")]
    [InlineData("KeyType: HASH", "KeyType: RANG", "Resources.Ledger.Properties.KeySchema", "HASH")]
    [InlineData("Threshold: 10.5", "Threshold: !ImportValue x", "Resources.FreeSpace.Properties.Threshold", "'Fn::ImportValue'")]
    [InlineData("Resources:", "Resources: [", "", "not YAML at line")]
    public void Read_BrokenTemplate_NamesThePlace(string good, string bad, string place, string problem)
    {
        var error = Assert.Throws<TemplateException>(() => SamTemplate.Read(Yaml.Replace(good, bad, StringComparison.Ordinal), new TemplateInputs()));

        Assert.StartsWith(place, error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Function_UnknownId_ListsTheKnownOnes()
    {
        var error = Assert.Throws<TemplateException>(() => Read().Function("Three"));

        Assert.Contains("OneFunction, TwoFunction", error.Message, StringComparison.Ordinal);
    }

    private static SamTemplate Read(params (string Name, string Value)[] parameters) =>
        SamTemplate.Read(Yaml, new TemplateInputs { Parameters = parameters.ToDictionary(p => p.Name, p => p.Value) });
}
