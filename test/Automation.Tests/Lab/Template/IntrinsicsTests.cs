using System.Text.Json.Nodes;
using Automation.Lab.Template;

namespace Automation.Tests.Lab.Template;

public sealed class IntrinsicsTests
{
    private const string Yaml = """
        Parameters:
          Name: { Type: String, Default: orders }
          Count: { Type: Number, Default: 5 }
          Subnets: { Type: CommaDelimitedList, Default: "a, b" }
          None: { Type: CommaDelimitedList, Default: "" }
        Mappings:
          Sizes: { us-east-1: { small: 1 } }
        Conditions:
          IsOrders: !Equals [!Ref Name, orders]
          IsFive: !Equals [!Ref Count, "5"]
          Never: !Not [!Condition IsOrders]
          Loop: !Not [!Condition Loop]
        Resources:
          Topic: { Type: AWS::SNS::Topic, Properties: { TopicName: !Sub "t-${Name}" } }
          Queue: { Type: AWS::SQS::Queue }
          Key: { Type: AWS::KMS::Key }
          Off: { Type: AWS::SQS::Queue, Condition: Never }
          Odd: { Type: AWS::Made::Up }
          F: { Type: AWS::Serverless::Function, Properties: { Events: { Daily: { Type: Schedule }, Named: { Type: EventBridgeRule, Properties: { RuleName: given } } } } }
          G: { Type: AWS::Serverless::Function, Condition: Never, Properties: { Events: { Daily: { Type: Schedule } } } }
        """;

    [Theory]
    [InlineData("!Ref Name", "orders")]
    [InlineData("!Ref Count", "5")]
    [InlineData("!Ref AWS::Region", "eu-west-1")]
    [InlineData("!Ref AWS::AccountId", "012345678901")]
    [InlineData("!Ref AWS::StackName", "shop")]
    [InlineData("!Ref AWS::Partition", "aws")]
    [InlineData("!Ref AWS::URLSuffix", "amazonaws.com")]
    [InlineData("!Ref Topic", "arn:aws:sns:eu-west-1:012345678901:t-orders")]
    [InlineData("!GetAtt Topic.TopicName", "t-orders")]
    [InlineData("!GetAtt Queue.Arn", "arn:aws:sqs:eu-west-1:012345678901:shop-Queue")]
    [InlineData("!GetAtt [Queue, Arn]", "arn:aws:sqs:eu-west-1:012345678901:shop-Queue")]
    [InlineData("!GetAtt FRole.Arn", "arn:aws:iam::012345678901:role/shop-FRole")]
    [InlineData("!Ref FDaily", "shop-FDaily")]
    [InlineData("!GetAtt FNamed.Arn", "arn:aws:events:eu-west-1:012345678901:rule/given")]
    [InlineData("!Sub '${Name}-${Count}-${AWS::Region}-${!literal}'", "orders-5-eu-west-1-${literal}")]
    [InlineData("!Sub ['${Name}/${x}', { x: !Ref Count }]", "orders/5")]
    [InlineData("!Sub '${Queue.QueueName}'", "shop-Queue")]
    [InlineData("!Join ['-', [a, !Ref Name]]", "a-orders")]
    [InlineData("!Join ['-', !Ref Subnets]", "a-b")]
    [InlineData("!Join ['', !Ref None]", "")]
    [InlineData("!If [IsFive, yes, no]", "yes")]
    [InlineData("!If [Never, yes, !Ref Name]", "orders")]
    [InlineData("!Select [0, [a, b]]", "a")]
    [InlineData("!Select ['1', !Ref Subnets]", "b")]
    [InlineData("!Select [!Ref Count, [a, b, c, d, e, !Ref Name]]", "orders")]
    [InlineData("!Select [1, !Split ['=', 'environment=staging']]", "staging")]
    [InlineData("!Select [2, !Split [', ', !Sub 'a, b,c, ${Name}']]", "orders")]
    [InlineData("!Join ['+', !Split ['/', 'a//b']]", "a++b")]
    [InlineData("!Join ['+', !Split ['/', !Ref Name]]", "orders")]
    [InlineData("!Sub ['${key}: ${value}', { key: !Select [0, !Split ['=', 'a=b']], value: !Select [1, !Split ['=', 'a=b']] }]", "a: b")]
    [InlineData("!Equals [!Ref Name, x]", "false")]
    [InlineData("!And [!Condition IsOrders, !Condition IsFive]", "true")]
    [InlineData("!And [!Condition IsOrders, !Condition Never]", "false")]
    [InlineData("!Or [!Condition Never, !Condition IsFive]", "true")]
    [InlineData("Fn::Not: [Condition: Never]", "true")]
    public void Resolve_Function_GivesItsValue(string expression, string expected) =>
        Assert.Equal(expected, Intrinsics.Text(Resolve(expression), "x"));

    [Theory]
    [InlineData("!FindInMap [Sizes, !Ref 'AWS::Region', small]", "Mappings")]
    [InlineData("!Ref Nobody", "'Nobody'")]
    [InlineData("!Ref Odd", "AWS::Made::Up")]
    [InlineData("!Ref Off", "condition 'Never' is false")]
    [InlineData("!GetAtt Queue.Colour", "'Colour'")]
    [InlineData("!GetAtt Odd.Arn", "AWS::Made::Up")]
    [InlineData("!GetAtt Queue", "Resource.Attribute")]
    [InlineData("!Base64 a", "'Fn::Base64'")]
    [InlineData("!Select [1, [a]]", "no item 1 in a list of 1")]
    [InlineData("!Select [0, !Ref None]", "no item 0 in a list of 0")]
    [InlineData("!Select [-1, [a]]", "'-1' is no index")]
    [InlineData("!Select [first, [a]]", "'first' is no index")]
    [InlineData("!Select [0, a]", "an index and a list")]
    [InlineData("!Select [0]", "an index and a list")]
    [InlineData("!Split ['=']", "a separator and text")]
    [InlineData("!Split ['', a]", "not empty")]
    [InlineData("!Split ['=', !Ref Subnets]", "found a list")]
    [InlineData("!Split [!Ref Name, a]", "found a mapping")]
    [InlineData("!If [Nobody, a, b]", "'Nobody'")]
    [InlineData("!If [Loop, a, b]", "depends on itself")]
    [InlineData("!If [IsFive, a]", "two values")]
    [InlineData("!Join [a]", "separator")]
    [InlineData("!Sub '${Subnets}'", "found a list")]
    public void Resolve_WhatCannotBe_NamesPlaceAndProblem(string expression, string problem)
    {
        var error = Assert.Throws<TemplateException>(() => Resolve(expression));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_FindInMap_GivesTheEntry() => Assert.Equal("1",
        Intrinsics.Text(Resolve("!FindInMap [Sizes, us-east-1, small]"), "x"));

    [Fact]
    public void Resolve_NoValue_RemovesPropertyAndItem() => Assert.Equal("""{"b":["x"]}""",
        Resolve("{ a: !Ref AWS::NoValue, b: [!Ref AWS::NoValue, x] }")!.ToJsonString());

    [Theory]
    [InlineData("true", "true")]
    [InlineData("'true'", "\"true\"")]
    [InlineData("60", "60")]
    [InlineData("0.5", "0.5")]
    [InlineData("012345678901", "\"012345678901\"")]
    [InlineData("2012-10-17", "\"2012-10-17\"")]
    [InlineData("~", "null")]
    public void Read_PlainScalar_HasItsJsonType(string yaml, string json) =>
        Assert.Equal(json, YamlTree.Read($"a: {yaml}")["a"]?.ToJsonString() ?? "null");

    [Fact]
    public void Parameters_UnknownName_IsRefused() => Refused(new() { ["Nam"] = "x" }, "no such parameter");

    [Fact]
    public void Parameters_NoDefaultAndNoValue_IsRefused() => Refused([], "was not given a value");

    [Fact]
    public void Parameters_ValueNotAllowed_IsRefused() => Refused(new() { ["Mode"] = "akt" }, "'akt' is not one of the allowed values");

    private static void Refused(Dictionary<string, string> given, string problem)
    {
        var declared = YamlTree.Read("Mode: { Type: String, AllowedValues: [observe, act] }");

        var error = Assert.Throws<TemplateException>(() => TemplateParameters.Read(declared, given));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    private static JsonNode? Resolve(string expression)
    {
        var inputs = new TemplateInputs { Region = "eu-west-1", AccountId = "012345678901", StackName = "shop" };
        var template = YamlTree.Read(Yaml + (expression.Contains(": [", StringComparison.Ordinal) && !expression.StartsWith('{')
            ? $"\nX:\n  {expression}" : $"\nX: {expression}"));
        return new Intrinsics(template, inputs, new PhysicalResources(inputs)).Resolve(template["X"], "X");
    }
}
