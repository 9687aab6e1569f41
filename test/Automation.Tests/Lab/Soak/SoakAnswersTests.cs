using System.Globalization;
using System.Text;
using Automation.Lab.Lambda;
using Automation.Lab.Secrets;
using Automation.Lab.Soak;

namespace Automation.Tests.Lab.Soak;

public sealed class SoakAnswersTests
{
    private const string Arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:soak/billing-AbCdEf", Token = "11111111-2222-3333-4444-555555555555";

    [Fact]
    public void Invocation_OfAnAnswer_HasItsOutcomes()
    {
        var seen = Seen(Ended("""{"outcomes":[{"decision":"acted","reason":"reconciled","summary":"one was deleted"}]}"""));

        Assert.Equal([new OutcomeSeen("acted", "reconciled", "one was deleted")], seen.Outcomes);
        Assert.True(seen is { Succeeded: true, ProcessEnded: false, FailureIsLogged: false });
    }

    // What cannot be read is judged, not thrown.
    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"done\"")]
    [InlineData("{\"outcomes\":1}")]
    [InlineData("not json")]
    [InlineData("")]
    public void Invocation_OfAnAnswerWithoutOutcomes_IsOneWithoutAReason(string payload) =>
        Assert.Equal([new OutcomeSeen("", "", "an answer without outcomes")], Seen(Ended(payload)).Outcomes);

    [Theory]
    [InlineData("storage failed for events: unanswered: RDS did not say", "unanswered", "RDS did not say")]
    [InlineData("aws-error: an AWS call was not answered", "aws-error", "an AWS call was not answered")]
    [InlineData("it broke", "", "it broke")]
    public void Invocation_ThatFailed_SaysWhy(string message, string reason, string sentence) =>
        Assert.Equal([new OutcomeSeen("failed", reason, sentence)], Seen(Failed(message)).Outcomes);

    [Fact]
    public void Invocation_OfWhichNobodyCouldBeTold_IsAboutNoDatabase() => Assert.Empty(Seen(Failed("nobody could be told about orders")).Outcomes);

    [Theory]
    [InlineData("r-1", "Error", 10.5, true)]
    [InlineData("r-1", "Error", 5, false)] // of the first attempt: Lambda's retry has the same id
    [InlineData("r-1", "Error", 12, false)] // of the third
    [InlineData("r-1", "Warning", 10.5, false)]
    [InlineData("r-2", "Error", 10.5, false)]
    public void Invocation_ThatFailed_IsLoggedByThisVeryAttempt(string request, string level, double at, bool logged)
    {
        var time = Given.At(at).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

        Assert.Equal(logged, Seen(Failed("it broke"), "not json r-1 \"Error\"", $$"""{"timestamp":"{{time}}","level":"{{level}}","requestId":"{{request}}"}""").FailureIsLogged);
    }

    [Fact]
    public void Invocation_WhoseProcessEnded_SaysSo()
    {
        var ended = Failed("Runtime exited") with { Report = Report("error") };

        Assert.True(SoakAnswers.Invocation("AFunction", ended, [], wasKilled: true) is { ProcessEnded: true, WasKilled: true, Outcomes: [] });
        Assert.True(SoakAnswers.Invocation("AFunction", ended, [], wasKilled: false) is { ProcessEnded: true, WasKilled: false });
    }

    [Theory]
    [InlineData("setSecret did not happen\n  secret    " + Arn + "\n  version   " + Token, true)] // the function's own
    [InlineData("createSecret did not happen\n  secret    " + Arn + "\n  version   another", false)] // of another rotation
    [InlineData("\"RotationFailed: needs a person.\" \"Secret: " + Arn + "\" \"When: 2026-01-14T03:00:20Z\"", true)]
    [InlineData("\"RotationFailed: needs a person.\" \"Secret: " + Arn + "\" \"When: 2026-01-14T02:59:00Z\"", false)] // of an earlier one
    [InlineData("\"RotationAbandoned: needs a person.\" \"Secret: " + Arn + "\" \"When: 2026-01-14T03:00:20Z\"", false)]
    [InlineData("\"RotationFailed: needs a person.\" \"Secret: another\" \"When: 2026-01-14T03:00:20Z\"", false)]
    public void OfRotations_OneThatFailed_IsToldByAMessageAboutItself(string message, bool told)
    {
        var failure = Assert.Single(SoakAnswers.OfRotations([Rotation(RotationOutcome.Failed), Rotation(RotationOutcome.Succeeded), Rotation(RotationOutcome.Abandoned)], [message], []));

        Assert.Equal(told, failure.Told);
    }

    // The function's own word counts where people got it; an event counts where it waits for them, too.
    [Theory]
    [InlineData("RotationFailed " + Arn + " 2026-01-14T03:00:20Z", true)]
    [InlineData(Arn + " " + Token, false)]
    public void OfRotations_EventThatWaitsInAQueue_IsHeardOf(string letter, bool told) =>
        Assert.Equal(told, Assert.Single(SoakAnswers.OfRotations([Rotation(RotationOutcome.Failed)], [], [letter])).Told);

    private static InvocationSeen Seen(InvocationResult result, params string[] log) => SoakAnswers.Invocation("AFunction", result, log, wasKilled: false);

    private static InvocationResult Ended(string payload) => new()
    {
        RequestId = "r-1",
        Succeeded = true,
        Payload = Encoding.UTF8.GetBytes(payload),
        Report = Report(null),
        BegunAt = Given.At(10),
        At = Given.At(11),
    };

    private static InvocationResult Failed(string message) => Ended("{}") with { Succeeded = false, ErrorType = "AnException", ErrorMessage = message };

    private static InvocationReport Report(string? status) =>
        new() { RequestId = "r-1", Duration = TimeSpan.FromSeconds(1), MemorySizeMB = 512, MaxMemoryUsedMB = 90, Status = status };

    private static RotationRun Rotation(RotationOutcome outcome) => new()
    {
        SecretArn = Arn,
        Token = Token,
        Outcome = outcome,
        Steps = [],
        Duration = TimeSpan.FromSeconds(3),
        EndedAt = Given.At(20.4),
        Error = "setSecret failed",
    };
}
