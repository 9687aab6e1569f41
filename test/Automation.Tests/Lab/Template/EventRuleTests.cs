using Automation.Lab.Template;

namespace Automation.Tests.Lab.Template;

public sealed class EventRuleTests
{
    private const string Yaml = """
        Resources:
          Topic: { Type: AWS::SNS::Topic }
          Undelivered: { Type: AWS::SQS::Queue }
          Trouble:
            Type: AWS::Events::Rule
            Properties:
              EventPattern: { source: [aws.secretsmanager], region: [!Ref AWS::Region] }
              Targets:
                - Id: People
                  Arn: !Ref Topic
                  InputTransformer:
                    InputPathsMap: { kind: $.detail-type, secret: $.detail.additional_data.SecretId }
                    InputTemplate: !Sub |
                      "<kind> in ${AWS::Region}"
                      "<secret> \"<secret>\""
                  RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 3600 }
                  DeadLetterConfig: { Arn: !GetAtt Undelivered.Arn }
                - { Id: Others, Arn: !Ref Topic }
          Off:
            Type: AWS::Events::Rule
            Properties: { Name: own-name, State: DISABLED, EventPattern: { source: [x] }, Targets: [] }
        """;

    [Fact]
    public void Read_Rule_HasPatternAndTargets()
    {
        var rule = Rules()[0];

        Assert.Equal(("Trouble", "lab-Trouble", "arn:aws:events:us-east-1:123456789012:rule/lab-Trouble", true), (rule.LogicalId, rule.Name, rule.Arn, rule.Enabled));
        Assert.Equal("""{"source":["aws.secretsmanager"],"region":["us-east-1"]}""", rule.Pattern.ToString());
        var people = rule.Targets[0];
        Assert.Equal(("People", "arn:aws:sns:us-east-1:123456789012:lab-Topic"), (people.Id, people.TopicArn));
        Assert.Equal(new DeliveryLimits(3, TimeSpan.FromHours(1)), people.Limits);
        Assert.Equal("arn:aws:sqs:us-east-1:123456789012:lab-Undelivered", people.DeadLetterArn);
    }

    [Fact]
    public void Read_InputTransformer_KeepsTheTemplateAsItStands()
    {
        var transformer = Rules()[0].Targets[0].InputTransformer!;

        Assert.Equal(["detail-type"], transformer.Paths["kind"]);
        Assert.Equal(["detail", "additional_data", "SecretId"], transformer.Paths["secret"]);
        Assert.Equal("\"<kind> in us-east-1\"\n\"<secret> \\\"<secret>\\\"\"\n", transformer.Template);
    }

    [Fact]
    public void Read_NothingSaid_HasTheDefaultsOfEventBridge()
    {
        var target = Rules()[0].Targets[1];

        Assert.Equal(new DeliveryLimits(185, TimeSpan.FromHours(24)), target.Limits);
        Assert.Null(target.InputTransformer);
        Assert.Null(target.DeadLetterArn);
    }

    [Fact]
    public void Read_DisabledRule_IsKnownAsSuch() =>
        Assert.Equal(("own-name", false), (Rules()[1].Name, Rules()[1].Enabled));

    [Theory]
    [InlineData("Arn: !Ref Topic", "Arn: !GetAtt Undelivered.Arn", "Targets[0].Arn", "arn:aws:sqs:")]
    [InlineData("Id: People", "Name: People", "Targets[0].Id", "is required")]
    [InlineData("Id: Others", "Id: Others, InputPath: $.detail", "Targets[1].InputPath", "does not follow")]
    [InlineData("Id: Others", "Id: Others, Input: '{}'", "Targets[1].Input", "does not follow")]
    [InlineData("$.detail-type", "'$.resources[0]'", "Targets[0].InputTransformer.InputPathsMap.kind", "'$.resources[0]'")]
    [InlineData("$.detail-type", "detail-type", "Targets[0].InputTransformer.InputPathsMap.kind", "'detail-type'")]
    [InlineData("\"<kind> in ${AWS::Region}\"", "<kind> in ${AWS::Region}", "Targets[0].InputTransformer.InputTemplate", "quotation marks")]
    [InlineData("\"<kind> in ${AWS::Region}\"", "{\"kind\": <kind>}", "Targets[0].InputTransformer.InputTemplate", "quotation marks")]
    [InlineData("\"<kind> in ${AWS::Region}\"", "\"<kind> in \"quotes\"\"", "Targets[0].InputTransformer.InputTemplate", "quotation marks")]
    [InlineData("\"<kind> in", "\"<other> in", "Targets[0].InputTransformer.InputTemplate", "<other>")]
    [InlineData("EventPattern: { source: [aws.secretsmanager], region: [!Ref AWS::Region] }", "Description: none", "EventPattern", "is required")]
    [InlineData("EventPattern: { source: [aws", "ScheduleExpression: rate(1 day)\n      EventPattern: { source: [aws", "ScheduleExpression", "does not follow")]
    public void Read_WhatTheLabCannotFollow_NamesThePlace(string good, string bad, string place, string problem)
    {
        var broken = Yaml.Replace(good, bad, StringComparison.Ordinal);

        var error = Assert.Throws<TemplateException>(() => SamTemplate.Read(broken, new TemplateInputs()));

        Assert.NotEqual(Yaml, broken);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.StartsWith($"Resources.Trouble.Properties.{place}", error.Path, StringComparison.Ordinal);
    }

    private static IReadOnlyList<TemplateEventRule> Rules() => SamTemplate.Read(Yaml, new TemplateInputs()).EventRules;
}
