using System.Collections.Concurrent;
using System.Text.Json;
using Amazon.SecretsManager.Model;
using Automation.Lab.Account;
using Automation.Lab.Secrets;
using Automation.Lab.Setup;
using Automation.LabTests.Fixtures;

namespace Automation.LabTests.Account;

/// <summary>What people hear of a rotation through <c>RotationTroubleRule</c> of <c>template.yaml</c>, by SNS's own protocol.</summary>
public sealed class RotationTroubleTests(MotoFixture moto)
{
    // Where the event files happened; the rule takes events of its own Region alone.
    private const string Region = "us-east-1";
    private const string Secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:orders/app-a1B2c3";
    private const string Error = "Error when executing lambda";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("secretsmanager-rotation-failed", "RotationFailed", Error)]
    [InlineData("secretsmanager-rotation-abandoned", "RotationAbandoned", "")]
    public async Task Put_EventFile_ReachesTheTopic(string file, string name, string error)
    {
        await using var lab = await DeployAsync(name);

        await PutAsync(lab, JsonElement.Parse(Repository.Read($"events/{file}.json")));

        AssertTold(Assert.Single(lab.Account.Notifications.Entries), lab, name, Secret, error);
        var call = Assert.Single(lab.Account.Endpoint.Calls.Entries);
        Assert.Equal(("sns", "Publish", TopicPublisher.AccessKeyId), (call.Service, call.Action, call.Call.AccessKeyId));
    }

    [Theory]
    [InlineData(RotationEvent.Failed, true)]
    [InlineData(RotationEvent.Abandoned, true)]
    [InlineData(RotationEvent.TestFailed, true)]
    [InlineData(RotationEvent.Started, false)]
    [InlineData(RotationEvent.Succeeded, false)]
    [InlineData(RotationEvent.TestSucceeded, false)]
    public async Task Put_EventOfTheLabsSecretsManager_ReachesTheTopicWhenItIsTrouble(string name, bool isTold)
    {
        await using var lab = await DeployAsync($"made-{name}");

        await PutAsync(lab, RotationEvent.Create(name, Secret, "token", DateTimeOffset.UtcNow, $"{Error} of {name}"));

        if (isTold) AssertTold(Assert.Single(lab.Account.Notifications.Entries), lab, name, Secret, $"{Error} of {name}");
        else Assert.Empty(lab.Account.Notifications.Entries);
        Assert.Empty(lab.Account.Bus.DeadLetters.Entries);
    }

    [Theory]
    [InlineData(nameof(FaultKind.Throttle), 1)]
    [InlineData(nameof(FaultKind.InternalError), 1)]
    [InlineData(nameof(FaultKind.ApplyThenInternalError), 2)]
    public async Task Put_SnsFailsOnce_IsToldAllTheSame(string kind, int times)
    {
        await using var lab = await DeployAsync($"once-{kind}");
        lab.Account.Endpoint.Faults.Inject(new Fault { Kind = Enum.Parse<FaultKind>(kind), Service = "sns", Action = "Publish" });

        await PutAsync(lab, RotationEvent.Create(RotationEvent.Failed, Secret, "token", DateTimeOffset.UtcNow));

        Assert.Equal(times, lab.Account.Notifications.Entries.Count);
        Assert.Empty(lab.Account.Bus.DeadLetters.Entries);
    }

    [Theory]
    [InlineData(nameof(FaultKind.Throttle), "THROTTLING")]
    [InlineData(nameof(FaultKind.InternalError), "ERROR_FROM_TARGET")]
    [InlineData(nameof(FaultKind.Drop), "CONNECTION_FAILURE")]
    public async Task Put_SnsFailsForGood_TheEventIsKeptInTheRulesQueue(string kind, string code)
    {
        await using var lab = await DeployAsync($"never-{kind}");
        lab.Account.Endpoint.Faults.Inject(new Fault { Kind = Enum.Parse<FaultKind>(kind), Service = "sns", Action = "Publish", Times = int.MaxValue });
        var trouble = RotationEvent.Create(RotationEvent.Failed, Secret, "token", DateTimeOffset.UtcNow);

        await PutAsync(lab, trouble);

        var letter = Assert.Single(lab.Account.Bus.DeadLetters.Entries);
        Assert.Equal((Queue(lab), "MaximumRetryAttempts", 11, code), (letter.QueueArn, letter.Reason, letter.Attempts, letter.Attributes["ERROR_CODE"]));
        Assert.Equal(trouble.GetRawText(), letter.Body);
        Assert.Empty(lab.Account.Notifications.Entries);
    }

    [Fact]
    public async Task Publish_TopicIsGone_IsRefusedForGood()
    {
        using var publisher = new TopicPublisher(moto.Server.Uri, Region);

        var refusal = await publisher.PublishAsync("arn:aws:sns:us-east-1:123456789012:nobody", "text", cancellation);

        Assert.Equal(("NO_RESOURCE", true), (refusal?.Code, refusal?.IsFinal));
    }

    [Fact]
    public async Task RotateSecret_FunctionAlwaysFails_EndsWithAMessageToPeople()
    {
        await using var lab = await AccountOnMoto.DeployAsync(moto, "rotation", "us-west-2", cancellation);
        var function = new FailingFunction();
        lab.Account.Connect(function);
        var secret = await lab.Application.SecretsManager.CreateSecretAsync(
            new CreateSecretRequest { Name = "trouble/app", SecretString = "{}" }, cancellation);
        var functionArn = lab.Account.Template.Function("RotateSecretFunction").Arn;

        await lab.Application.SecretsManager.RotateSecretAsync(
            new RotateSecretRequest { SecretId = secret.ARN, RotationLambdaARN = functionArn }, cancellation);
        using var deadline = Deadline();
        await lab.Account.Rotations.Runs.FirstAsync(run => run is { Succeeded: false } && run.SecretArn == secret.ARN, deadline.Token);
        await lab.Account.Bus.IdleAsync(deadline.Token);

        Assert.Equal(["RotateSecretFunction"], function.Invoked.Distinct());
        AssertTold(Assert.Single(lab.Account.Notifications.Entries), lab,
            "RotationFailed", secret.ARN, $"Error when executing lambda {functionArn} during createSecret step");
        // Secrets Manager does not pass on what the function said.
        Assert.DoesNotContain(FailingFunction.Words, lab.Account.Notifications.Entries[0].TextFor("email"), StringComparison.Ordinal);
    }

    private async Task<AccountOnMoto> DeployAsync(string stack)
    {
        var lab = await AccountOnMoto.DeployAsync(moto, $"trouble-{stack}", Region, cancellation);
        lab.Account.Connect(new FailingFunction());
        return lab;
    }

    private async Task PutAsync(AccountOnMoto lab, JsonElement @event)
    {
        using var deadline = Deadline();
        lab.Account.Bus.Put(@event);
        await lab.Account.Bus.IdleAsync(deadline.Token);
    }

    private static void AssertTold(Notification told, AccountOnMoto lab, string name, string secret, string error)
    {
        Assert.Equal(lab.Account.Template.Topics.Single(topic => topic.LogicalId == "NotificationTopic").Arn, told.TopicArn);
        var lines = told.TextFor("email").Split('\n');
        Assert.Equal($"\"{name}: the rotation of a secret needs a person.\"", lines[0]);
        Assert.Equal($"\"Secret: {secret}\"", lines[1]);
        Assert.Contains($"abandoned): {error}", lines[3], StringComparison.Ordinal);
        Assert.Contains($"{lab.Inputs.StackName}-RotateSecretFunction", lines[4], StringComparison.Ordinal);
    }

    private static string Queue(AccountOnMoto lab) =>
        lab.Account.Template.Queues.Single(queue => queue.LogicalId == "UndeliveredEventsQueue").Arn;

    private CancellationTokenSource Deadline()
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        source.CancelAfter(Patience);
        return source;
    }

    private sealed class FailingFunction : IFunctionInvoker
    {
        public const string Words = "login-refused: made up";

        public ConcurrentQueue<string> Invoked { get; } = [];

        public Task<FunctionAnswer> InvokeAsync(string functionLogicalId, ReadOnlyMemory<byte> payload, CancellationToken cancellation)
        {
            Invoked.Enqueue(functionLogicalId);
            return Task.FromResult(new FunctionAnswer { Succeeded = false, ErrorType = "LoginRefused", ErrorMessage = Words });
        }
    }
}
