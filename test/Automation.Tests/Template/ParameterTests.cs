using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Automation.Lab.Setup;

namespace Automation.Tests.Template;

/// <summary>What a person may enter, and what is refused before anything is deployed.</summary>
public sealed class ParameterTests
{
    public static TheoryData<string> Names => [.. TemplateTree.Choices.Select(p => p.Key)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Parameter_IsExplainedLabelledAndInOneGroup(string name)
    {
        var page = TemplateTree.Root["Metadata"]!["AWS::CloudFormation::Interface"]!;

        Assert.True(((string?)TemplateTree.Choices[name]!["Description"])?.Length > 20);
        Assert.NotNull(page["ParameterLabels"]![name]?["default"]);
        Assert.Single(page["ParameterGroups"]!.AsArray().SelectMany(g => g!["Parameters"]!.AsArray()), n => (string?)n == name);
    }

    [Fact]
    public void Documentation_HasEveryParameterWithItsDefault()
    {
        var rows = Repository.Read("docs/deploy.md").Split('\n')
            .SkipWhile(line => line != "## Parameters").SkipWhile(line => !line.StartsWith('|')).TakeWhile(line => line.StartsWith('|')).Skip(2)
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Select(cells => $"{cells[1].Trim('`')}={cells[2].Trim('`')}");

        Assert.Equal(TemplateTree.Choices.Select(p => $"{p.Key}={p.Value!["Default"]}"), rows);
    }

    // So that `sam deploy` without an answer is safe: everything has a default, and the default changes nothing.
    [Theory]
    [MemberData(nameof(Names))]
    public void Parameter_HasADefaultThatItAllows(string name)
    {
        var parameter = TemplateTree.Choices[name]!;
        var fallback = parameter["Default"]!.ToString();

        if (parameter["AllowedPattern"] is { } pattern) Assert.Matches(Whole(pattern), fallback);
        if (parameter["AllowedValues"] is { } values) Assert.Contains(fallback, TemplateTree.Texts(values));
    }

    // The role name ends the ARN that rds-db:connect is granted on: a wildcard would grant every role.
    [Theory]
    [InlineData("automation", true)]
    [InlineData("healer_2", true)]
    [InlineData("rds_superuser", false)]
    [InlineData("postgres", false)]
    [InlineData("pg_monitor", false)]
    [InlineData("*", false)]
    [InlineData("auto*", false)]
    [InlineData("a?c", false)]
    [InlineData("a/b", false)]
    [InlineData("", false)]
    [InlineData("Automation", false)]
    [InlineData("a23456789012345678901234567890123456789012345678901234567890123", true)]
    [InlineData("a234567890123456789012345678901234567890123456789012345678901234", false)]
    public void DatabaseUser_Value_IsAllowedOnlyAsAPlainRoleName(string value, bool isAllowed) => AssertAllowed("DatabaseUser", value, isAllowed);

    [Theory]
    [InlineData("environment=staging", true)]
    [InlineData("team:stage=test 1", true)]
    [InlineData("staging", false)]
    [InlineData("=staging", false)]
    [InlineData("environment=", false)]
    public void StagingTag_Value_IsAllowedOnlyAsKeyAndValue(string value, bool isAllowed) => AssertAllowed("StagingTag", value, isAllowed);

    [Theory]
    [InlineData("", true)]
    [InlineData("oncall@example.com", true)]
    [InlineData("oncall", false)]
    [InlineData("on call@example.com", false)]
    public void NotificationEmail_Value_IsAllowedOnlyAsAnAddress(string value, bool isAllowed) => AssertAllowed("NotificationEmail", value, isAllowed);

    [Theory]
    [InlineData("", true)]
    [InlineData("/opt/roots.pem", true)]
    [InlineData("roots.pem", false)]
    public void CaBundlePath_Value_IsAllowedOnlyAsAnAbsolutePath(string value, bool isAllowed) => AssertAllowed("CaBundlePath", value, isAllowed);

    // Rights on a key are granted by its ARN; an alias or a wildcard would grant none, or too many.
    [Theory]
    [InlineData("", true)]
    [InlineData("arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab", true)]
    [InlineData("arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/mrk-1234abcd12ab34cd56ef1234567890ab", true)]
    [InlineData("arn:aws:kms:eu-central-1:123456789012:key/*", false)]
    [InlineData("arn:aws:kms:eu-central-1:123456789012:alias/secrets", false)]
    [InlineData("1234abcd-12ab-34cd-56ef-1234567890ab", false)]
    [InlineData("*", false)]
    public void SecretsKeyArn_Value_IsAllowedOnlyAsTheArnOfAKey(string value, bool isAllowed) => AssertAllowed("SecretsKeyArn", value, isAllowed);

    [Theory]
    [InlineData("", true)]
    [InlineData("123456789012", true)]
    [InlineData("123456789012,210987654321", true)]
    [InlineData("123456789012,", false)]
    [InlineData("123456789012, 210987654321", false)]
    [InlineData("12345678901", false)]
    [InlineData("all", false)]
    [InlineData("*", false)]
    public void ShareAccounts_Value_IsAllowedOnlyAsAccountIds(string value, bool isAllowed) => AssertAllowed("ShareAccounts", value, isAllowed);

    [Theory]
    [InlineData("rate(15 minutes)", true)]
    [InlineData("rate(1 hour)", true)]
    [InlineData("rate(12 hours)", true)]
    [InlineData("cron(0/15 * * * ? *)", true)]
    [InlineData("rate(1 minutes)", false)]
    [InlineData("rate(2 hour)", false)]
    [InlineData("rate(0 minutes)", false)]
    [InlineData("15 minutes", false)]
    [InlineData("", false)]
    public void Schedules_Value_IsAllowedOnlyAsEventBridgeReadsIt(string value, bool isAllowed)
    {
        AssertAllowed("TakeSnapshotsSchedule", value, isAllowed);
        AssertAllowed("ReconcileSnapshotsSchedule", value, isAllowed);
    }

    // A test takes minutes and disturbs people: nobody wants one every minute.
    [Theory]
    [InlineData("cron(0 9 ? * TUE *)", true)]
    [InlineData("rate(7 days)", true)]
    [InlineData("rate(1 hour)", true)]
    [InlineData("rate(15 minutes)", false)]
    [InlineData("rate(1 minute)", false)]
    [InlineData("rate(1 days)", false)]
    [InlineData("TUE", false)]
    [InlineData("", false)]
    public void TestFailoverSchedule_Value_IsAllowedOnlyAsEventBridgeReadsItAndNotMoreOftenThanHourly(string value, bool isAllowed) =>
        AssertAllowed("TestFailoverSchedule", value, isAllowed);

    // One run reads two weeks of every database: what fills within hours is for the alarm.
    [Theory]
    [InlineData("cron(0 7 * * ? *)", true)]
    [InlineData("rate(1 day)", true)]
    [InlineData("rate(12 hours)", true)]
    [InlineData("rate(15 minutes)", false)]
    [InlineData("rate(1 hours)", false)]
    [InlineData("daily", false)]
    [InlineData("", false)]
    public void ForecastStorageSchedule_Value_IsAllowedOnlyAsEventBridgeReadsItAndNotMoreOftenThanHourly(string value, bool isAllowed) =>
        AssertAllowed("ForecastStorageSchedule", value, isAllowed);

    [Theory]
    [InlineData("rate(1 hour)", true)]
    [InlineData("rate(6 hours)", true)]
    [InlineData("cron(7,37 * * * ? *)", true)]
    [InlineData("rate(15 minutes)", false)]
    [InlineData("rate(1 hours)", false)]
    [InlineData("hourly", false)]
    [InlineData("", false)]
    public void GrowStorageSchedule_Value_IsAllowedOnlyAsEventBridgeReadsItAndNotMoreOftenThanHourly(string value, bool isAllowed) =>
        AssertAllowed("GrowStorageSchedule", value, isAllowed);

    [Theory]
    [InlineData("", true)]
    [InlineData("orders", true)]
    [InlineData("Orders-2", true)]
    [InlineData("2orders", false)]
    [InlineData("orders*", false)]
    [InlineData("arn:aws:rds:us-east-1:123456789012:db:orders", false)]
    public void StorageAlarmDatabase_Value_IsAllowedOnlyAsAnIdentifier(string value, bool isAllowed) => AssertAllowed("StorageAlarmDatabase", value, isAllowed);

    [Theory]
    [InlineData("", true)]
    [InlineData("10.0.0.0/16", true)]
    [InlineData("10.0.0.0", false)]
    [InlineData("vpc-12345678", false)]
    public void EndpointVpcCidr_Value_IsAllowedOnlyAsABlock(string value, bool isAllowed) => AssertAllowed("EndpointVpcCidr", value, isAllowed);

    [Theory]
    [InlineData("", true)]
    [InlineData("vpc-12345678", true)]
    [InlineData("vpc-0a1b2c3d4e5f60718", true)]
    [InlineData("vpc-1", false)]
    [InlineData("subnet-12345678", false)]
    [InlineData("*", false)]
    public void EndpointVpcId_Value_IsAllowedOnlyAsAnId(string value, bool isAllowed) => AssertAllowed("EndpointVpcId", value, isAllowed);

    [Theory]
    [InlineData("ReserveConcurrency")]
    [InlineData("CreateDashboard")]
    [InlineData("InstallConnections")]
    [InlineData("InstallSecrets")]
    [InlineData("InstallSnapshots")]
    [InlineData("InstallFailover")]
    [InlineData("InstallStorage")]
    public void Switch_HasTwoValues(string name) => Assert.Equal(["true", "false"], TemplateTree.Texts(TemplateTree.Choices[name]!["AllowedValues"]));

    // No function that may read master passwords, unless somebody says so.
    [Fact]
    public void PrepareDatabases_IsAModeOrNothing_AndIsOffUnlessAskedFor()
    {
        Assert.Equal(["false", "observe", "act"], TemplateTree.Texts(TemplateTree.Choices["PrepareDatabases"]!["AllowedValues"]));
        Assert.Equal("false", (string?)TemplateTree.Choices["PrepareDatabases"]!["Default"]);
    }

    [Fact]
    public void Mode_HasTwoValues() => Assert.Equal(["observe", "act"], TemplateTree.Texts(TemplateTree.Choices["Mode"]!["AllowedValues"]));

    [Theory]
    [InlineData("VpcSubnetIds needs VpcSecurityGroupIds")]
    [InlineData("VpcSecurityGroupIds needs VpcSubnetIds")]
    [InlineData("EndpointVpcId needs VpcSubnetIds")]
    [InlineData("EndpointVpcId needs EndpointVpcCidr")]
    [InlineData("EndpointVpcId needs EndpointRouteTableIds")]
    [InlineData("one of the Install parameters must be true")]
    [InlineData("ConnectionsAlarmDatabase needs ConnectionsAlarmThreshold")]
    [InlineData("StorageAlarmDatabase needs StorageAlarmThreshold")]
    public void Rules_RefuseOneParameterWithoutTheOther(string description) => Assert.Single(
        TemplateTree.Root["Rules"]!.AsObject(),
        rule => (string?)rule.Value!["Assertions"]![0]!["AssertDescription"] == description);

    private static void AssertAllowed(string name, string value, bool isAllowed) =>
        Assert.Equal(isAllowed, Regex.IsMatch(value, Whole(TemplateTree.Choices[name]!["AllowedPattern"]!)));

    // CloudFormation matches the whole value.
    private static string Whole(JsonNode pattern) => $@"\A(?:{pattern})\z";
}
