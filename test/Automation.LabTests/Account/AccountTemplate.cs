namespace Automation.LabTests.Account;

/// <summary>A small template with everything an account gives life to.</summary>
internal static class AccountTemplate
{
    public const string Yaml = """
        Parameters:
          Database: { Type: String }
        Resources:
          Ledger:
            Type: AWS::DynamoDB::Table
            Properties:
              AttributeDefinitions: [{ AttributeName: pk, AttributeType: S }, { AttributeName: sk, AttributeType: S }]
              KeySchema: [{ AttributeName: pk, KeyType: HASH }, { AttributeName: sk, KeyType: RANGE }]
              TimeToLiveSpecification: { AttributeName: expires, Enabled: true }
          Reports: { Type: AWS::S3::Bucket }
          Topic: { Type: AWS::SNS::Topic }
          Failed: { Type: AWS::SQS::Queue }
          Heal:
            Type: AWS::Serverless::Function
            Properties:
              Handler: Automation
              Environment:
                Variables: { TOPIC: !Ref Topic, TABLE: !Ref Ledger, BUCKET: !Ref Reports }
              EventInvokeConfig:
                MaximumRetryAttempts: 0
                DestinationConfig: { OnFailure: { Type: SQS, Destination: !GetAtt Failed.Arn } }
              Events:
                Alarm:
                  Type: EventBridgeRule
                  Properties:
                    Pattern:
                      source: [aws.cloudwatch]
                      detail:
                        state: { value: [ALARM] }
                        configuration: { metrics: { metricStat: { metric: { name: [DatabaseConnections] } } } }
          Connections:
            Type: AWS::CloudWatch::Alarm
            Properties:
              Namespace: AWS/RDS
              MetricName: DatabaseConnections
              Dimensions: [{ Name: DBInstanceIdentifier, Value: !Ref Database }]
              Statistic: Average
              Period: 60
              EvaluationPeriods: 2
              ComparisonOperator: GreaterThanThreshold
              Threshold: 80
          GaveUp:
            Type: AWS::CloudWatch::Alarm
            Properties:
              Namespace: AWS/SQS
              MetricName: ApproximateNumberOfMessagesVisible
              Dimensions: [{ Name: QueueName, Value: !GetAtt Failed.QueueName }]
              Statistic: Maximum
              Period: 60
              EvaluationPeriods: 1
              ComparisonOperator: GreaterThanThreshold
              Threshold: 0
              TreatMissingData: notBreaching
              AlarmActions: [!Ref Topic]
          Oldest:
            Type: AWS::CloudWatch::Alarm
            Properties:
              Metrics: [{ Id: oldest, Expression: "SELECT MAX(SnapshotAgeHours) FROM SCHEMA(RdsAutomation, Database)", Period: 3600 }]
              EvaluationPeriods: 2
              ComparisonOperator: GreaterThanThreshold
              Threshold: 26
              TreatMissingData: breaching
        """;
}
