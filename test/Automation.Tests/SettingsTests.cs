using Automation.Outcomes;

namespace Automation.Tests;

public sealed class SettingsTests
{
    private const string Topic = "arn:aws:sns:eu-central-1:123456789012:automation";

    private static Settings Read(params (string Name, string? Value)[] variables)
    {
        var environment = new Dictionary<string, string?> { ["NOTIFICATION_TOPIC_ARN"] = Topic, ["LEDGER_TABLE_NAME"] = "automation-ledger" };
        foreach (var (name, value) in variables) environment[name] = value;
        return Settings.Read(name => environment.GetValueOrDefault(name));
    }

    // Lambda's own variable, and none of ours: nothing is refused for it.
    [Fact]
    public void Read_LogGroup_IsLambdas()
    {
        Assert.Equal("/aws/lambda/rds-automation-TakeSnapshots", Read(("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/rds-automation-TakeSnapshots")).LogGroup);
        Assert.Null(Read().LogGroup);
    }

    [Fact]
    public void Read_RequiredOnly_TakesTheDefaultsOfTheContract()
    {
        var settings = Read();

        Assert.Equal(
            new Settings
            {
                Mode = Mode.Observe,
                TagPrefix = "automation",
                NotificationTopicArn = Topic,
                LedgerTableName = "automation-ledger",
                StagingTag = new StagingTag("environment", "staging"),
                DatabaseUser = "automation",
                CaBundlePath = null,
            },
            settings);
    }

    [Fact]
    public void Read_EverythingSet_TakesIt()
    {
        var settings = Read(
            ("MODE", "act"),
            ("TAG_PREFIX", "acme:db"),
            ("NOTIFICATION_TOPIC_ARN", "arn:aws-cn:sns:cn-north-1:123456789012:Team_On-call"),
            ("LEDGER_TABLE_NAME", "Ledger.v2"),
            ("STAGING_TAG", "Stage Of=a=b/c"),
            ("DATABASE_USER", "rds automation"),
            ("CA_BUNDLE_PATH", "/opt/ca.pem"),
            ("REPORT_BUCKET", "acme.failover-reports"));

        Assert.Equal(
            new Settings
            {
                Mode = Mode.Act,
                TagPrefix = "acme:db",
                NotificationTopicArn = "arn:aws-cn:sns:cn-north-1:123456789012:Team_On-call",
                LedgerTableName = "Ledger.v2",
                StagingTag = new StagingTag("Stage Of", "a=b/c"),
                DatabaseUser = "rds automation",
                CaBundlePath = "/opt/ca.pem",
                ReportBucket = "acme.failover-reports",
            },
            settings);
    }

    [Theory]
    [InlineData("MODE")]
    [InlineData("TAG_PREFIX")]
    [InlineData("STAGING_TAG")]
    [InlineData("DATABASE_USER")]
    [InlineData("CA_BUNDLE_PATH")]
    [InlineData("REPORT_BUCKET")]
    public void Read_OptionalSetToNothing_CountsAsNotSet(string variable) => Assert.Equal(Read(), Read((variable, "")));

    [Theory]
    [InlineData("NOTIFICATION_TOPIC_ARN", null)]
    [InlineData("NOTIFICATION_TOPIC_ARN", "")]
    [InlineData("LEDGER_TABLE_NAME", null)]
    [InlineData("LEDGER_TABLE_NAME", "")]
    public void Read_RequiredMissing_NamesIt(string variable, string? value)
    {
        var error = Assert.Throws<InvalidSettingException>(() => Read((variable, value)));

        Assert.Equal(variable, error.Variable);
        Assert.StartsWith($"{variable}: expected ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(", found nothing", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Malformed => new()
    {
        { "MODE", "Act" },
        { "MODE", "off" },
        { "MODE", "act " },
        { "REPORT_BUCKET", "ab" },
        { "REPORT_BUCKET", "Reports" },
        { "REPORT_BUCKET", "re_ports" },
        { "REPORT_BUCKET", "-reports" },
        { "REPORT_BUCKET", "reports-" },
        { "REPORT_BUCKET", "re..ports" },
        { "REPORT_BUCKET", "10.0.1.7" },
        { "REPORT_BUCKET", "xn--reports" },
        { "REPORT_BUCKET", "s3://reports" },
        { "REPORT_BUCKET", "reports\n" },
        { "REPORT_BUCKET", new string('r', 64) },
        { "TAG_PREFIX", "automation:" },
        { "TAG_PREFIX", "two words" },
        { "TAG_PREFIX", "AWS:rds" },
        { "TAG_PREFIX", "name\n" },
        { "TAG_PREFIX", new string('a', 101) },
        { "NOTIFICATION_TOPIC_ARN", "automation" },
        { "NOTIFICATION_TOPIC_ARN", "arn:aws:sqs:eu-central-1:123456789012:automation" },
        { "NOTIFICATION_TOPIC_ARN", "arn:aws:sns:eu-central-1:1234:automation" },
        { "NOTIFICATION_TOPIC_ARN", Topic + ".fifo" },
        { "NOTIFICATION_TOPIC_ARN", Topic + "\n" },
        { "LEDGER_TABLE_NAME", "ab" },
        { "LEDGER_TABLE_NAME", "arn:aws:dynamodb:eu-central-1:123456789012:table/ledger" },
        { "STAGING_TAG", "staging" },
        { "STAGING_TAG", "=staging" },
        { "STAGING_TAG", "environment=" },
        { "STAGING_TAG", "aws:stage=staging" },
        { "STAGING_TAG", "environment=a,b" },
        { "DATABASE_USER", "pg_automation" },
        { "DATABASE_USER", "line\nbreak" },
        { "DATABASE_USER", new string('a', 64) },
        { "DATABASE_USER", new string('é', 32) },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Read_Malformed_NamesVariableExpectationAndValueOnOneLine(string variable, string value)
    {
        var error = Assert.Throws<InvalidSettingException>(() => Read((variable, value)));

        Assert.Equal(variable, error.Variable);
        Assert.Matches($@"\A{variable}: expected .+, found '.+'\z", error.Message);
    }

    [Fact]
    public void Read_RoleNameOf63Bytes_IsTaken() => Assert.Equal(63, Read(("DATABASE_USER", new string('a', 63))).DatabaseUser.Length);
}
