using System.Text.Json.Nodes;
using Automation.Lab.Iam;

namespace Automation.Tests.Lab.Iam;

public sealed class PolicyEvaluatorTests
{
    private const string Database = "arn:aws:rds:eu-central-1:123456789012:db:orders";
    private const string Modify = "rds:ModifyDBInstance";

    [Theory]
    [InlineData(Modify, Database, true)]
    [InlineData("RDS:modifydbinstance", Database, true)]
    [InlineData("rds:ModifyDBCluster", Database, false)]
    [InlineData(Modify, "arn:aws:rds:eu-central-1:123456789012:db:ORDERS", true)]
    [InlineData(Modify, "arn:aws:rds:eu-central-1:123456789012:cluster:orders", false)]
    [InlineData(Modify, "arn:aws:rds:eu-west-1:123456789012:db:orders", false)]
    [InlineData(Modify, "*", false)]
    public void Allow_IsOfItsActionsAndResources(string action, string resource, bool isAllowed) => Assert.Equal(
        isAllowed ? Verdict.Allowed : Verdict.NotAllowed, Of($$"""{"Effect":"Allow","Action":"{{Modify}}","Resource":"arn:aws:rds:eu-central-1:123456789012:db:*"}""").Evaluate(action, resource));

    [Theory]
    [InlineData("rds:Modify*", Modify, true)]
    [InlineData("rds:*", Modify, true)]
    [InlineData("*", Modify, true)]
    [InlineData("rds:Modify?BInstance", Modify, true)]
    [InlineData("rds:Modify", Modify, false)]
    [InlineData("rds:Modify?", Modify, false)]
    [InlineData("", Modify, false)]
    public void Wildcard_OfAnAction_StandsForAnyCharacters(string pattern, string action, bool matches) =>
        Assert.Equal(matches ? Verdict.Allowed : Verdict.NotAllowed, Of($$"""{"Effect":"Allow","Action":"{{pattern}}","Resource":"*"}""").Evaluate(action, Database));

    // A wildcard for the Region does not reach into the account; only the resource has colons of its own.
    [Theory]
    [InlineData("arn:aws:rds:*:123456789012:db:*", Database, true)]
    [InlineData("arn:aws:rds:*:db:orders", Database, false)]
    [InlineData("arn:aws:rds:*", Database, false)]
    [InlineData("arn:aws:rds:*:*:*", Database, true)]
    [InlineData("arn:aws:rds:eu-central-1:123456789012:snapshot:auto-*", "arn:aws:rds:eu-central-1:123456789012:snapshot:auto-a:b", true)]
    [InlineData("arn:aws:rds:eu-central-1:123456789012:snapshot:auto-*", "arn:aws:rds:eu-central-1:123456789012:snapshot:orders-auto-1", false)]
    [InlineData("arn:aws:s3:::reports/failover/*", "arn:aws:s3:::reports/failover/orders/1.html", true)]
    [InlineData("arn:aws:s3:::reports/failover/*", "arn:aws:s3:::reports/failovers", false)]
    [InlineData("*", "*", true)]
    public void Wildcard_OfAnArn_StaysInItsPart(string pattern, string arn, bool matches) =>
        Assert.Equal(matches ? Verdict.Allowed : Verdict.NotAllowed, Of($$"""{"Effect":"Allow","Action":"*","Resource":["arn:aws:none","{{pattern}}"]}""").Evaluate(Modify, arn));

    [Fact]
    public void Deny_WinsOverEveryAllow_WhateverTheOrder()
    {
        const string Allow = """{"Effect":"Allow","Action":"*","Resource":"*"}""", Deny = """{"Effect":"Deny","Action":"rds:Modify*","Resource":"*"}""";

        Assert.Equal(Verdict.Denied, Of(Allow, Deny).Evaluate(Modify, Database));
        Assert.Equal(Verdict.Denied, Of(Deny, Allow).Evaluate(Modify, Database));
        Assert.Equal(Verdict.Allowed, Of(Allow, Deny).Evaluate("rds:RebootDBInstance", Database));
        Assert.Equal(Verdict.NotAllowed, Of(Deny).Evaluate("rds:RebootDBInstance", Database));
    }

    // What each operator says of a key that has a value, another one, several, and none ("IAM JSON policy elements: Condition operators").
    [Theory]
    [InlineData("StringEquals", "staging", "YNYN")]
    [InlineData("StringNotEquals", "staging", "NYNY")]
    [InlineData("StringLike", "stag*", "YNYN")]
    [InlineData("StringNotLike", "stag*", "NYNY")]
    [InlineData("ForAnyValue:StringEquals", "staging", "YNYN")]
    [InlineData("ForAllValues:StringEquals", "staging", "YNNY")]
    [InlineData("Null", "true", "NNNY")]
    [InlineData("Null", "false", "YYYN")]
    public void Condition_PresentOtherSeveralAbsent_HoldsAsInIam(string operation, string value, string expected)
    {
        var role = Of($$$$"""{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"{{{{operation}}}}":{"aws:ResourceTag/environment":"{{{{value}}}}"}}}""");
        (string, string) right = ("aws:ResourceTag/environment", "staging"), wrong = ("aws:ResourceTag/environment", "Production");

        string seen = string.Concat(new[] { [right], [wrong], [right, wrong], Array.Empty<(string, string)>() }
            .Select(context => role.Evaluate(Modify, Database, context) == Verdict.Allowed ? 'Y' : 'N'));

        Assert.Equal(expected, seen);
    }

    [Theory]
    [InlineData("aws:resourcetag/Environment", "staging", true)]
    [InlineData("aws:ResourceTag/environment", "Staging", false)]
    [InlineData("aws:RequestTag/environment", "staging", false)]
    public void Condition_KeysIgnoreCase_ValuesDoNot(string key, string value, bool holds) => Assert.Equal(
        holds ? Verdict.Allowed : Verdict.NotAllowed,
        Of("""{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/environment":["test","staging"]}}}""")
            .Evaluate(Modify, Database, (key, value)));

    [Fact]
    public void Conditions_OfOneStatement_MustAllHold()
    {
        var role = Of("""{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"a":"1","b":"2"},"Bool":{"c":"true"}}}""");

        Assert.Equal(Verdict.Allowed, role.Evaluate(Modify, Database, ("a", "1"), ("b", "2"), ("c", "True")));
        Assert.Equal(Verdict.NotAllowed, role.Evaluate(Modify, Database, ("a", "1"), ("b", "2"), ("c", "false")));
        Assert.Equal(Verdict.NotAllowed, role.Evaluate(Modify, Database, ("a", "1"), ("c", "true")));
    }

    // What is not understood is not believed.
    [Theory]
    [InlineData("""{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}""", "'IpAddress'")]
    [InlineData("""{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEqualsIfExists":{"a":"1"}}}""", "'StringEqualsIfExists'")]
    [InlineData("""{"Effect":"Allow","NotAction":"rds:*","Resource":"*"}""", "'NotAction'")]
    [InlineData("""{"Effect":"Allow","Action":"*","NotResource":"*"}""", "'NotResource'")]
    [InlineData("""{"Effect":"Maybe","Action":"*","Resource":"*"}""", "'Maybe'")]
    [InlineData("""{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::${aws:username}"}""", "${aws:username}")]
    public void Statement_ThatTheLabDoesNotKnow_IsRefusedByName(string statement, string named) =>
        Assert.Contains(named, Assert.Throws<FormatException>(() => Of(statement)).Message, StringComparison.Ordinal);

    [Fact]
    public void Refusal_IsInAwssWordsAndNamesTheStatements()
    {
        var role = Of("""{"Sid":"No","Effect":"Deny","Action":"rds:Modify*","Resource":"*"}""");

        var denied = role.Judge(IamQuestion.Of(Modify, Database));

        Assert.Equal("policy/No", Assert.Single(denied.Statements).Name);
        Assert.Equal($"User: me is not authorized to perform: {Modify} on resource: {Database} with an explicit deny in an identity-based policy", denied.Refusal("me"));
        Assert.Equal($"User: me is not authorized to perform: rds:RebootDBInstance on resource: {Database} because no identity-based policy allows the rds:RebootDBInstance action",
            role.Judge(IamQuestion.Of("rds:RebootDBInstance", Database)).Refusal("me"));
    }

    private static PolicyEvaluator Of(params string[] statements) =>
        new(PolicyStatement.Of("policy", JsonNode.Parse($$"""{"Statement":[{{string.Join(',', statements)}}]}""")!));
}
