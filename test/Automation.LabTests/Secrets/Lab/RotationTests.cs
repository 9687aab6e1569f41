using Amazon.SecretsManager;
using Amazon.SecretsManager.Model;
using Automation.Lab.Secrets;
using Automation.LabTests.Fixtures;
using static Automation.LabTests.Secrets.Lab.SecretsOnMoto;

namespace Automation.LabTests.Secrets.Lab;

/// <summary>RotateSecret and what follows, as Secrets Manager drives it.</summary>
public sealed class RotationTests(MotoFixture moto)
{
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rotate_FunctionSucceeds_MovesTheLabelsAndSaysSo()
    {
        await using var lab = await FunctionLab.StartAsync(moto);
        var (arn, old) = await lab.Secrets.CreateAsync();
        var before = DateTime.UtcNow;

        await lab.Secrets.RotateAsync(arn, Token("new"));
        var run = await lab.Secrets.EndAsync(Token("new"));

        Assert.Equal((RotationOutcome.Succeeded, 1, null), (run.Outcome, run.Attempts, run.Error));
        Assert.Equal(RotationDriver.Steps, run.Steps.Select(s => s.Step));
        // AWSPENDING is gone, though the function left it.
        Assert.Equal(new HashSet<string> { $"{old} AWSPREVIOUS", $"{Token("new")} AWSCURRENT" }, [.. await lab.Secrets.LabelsAsync(arn)]);
        Assert.Equal($"value of {Token("new")}", await lab.Secrets.ValueAsync(arn));
        Assert.Equal(["RotationStarted", "RotationSucceeded"], lab.Secrets.EventNames);
        var shown = await lab.Secrets.DescribeAsync(arn);
        Assert.Equal((true, FunctionArn, 30), (shown.RotationEnabled, shown.RotationLambdaARN, (int?)shown.RotationRules.AutomaticallyAfterDays));
        Assert.True(shown.LastRotatedDate >= before.AddSeconds(-1));
    }

    [Fact]
    public async Task Rotate_Payload_NamesTheArnAndKeepsOneTokenThroughout()
    {
        await using var lab = await FunctionLab.StartAsync(moto);
        var (arn, _) = await lab.Secrets.CreateAsync();

        await lab.Secrets.RotateAsync((await lab.Secrets.DescribeAsync(arn)).Name, Token("new"));
        await lab.Secrets.EndAsync(Token("new"));

        Assert.Equal(RotationDriver.Steps, lab.Function.Steps);
        Assert.All(lab.Function.Events, e =>
        {
            Assert.Equal(["Step", "SecretId", "ClientRequestToken", "RotationToken"], e.EnumerateObject().Select(m => m.Name));
            Assert.Equal((arn, Token("new")), (e.GetProperty("SecretId").GetString(), e.GetProperty("ClientRequestToken").GetString()));
        });
        Assert.Single(lab.Function.Events.Select(e => e.GetProperty("RotationToken").GetString()).Distinct());
    }

    [Fact]
    public async Task Rotate_BeforeCreateSecret_ThePendingVersionIsShownAndHasNoValue()
    {
        await using var lab = await FunctionLab.StartAsync(moto);
        var (arn, old) = await lab.Secrets.CreateAsync();
        var seen = new List<string>();
        lab.Function.Meanwhile = async step =>
        {
            if (step != "createSecret") return;
            seen.AddRange(await lab.Secrets.LabelsAsync(arn));
            foreach (var version in new[] { null, Token("new") })
                seen.Add((await Assert.ThrowsAsync<ResourceNotFoundException>(() => lab.Secrets.ValueAsync(arn, version, "AWSPENDING"))).Message);
            var listed = await lab.Secrets.Client.ListSecretVersionIdsAsync(new ListSecretVersionIdsRequest { SecretId = arn }, cancellation);
            seen.AddRange(listed.Versions.Select(v => v.VersionId));
        };

        await lab.Secrets.RotateAsync(arn, Token("new"));
        await lab.Secrets.EndAsync(Token("new"));

        const string missing = "Secrets Manager can't find the specified secret value for staging label: AWSPENDING";
        Assert.Equal(new[] { $"{old} AWSCURRENT", $"{Token("new")} AWSPENDING" }.Order().Concat([missing, missing, old, Token("new")]), seen);
    }

    [Fact]
    public async Task Rotate_StepFailsOnce_BeginsAgainWithTheSameToken()
    {
        await using var lab = await FunctionLab.StartAsync(moto, f => f.FailOnce("testSecret"));
        var (arn, _) = await lab.Secrets.CreateAsync();

        await lab.Secrets.RotateAsync(arn, Token("new"));
        var run = await lab.Secrets.EndAsync(Token("new"));

        Assert.Equal((true, 2), (run.Succeeded, run.Attempts));
        Assert.Equal(["createSecret", "setSecret", "testSecret", .. RotationDriver.Steps], lab.Function.Steps);
        Assert.Equal("LoginRefused", run.Steps[2].Answer.ErrorType);
        Assert.Equal(["RotationStarted", "RotationSucceeded"], lab.Secrets.EventNames);
    }

    [Fact]
    public async Task Rotate_StepFailsToTheEnd_LeavesPendingAndSaysWhichStep()
    {
        await using var lab = await FunctionLab.StartAsync(moto, f => f.FailOnce("setSecret").FailOnce("setSecret"), attempts: 2);
        var (arn, old) = await lab.Secrets.CreateAsync();

        await lab.Secrets.RotateAsync(arn, Token("new"));
        var run = await lab.Secrets.EndAsync(Token("new"));

        Assert.Equal((RotationOutcome.Failed, 2), (run.Outcome, run.Attempts));
        Assert.Equal("setSecret failed: LoginRefused: login-refused: made up", run.Error);
        Assert.Equal(new HashSet<string> { $"{old} AWSCURRENT", $"{Token("new")} AWSPENDING" }, [.. await lab.Secrets.LabelsAsync(arn)]);
        Assert.Null((await lab.Secrets.DescribeAsync(arn)).LastRotatedDate);
        var failed = lab.Secrets.Events.Entries[^1];
        Assert.Equal(("aws.secretsmanager", "AWS Service Event via CloudTrail"), (failed.GetProperty("source").GetString(), failed.GetProperty("detail-type").GetString()));
        var detail = failed.GetProperty("detail");
        Assert.Equal(("RotationFailed", "secretsmanager.amazonaws.com"), (detail.GetProperty("eventName").GetString(), detail.GetProperty("eventSource").GetString()));
        Assert.Equal($"Error when executing lambda {FunctionArn} during setSecret step", detail.GetProperty("errorMessage").GetString());
        Assert.Equal((arn, Token("new")), (detail.GetProperty("additionalEventData").GetProperty("SecretId").GetString(),
            detail.GetProperty("additionalEventData").GetProperty("ClientRequestToken").GetString()));
    }

    [Fact]
    public async Task Rotate_PreviousNotComplete_RefusesAndReattemptsTheOldToken()
    {
        await using var lab = await FunctionLab.StartAsync(moto, f => f.FailOnce("setSecret"), attempts: 1);
        var (arn, old) = await lab.Secrets.CreateAsync();
        await lab.Secrets.RotateAsync(arn, Token("first"));
        await lab.Secrets.EndAsync(Token("first"));

        var refused = await Assert.ThrowsAsync<InvalidRequestException>(() => lab.Secrets.RotateAsync(arn, Token("second")));
        await lab.Secrets.Rotations.IdleAsync(cancellation);

        Assert.Equal("A previous rotation isn't complete. That rotation will be reattempted.", refused.Message);
        Assert.Equal([(Token("first"), RotationOutcome.Failed), (Token("first"), RotationOutcome.Succeeded)],
            lab.Secrets.Rotations.Runs.Entries.Select(r => (r.Token, r.Outcome)));
        Assert.Equal(new HashSet<string> { $"{old} AWSPREVIOUS", $"{Token("first")} AWSCURRENT" }, [.. await lab.Secrets.LabelsAsync(arn)]);
    }

    [Fact]
    public async Task Rotate_WhileARotationRuns_IsRefusedAndNothingRunsTwice()
    {
        await using var lab = await FunctionLab.StartAsync(moto);
        var (arn, _) = await lab.Secrets.CreateAsync();
        lab.Function.Meanwhile = async step =>
        {
            if (step == "setSecret") await Assert.ThrowsAsync<InvalidRequestException>(() => lab.Secrets.RotateAsync(arn, Token("second")));
        };

        await lab.Secrets.RotateAsync(arn, Token("first"));
        await lab.Secrets.RotateAsync(arn, Token("first"));
        var run = await lab.Secrets.EndAsync(Token("first"));
        await lab.Secrets.Rotations.IdleAsync(cancellation);

        Assert.Null(run.Error);
        Assert.Equal(RotationDriver.Steps, lab.Function.Steps);
    }

    [Fact]
    public async Task Rotate_Twice_TheSecondStartsFromTheFirst()
    {
        await using var lab = await FunctionLab.StartAsync(moto);
        var (arn, _) = await lab.Secrets.CreateAsync();

        foreach (var token in new[] { Token("first"), Token("second") })
        {
            await lab.Secrets.RotateAsync(arn, token);
            Assert.True((await lab.Secrets.EndAsync(token)).Succeeded);
            await lab.Secrets.Rotations.IdleAsync(cancellation);
        }

        Assert.Equal([$"{Token("first")} AWSPREVIOUS", $"{Token("second")} AWSCURRENT"], await lab.Secrets.LabelsAsync(arn));
    }

    [Fact]
    public async Task Rotate_NotImmediately_TestsAloneAndLeavesNothing()
    {
        await using var lab = await FunctionLab.StartAsync(moto);
        var (arn, old) = await lab.Secrets.CreateAsync();
        var seen = new List<string>();
        lab.Function.Meanwhile = async _ =>
        {
            seen.AddRange(await lab.Secrets.LabelsAsync(arn));
            await Assert.ThrowsAsync<ResourceNotFoundException>(() => lab.Secrets.ValueAsync(arn, Token("test"), "AWSPENDING"));
        };

        await lab.Secrets.RotateAsync(arn, Token("test"), immediately: false);
        var run = await lab.Secrets.EndAsync(Token("test"));

        Assert.Null(run.Error);
        Assert.Equal(["testSecret"], lab.Function.Steps);
        Assert.Equal(new[] { $"{old} AWSCURRENT", $"{Token("test")} AWSPENDING" }.Order(), seen);
        Assert.Equal([$"{old} AWSCURRENT"], await lab.Secrets.LabelsAsync(arn));
        Assert.Equal(["TestRotationStarted", "TestRotationSucceeded"], lab.Secrets.EventNames);
    }

    [Fact]
    public async Task Rotate_NotImmediatelyAndTheTestFails_SaysSoOnce()
    {
        await using var lab = await FunctionLab.StartAsync(moto, f => f.FailOnce("testSecret"));
        var (arn, old) = await lab.Secrets.CreateAsync();

        await lab.Secrets.RotateAsync(arn, Token("test"), immediately: false);
        var run = await lab.Secrets.EndAsync(Token("test"));

        Assert.Equal((RotationOutcome.Failed, 1), (run.Outcome, run.Attempts));
        Assert.Equal([$"{old} AWSCURRENT"], await lab.Secrets.LabelsAsync(arn));
        Assert.Equal(["TestRotationStarted", "TestRotationFailed"], lab.Secrets.EventNames);
    }

    [Fact]
    public async Task Put_DuringARotation_AbandonsItAndKeepsItsValueReadable()
    {
        await using var lab = await FunctionLab.StartAsync(moto);
        var (arn, old) = await lab.Secrets.CreateAsync();
        lab.Function.Meanwhile = step => step == "setSecret" ? lab.Secrets.PutAsync(arn, Token("manual"), "by hand") : Task.CompletedTask;

        await lab.Secrets.RotateAsync(arn, Token("new"));
        var run = await lab.Secrets.EndAsync(Token("new"));

        Assert.Equal(RotationOutcome.Abandoned, run.Outcome);
        Assert.Equal(["createSecret", "setSecret"], lab.Function.Steps);
        Assert.Equal(["RotationStarted", "RotationAbandoned"], lab.Secrets.EventNames);
        Assert.Equal(new HashSet<string> { $"{old} AWSPREVIOUS", $"{Token("manual")} AWSCURRENT" }, [.. await lab.Secrets.LabelsAsync(arn)]);
        Assert.Equal($"value of {Token("new")}", await lab.Secrets.ValueAsync(arn, Token("new")));
    }

    [Fact]
    public async Task Put_PendingOfAnotherTokenBeforeCreateSecret_TakesTheLabelFromTheEmptyVersion()
    {
        await using var secrets = await StartAsync(moto);
        var (arn, old) = await secrets.CreateAsync();
        await secrets.Rotations.OpenAsync(arn, Token("new"));

        await secrets.PutAsync(arn, Token("manual"), "by hand", "AWSPENDING");

        Assert.Equal(new HashSet<string> { $"{old} AWSCURRENT", $"{Token("manual")} AWSPENDING" }, [.. await secrets.LabelsAsync(arn)]);
        Assert.Equal(["RotationAbandoned"], secrets.EventNames);
    }

    [Fact]
    public async Task Move_PendingOffTheEmptyVersion_EndsIt()
    {
        await using var secrets = await StartAsync(moto);
        var (arn, old) = await secrets.CreateAsync();
        await secrets.Rotations.OpenAsync(arn, Token("new"));

        await Assert.ThrowsAsync<ResourceNotFoundException>(() => secrets.MoveAsync(arn, "AWSCURRENT", old, Token("new")));
        await secrets.MoveAsync(arn, "AWSPENDING", Token("new"), null);

        Assert.Equal([$"{old} AWSCURRENT"], await secrets.LabelsAsync(arn));
    }

    [Fact]
    public async Task Cancel_DuringARotation_StopsItAndLeavesTheLabels()
    {
        await using var lab = await FunctionLab.StartAsync(moto);
        var (arn, old) = await lab.Secrets.CreateAsync();
        lab.Function.Meanwhile = step => step == "setSecret"
            ? lab.Secrets.Client.CancelRotateSecretAsync(new CancelRotateSecretRequest { SecretId = arn }, cancellation)
            : Task.CompletedTask;

        await lab.Secrets.RotateAsync(arn, Token("new"));
        await lab.Secrets.Rotations.IdleAsync(cancellation);

        Assert.Equal(["createSecret", "setSecret"], lab.Function.Steps);
        Assert.Equal(new HashSet<string> { $"{old} AWSCURRENT", $"{Token("new")} AWSPENDING" }, [.. await lab.Secrets.LabelsAsync(arn)]);
        Assert.False((await lab.Secrets.DescribeAsync(arn)).RotationEnabled);
    }

    [Fact]
    public async Task Rotate_NeverConfigured_IsNullInDescribeAndCannotBeCancelled()
    {
        await using var secrets = await StartAsync(moto);
        var (arn, _) = await secrets.CreateAsync();

        Assert.Null((await secrets.DescribeAsync(arn)).RotationEnabled);
        await Assert.ThrowsAsync<InvalidRequestException>(() =>
            secrets.Client.CancelRotateSecretAsync(new CancelRotateSecretRequest { SecretId = arn }, cancellation));
        await Assert.ThrowsAsync<InvalidRequestException>(() =>
            secrets.Client.RotateSecretAsync(new RotateSecretRequest { SecretId = arn, ClientRequestToken = Token("new") }, cancellation));
    }

    [Fact]
    public async Task Rotate_FunctionThatMayNotBeInvoked_IsDeniedAndNothingBegins()
    {
        await using var secrets = await StartAsync(moto);
        var (arn, old) = await secrets.CreateAsync();

        var denied = await Assert.ThrowsAnyAsync<AmazonSecretsManagerException>(() => secrets.RotateAsync(arn, Token("new")));

        Assert.Equal("AccessDeniedException", denied.ErrorCode);
        Assert.Equal([$"{old} AWSCURRENT"], await secrets.LabelsAsync(arn));
    }

    [Fact]
    public async Task Rotate_DrivenByTheTestItself_EndsTheSame()
    {
        await using var secrets = await StartAsync(moto);
        var (arn, old) = await secrets.CreateAsync();

        var run = await secrets.Rotations.RotateAsync(arn, Token("new"), new RotationFunction(secrets).InvokeAsync, cancellation);

        Assert.Null(run.Error);
        Assert.Equal(new HashSet<string> { $"{old} AWSPREVIOUS", $"{Token("new")} AWSCURRENT" }, [.. await secrets.LabelsAsync(arn)]);
    }

    [Fact]
    public async Task Rotate_FinishMovedNothing_IsAFailure()
    {
        await using var secrets = await StartAsync(moto);
        var (arn, old) = await secrets.CreateAsync();

        var run = await secrets.Rotations.RotateAsync(arn, Token("new"), (_, _) => Task.FromResult(new Automation.Lab.Account.FunctionAnswer { Succeeded = true }), cancellation);

        Assert.Equal((RotationOutcome.Failed, "finishSecret succeeded without moving AWSCURRENT to the new version"), (run.Outcome, run.Error));
        Assert.Equal(new HashSet<string> { $"{old} AWSCURRENT", $"{Token("new")} AWSPENDING" }, [.. await secrets.LabelsAsync(arn)]);
    }
}
