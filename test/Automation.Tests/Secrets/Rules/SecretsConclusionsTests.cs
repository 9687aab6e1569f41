using System.Text.Json;
using Automation.Events;
using Automation.Outcomes;
using Automation.Secrets;
using static Automation.Tests.Secrets.Rules.Given;

namespace Automation.Tests.Secrets.Rules;

/// <summary>What machines and people get to know of a step, as the contract has it.</summary>
public sealed class SecretsConclusionsTests
{
    public static TheoryData<string> EveryStop => [.. EveryReason.Select(reason => reason.Value).Except(Successes)];

    [Fact]
    public void Of_StepThatActed_IsTheOutcomeOfTheContract()
    {
        var rotation = Rotation(PairSecret(("dbClusterIdentifier", "orders")), PairSecret(("username", Pair[1])));
        var result = new StepResult(Decision.Acted, Reasons.Rotated, "it is the current one now") { Rotation = rotation, Gap = TimeSpan.FromMilliseconds(41.6), Notes = ["a note"] };

        var conclusion = SecretsConclusions.Of(Step(RotationStep.Finish, "rotation-token-rotation-token-rotation"), result);

        Assert.Equal(
            $$$"""{"database":"orders","kind":"cluster","decision":"acted","reason":"rotated","summary":"it is the current one now","resource":"{{{Arn}}}","details":{"step":"finishSecret","strategy":"alternating-users","version":"{{{Token}}}","gapMs":42,"notes":["a note"]}}""",
            Json(conclusion));
        Assert.Equal(("RotationGapMs", "Milliseconds", 42.0), Metric(conclusion));
        Assert.Equal(Severity.Info, conclusion.Announcement?.Severity);
        Assert.Equal("orders: password rotated", conclusion.Announcement?.Headline);
    }

    [Fact]
    public void Of_StepThatLoadedNothing_NamesTheSecretAndNoStrategy()
    {
        var conclusion = SecretsConclusions.Of(Step(RotationStep.Create), StepResult.Stopped(new(Reasons.SecretNotFound, "there is no such secret")));

        Assert.Equal(
            $$$"""{"database":"{{{Arn}}}","kind":"unknown","decision":"refused","reason":"secret-not-found","summary":"there is no such secret","resource":"{{{Arn}}}","details":{"step":"createSecret","strategy":null,"version":"{{{Token}}}"}}""",
            Json(conclusion));
        Assert.Null(conclusion.Metrics);
    }

    [Theory]
    [InlineData("createSecret")]
    [InlineData("setSecret")]
    [InlineData("testSecret")]
    [InlineData("finishSecret")]
    public void Of_EveryStep_IsSpeltAsTheServiceDoes(string name)
    {
        var step = RotationRequestReader.Read(JsonElement.Parse($$"""{"Step":"{{name}}","SecretId":"{{Arn}}","ClientRequestToken":"{{Token}}"}"""));

        Assert.Equal(name, Details(step).GetProperty("step").GetString());
    }

    [Fact]
    public void Of_Recovery_IsAStepWithoutAVersion()
    {
        var details = Details(new RotationRequest.ByHand(Arn, Mode.Observe));

        Assert.Equal("recovery", details.GetProperty("step").GetString());
        Assert.False(details.TryGetProperty("version", out _));
    }

    [Theory]
    [InlineData("dbInstanceIdentifier", "orders-1", "orders-1", "instance")]
    [InlineData("dbClusterIdentifier", "orders", "orders", "cluster")]
    [InlineData("note", "orders", Host, "unknown")]
    public void Of_Database_IsTheInstanceOrClusterOrElseTheHost(string member, string value, string database, string kind)
    {
        var outcome = SecretsConclusions.Of(Step(RotationStep.Set), StepResult.Stopped(new(Reasons.Expired, "x"), Rotation(Secret((member, value))))).Outcome;

        Assert.Equal((database, kind), (outcome.Database, outcome.Kind));
    }

    [Theory, MemberData(nameof(EveryStop))]
    public void Of_StepThatStopped_TellsPeopleAsLoudlyAsTheReasonIs(string reason)
    {
        var conclusion = SecretsConclusions.Of(Step(RotationStep.Set), StepResult.Stopped(new(reason, "why"), Rotation()));

        var critical = reason is "current-refused" or "previous-logs-in" or "no-version-logs-in" or "roll-back-failed" or "changed-untested" or "unknown-outcome";
        Assert.Equal(critical ? Severity.Critical : Severity.Warning, conclusion.Announcement?.Severity);
        Assert.Equal(Reasons.MayPass.Contains(reason) ? Decision.Failed : Decision.Refused, conclusion.Outcome.Decision);
        Assert.Equal($"{Host}: setSecret: {reason}", conclusion.Announcement?.Headline);
        Assert.Contains("WHAT TO DO NEXT", conclusion.Announcement!.Text, StringComparison.Ordinal);
        Assert.Contains($$$"""{"detail":{"secret":"{{{Arn}}}"}}""", conclusion.Announcement.Text, StringComparison.Ordinal);
        Assert.Equal(Reasons.MayPass.Contains(reason), conclusion.Announcement.Text.Contains("It may pass", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Reasons.PendingStored)]
    [InlineData(Reasons.PendingAlreadyStored)]
    [InlineData(Reasons.PasswordSet)]
    [InlineData(Reasons.AlreadySet)]
    [InlineData(Reasons.PendingLogsIn)]
    [InlineData(Reasons.ReadyToRotate)]
    [InlineData(Reasons.AlreadyCurrent)]
    [InlineData(Reasons.CurrentLogsIn)]
    public void Of_StepOnTheWay_TellsNobody(string reason) =>
        Assert.Null(SecretsConclusions.Of(Step(RotationStep.Set), new StepResult(Decision.Acted, reason, "so far")).Announcement);

    [Theory]
    [InlineData(Decision.Acted, Reasons.Rotated, "WARNING: no fresh login through RDS Proxy shop", Severity.Warning)]
    [InlineData(Decision.Acted, Reasons.Rotated, "A fresh login through RDS Proxy shop works.", Severity.Info)]
    [InlineData(Decision.Acted, Reasons.Repaired, "version 1: logs in", Severity.Warning)]
    [InlineData(Decision.Observed, Reasons.RepairPlanned, "version 1: logs in", Severity.Warning)]
    public void Of_End_IsToldWithItsNotes(Decision decision, string reason, string note, Severity severity)
    {
        var announcement = SecretsConclusions.Of(Step(RotationStep.Finish), new StepResult(decision, reason, "the end") { Rotation = Rotation(), Notes = [note] }).Announcement;

        Assert.Equal(severity, announcement?.Severity);
        Assert.StartsWith("The end.", announcement!.Text, StringComparison.Ordinal);
        Assert.Contains($"  - {note}", announcement.Text, StringComparison.Ordinal);
    }

    private static JsonElement Details(RotationRequest request) =>
        SecretsConclusions.Of(request, StepResult.Stopped(new(Reasons.SecretNotFound, "x"))).Outcome.Details;

    private static (string, string, double) Metric(Conclusion conclusion)
    {
        var metric = Assert.Single(conclusion.Metrics!);
        return (metric.Name, metric.Unit, metric.Value);
    }

    private static string Json(Conclusion conclusion) => JsonSerializer.Serialize(conclusion.Outcome, OutcomesJson.Default.Outcome);
}
