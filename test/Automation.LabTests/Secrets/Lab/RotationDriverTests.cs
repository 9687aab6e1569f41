using System.Text.Json;
using Automation.Lab.Account;
using Automation.Lab.Secrets;
using Automation.Tests;

namespace Automation.LabTests.Secrets.Lab;

public sealed class RotationDriverTests
{
    private static readonly RotationRequest Request = new() { SecretArn = "arn:aws:secretsmanager:eu-west-3:123456789012:secret:s-abcdef", Token = "t" };
    private static readonly FunctionAnswer Done = new() { Succeeded = true };
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rotate_EveryStepSucceeds_InvokesEachOnceWithItsPayload()
    {
        var payloads = new List<string>();

        var run = await Driver(1).RotateAsync(Request with { RotationToken = "proof" }, Recording(payloads), cancellation);

        Assert.True(run.Succeeded);
        Assert.Equal(RotationDriver.Steps.Select(step =>
            $$"""{"Step":"{{step}}","SecretId":"{{Request.SecretArn}}","ClientRequestToken":"t","RotationToken":"proof"}"""), payloads);
    }

    [Fact]
    public async Task Rotate_WithoutARotationToken_LeavesItOutOfTheEvent()
    {
        var payloads = new List<string>();

        await Driver(1).RotateAsync(Request, Recording(payloads), cancellation);

        Assert.All(payloads, p => Assert.False(JsonElement.Parse(p).TryGetProperty("RotationToken", out _)));
    }

    [Fact]
    public async Task Rotate_FunctionThrows_IsAFailureOfThatStep()
    {
        var run = await Driver(1).RotateAsync(Request, (payload, _) => payload.Contains("setSecret", StringComparison.Ordinal)
            ? throw new InvalidOperationException("boom")
            : Task.FromResult(Done), cancellation);

        Assert.Equal((RotationOutcome.Failed, "setSecret failed: InvalidOperationException: boom"), (run.Outcome, run.Error));
        Assert.Equal(["createSecret", "setSecret"], run.Steps.Select(s => s.Step));
    }

    [Fact]
    public async Task Rotate_AlwaysFails_StopsAfterItsAttempts()
    {
        var run = await Driver(4).RotateAsync(Request, (_, _) => Task.FromResult(new FunctionAnswer { Succeeded = false, ErrorType = "X" }), cancellation);

        Assert.Equal([(1, "createSecret"), (2, "createSecret"), (3, "createSecret"), (4, "createSecret")], run.Steps.Select(s => (s.Attempt, s.Step)));
    }

    [Fact]
    public async Task Rotate_BetweenAttempts_WaitsThePause()
    {
        var time = new FakeTime(DateTimeOffset.UnixEpoch);
        var failed = false;
        var rotation = new RotationDriver(time, 2, TimeSpan.FromMinutes(5)).RotateAsync(Request, (_, _) =>
        {
            var answer = Done with { Succeeded = failed };
            failed = true;
            return Task.FromResult(answer);
        }, cancellation);

        time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        Assert.False(rotation.IsCompleted);
        time.Advance(TimeSpan.FromTicks(1));

        var run = await rotation;
        Assert.Equal((true, TimeSpan.FromMinutes(5)), (run.Succeeded, run.Duration));
    }

    [Fact]
    public async Task Rotate_NotWantedAnyMore_InvokesNoFurtherStep()
    {
        var payloads = new List<string>();
        var request = Request with { IsStillWanted = () => Task.FromResult(payloads.Count < 2) };

        var run = await Driver(3).RotateAsync(request, Recording(payloads), cancellation);

        Assert.Equal((RotationOutcome.Abandoned, 2), (run.Outcome, payloads.Count));
    }

    private static RotationDriver Driver(int attempts) => new(TimeProvider.System, attempts, TimeSpan.Zero);

    private static InvokeRotation Recording(List<string> payloads) => (payload, _) =>
    {
        payloads.Add(payload);
        return Task.FromResult(Done);
    };
}
