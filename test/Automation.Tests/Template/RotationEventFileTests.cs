using System.Text.Json;
using Automation.Lab.Account;
using Automation.Lab.Setup;
using Automation.Tests.Failover.Events;
using Automation.Tests.Preparation.Events;
using Automation.Tests.Storage.Events;

namespace Automation.Tests.Template;

/// <summary>What Secrets Manager sends: the four steps to the function itself, and what it says of a rotation to people.</summary>
public sealed class RotationEventFileTests
{
    private static readonly Dictionary<string, string> Steps = new()
    {
        ["secretsmanager-create-secret"] = "createSecret",
        ["secretsmanager-set-secret"] = "setSecret",
        ["secretsmanager-test-secret"] = "testSecret",
        ["secretsmanager-finish-secret"] = "finishSecret",
    };

    private static readonly Dictionary<string, string> Troubles = new()
    {
        ["secretsmanager-rotation-failed"] = "RotationFailed",
        ["secretsmanager-rotation-abandoned"] = "RotationAbandoned",
    };

    private const string ByHand = "rotate-secret-by-hand";

    public static TheoryData<string> StepNames => [.. Steps.Keys];

    public static TheoryData<string> TroubleNames => [.. Troubles.Keys];

    [Fact]
    public void Events_ThatAreNoAlarmOnConnections_AreTheOnesWithATestHereOrOfSnapshotsFailoversStorageOrPreparation() => Assert.Equal(
        [
            .. Steps.Keys.Concat(Troubles.Keys).Append(ByHand).Concat(SnapshotEventFileTests.Files).Concat(FailoverEventFileTests.Files)
                .Concat(StorageEventFileTests.Files).Concat(PreparationRequestReaderTests.Files).Order(StringComparer.Ordinal),
        ],
        EventFiles.Names.Where(name => !name.StartsWith("cloudwatch-alarm-", StringComparison.Ordinal)));

    // "Rotation by Lambda function", Secrets Manager user guide; lengths and characters from PutSecretValue.
    [Theory]
    [MemberData(nameof(StepNames))]
    public void Step_HasTheFieldsOfItsInvocation(string name)
    {
        var root = EventFiles.Read(name);
        string[] known = ["Step", "SecretId", "ClientRequestToken", "RotationToken"];

        Assert.Equal(Steps[name], root.GetProperty("Step").GetString());
        Assert.Matches(@"\Aarn:aws:secretsmanager:us-east-1:123456789012:secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}\z", root.GetProperty("SecretId").GetString());
        Assert.True(Guid.TryParseExact(root.GetProperty("ClientRequestToken").GetString(), "D", out _));
        Assert.All(root.EnumerateObject(), field => Assert.Contains(field.Name, known));
        if (root.TryGetProperty("RotationToken", out var token)) Assert.Matches(@"\A[a-zA-Z0-9-]{36,256}\z", token.GetString());
    }

    [Fact]
    public void Steps_AreOneRotation_WithARotationTokenInOneOfThem()
    {
        var all = Steps.Keys.Select(EventFiles.Read).ToList();

        Assert.Single(all.Select(step => (step.GetProperty("SecretId").GetString(), step.GetProperty("ClientRequestToken").GetString())).Distinct());
        Assert.Single(all, step => step.TryGetProperty("RotationToken", out _));
    }

    // Secrets Manager invokes the function itself.
    [Theory]
    [MemberData(nameof(StepNames))]
    [InlineData(ByHand)]
    public void Input_OfTheFunction_MatchesNoRule(string name)
    {
        Assert.Empty(EventFiles.FunctionsReachedBy(EventFiles.Read(name)));
        Assert.Empty(EventFiles.NoticesReachedBy(EventFiles.Read(name)));
    }

    [Fact]
    public void InputByHand_NamesASecretAndAMode()
    {
        var detail = EventFiles.Read(ByHand).GetProperty("detail");

        Assert.Equal(["secret", "mode"], detail.EnumerateObject().Select(field => field.Name));
        Assert.StartsWith("arn:aws:secretsmanager:", detail.GetProperty("secret").GetString(), StringComparison.Ordinal);
        Assert.Equal("observe", detail.GetProperty("mode").GetString());
    }

    [Theory]
    [MemberData(nameof(TroubleNames))]
    public void Trouble_OnTheBus_ReachesPeopleAndNoFunction(string name)
    {
        var root = EventFiles.Read(name);

        Assert.Equal(Troubles[name], root.GetProperty("detail").GetProperty("eventName").GetString());
        Assert.Equal(["RotationTroubleRule"], EventFiles.NoticesReachedBy(root));
        Assert.Empty(EventFiles.FunctionsReachedBy(root));
    }

    [Theory]
    [InlineData("\"RotationFailed\"", "\"TestRotationFailed\"", true)]
    [InlineData("\"RotationFailed\"", "\"RotationSucceeded\"", false)]
    [InlineData("\"RotationFailed\"", "\"RotationStarted\"", false)]
    [InlineData("AWS Service Event via CloudTrail", "AWS API Call via CloudTrail", false)]
    [InlineData("\"aws.secretsmanager\"", "\"our.tests\"", false)]
    [InlineData("\"region\": \"us-east-1\"", "\"region\": \"eu-north-1\"", false)]
    [InlineData("\"account\": \"123456789012\"", "\"account\": \"999999999999\"", false)]
    public void Trouble_OfAnotherKind_ReachesPeopleOnlyWhenItIsOne(string text, string other, bool isTold)
    {
        var file = Repository.Read("events/secretsmanager-rotation-failed.json");
        var changed = file.Replace(text, other, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(changed);

        Assert.NotEqual(file, changed);
        Assert.Equal(isTold, EventFiles.NoticesReachedBy(document.RootElement).Any());
    }

    [Fact]
    public void Notice_OfAFailedRotation_SaysWhichSecretWhyAndWhatToDo()
    {
        var notice = Notice("secretsmanager-rotation-failed");

        Assert.Equal(
            [
                "\"RotationFailed: the rotation of a secret needs a person.\"",
                "\"Secret: arn:aws:secretsmanager:us-east-1:123456789012:secret:orders/app-a1B2c3\"",
                "\"When: 2026-01-14T02:10:20Z\"",
                "\"What Secrets Manager says (empty when the rotation was abandoned): Error when executing lambda "
                    + "arn:aws:lambda:us-east-1:123456789012:function:rds-automation-RotateSecretFunction-9oDQfx6 during setSecret step\"",
            ],
            notice.Take(4));
        Assert.Contains("invoke lab-RotateSecretFunction by hand with this secret: docs/deploy.md, Repairing a rotation,", notice[^1], StringComparison.Ordinal);
        Assert.Contains("## Repairing a rotation", Repository.Read("docs/deploy.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void Notice_OfAnAbandonedRotation_HasNoErrorToShow()
    {
        var notice = Notice("secretsmanager-rotation-abandoned");

        Assert.Equal("\"RotationAbandoned: the rotation of a secret needs a person.\"", notice[0]);
        Assert.EndsWith("(empty when the rotation was abandoned): \"", notice[3], StringComparison.Ordinal);
    }

    // The e-mail shows what the template has: a quotation mark within a line would come with its backslash.
    [Theory]
    [MemberData(nameof(TroubleNames))]
    public void Notice_ALine_HasNoQuotationMarkInside(string name) =>
        Assert.All(Notice(name), line => Assert.Matches("""^"[^"\\<]+"$""", line));

    private static string[] Notice(string name)
    {
        var target = Assert.Single(TemplateTree.Deployed().EventRules.Single(rule => rule.LogicalId == "RotationTroubleRule").Targets);
        return InputTransformation.Render(target.InputTransformer!, EventFiles.Read(name)).TrimEnd().Split('\n');
    }
}
