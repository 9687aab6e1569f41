using System.Text.Json;
using Automation.Events;
using Automation.Lab.Setup;
using Automation.Tests.Template;

namespace Automation.Tests.Events;

public sealed class OriginTests
{
    private const string Request = "4dba8d9e-1c6b-4f5e-9a51-7f0d3a1c2b3e";

    private static string Of(string input, string? logGroup = "/aws/lambda/rds-automation-GrowStorage") => Origin.Of(JsonElement.Parse(input), Request, logGroup);

    public static TheoryData<string> Files => [.. EventFiles.Names];

    [Theory]
    [InlineData("cloudwatch-alarm-single-metric", "alarm orders-connections at 2026-01-14 09:31:27Z")]
    [InlineData("cloudwatch-alarm-action-single-metric", "alarm orders-connections at 2026-01-14 09:31:27Z")]
    [InlineData("rds-storage-0089", "RDS-EVENT-0089 of orders at 2026-01-14 03:00:15Z")]
    [InlineData("rds-snapshot-without-event-id", "an event of RDS of auto-orders-20260114-0600 at 2026-01-14 06:09:13Z")]
    [InlineData("eventbridge-schedule-grow-storage", "schedule rds-automation-GrowStorageFunctionSchedule-1MNOPQRSTUVWX at 2026-01-14 07:12:00Z")]
    [InlineData("storage-by-hand", "a request by hand")]
    [InlineData("rotate-secret-by-hand", "a request by hand")]
    [InlineData("prepare-by-hand", "a request by hand")]
    [InlineData("secretsmanager-set-secret", "Secrets Manager, setSecret")]
    public void Of_Event_SaysWhatSetItOff(string file, string trigger) =>
        Assert.Equal($"Set off by: {trigger} · request {Request} in /aws/lambda/rds-automation-GrowStorage", Of(Repository.Read($"events/{file}.json")));

    [Theory]
    [MemberData(nameof(Files))]
    public void Of_EveryEventFile_IsOneLineWithTheRequest(string file)
    {
        var line = Of(Repository.Read($"events/{file}.json"));

        Assert.EndsWith($"request {Request} in /aws/lambda/rds-automation-GrowStorage", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
    }

    // What is not known is not made up.
    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"source":"aws.s3","detail":{}}""")]
    [InlineData("""{"source":"aws.cloudwatch"}""")]
    public void Of_NothingKnown_IsTheRequestAlone(string input) => Assert.Equal($"Of request {Request}", Of(input, null));

    [Theory]
    [InlineData("""{"source":"aws.events"}""", "schedule")]
    [InlineData("""{"source":"aws.events","time":"soon","resources":[]}""", "schedule")]
    [InlineData("""{"source":"aws.events","resources":["arn:aws:scheduler:x"]}""", "schedule")]
    [InlineData("""{"source":"aws.rds","detail":{"EventID":7}}""", "an event of RDS")]
    [InlineData("""{"source":"aws.cloudwatch","alarmData":{"alarmName":"a","state":{"timestamp":null}}}""", "alarm a")]
    [InlineData("""{"source":"aws.cloudwatch","detail":{"alarmName":"a\n\u202eb","state":[]}}""", "alarm a\\u000a\\u202eb")]
    [InlineData("""{"source":"aws.cloudwatch","detail":{"alarmName":"\ud800"}}""", "alarm")]
    public void Of_MembersMissingOrMalformed_LeavesThemOut(string input, string trigger) => Assert.Equal($"Set off by: {trigger} · request {Request}", Of(input, ""));

    // RotationToken is a credential.
    [Fact]
    public void Of_RotationStep_TellsNothingButItsName()
    {
        var line = Of("""{"Step":"createSecret","SecretId":"arn:aws:secretsmanager:x","ClientRequestToken":"abc","RotationToken":"hush"}""", null);

        Assert.Equal($"Set off by: Secrets Manager, createSecret · request {Request}", line);
    }
}
