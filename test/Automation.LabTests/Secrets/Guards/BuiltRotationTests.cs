using System.Text;
using System.Text.Json;

namespace Automation.LabTests.Secrets.Guards;

/// <summary>What Secrets Manager gets from the executable that is deployed: its Lambda error names the reason.</summary>
[Collection(nameof(RotationGuardTests))]
public sealed class BuiltRotationTests(RotationFixture fixture)
{
    [Fact]
    public async Task Step_Refused_IsALambdaErrorOfTheReasonsType()
    {
        await using var account = await RotationAccount.StartAsync(fixture);
        await using var built = await BuiltRotation.StartAsync(account, fixture.Database.Server.CaBundlePath);
        var secret = await fixture.CreateAsync(SecretKind.SingleUser);
        var token = await account.OpenWithPendingAsync(secret, ("username", "stranger"));

        var result = await built.StepAsync("setSecret", secret.Arn, token);

        Assert.False(result.Succeeded);
        var answer = JsonElement.Parse(Encoding.UTF8.GetString(result.Payload.Span));
        Assert.Equal("PendingUserDiffers", answer.GetProperty("errorType").GetString());
        Assert.Equal(
            "pending-user-differs: the pending version is for another role than the next one of the current version; nothing was connected to",
            answer.GetProperty("errorMessage").GetString());
        Assert.Equal(("PendingUserDiffers", answer.GetProperty("errorMessage").GetString()), (result.ErrorType, result.ErrorMessage));
        // Refused is an answer, not a crash: the process goes on.
        Assert.Null(result.Report.Status);
    }

    [Theory]
    [InlineData("createSecret", "pending-already-stored")]
    [InlineData("testSecret", "ready-to-rotate")]
    public async Task Step_Succeeded_IsTheResultOfTheContract(string step, string reason)
    {
        await using var account = await RotationAccount.StartAsync(fixture);
        await using var built = await BuiltRotation.StartAsync(account, fixture.Database.Server.CaBundlePath);
        var secret = await fixture.CreateAsync(SecretKind.SingleUser);
        var token = RotationSecret.NewToken();
        await account.Rotations.OpenAsync(secret.Arn, token);
        if (step == "createSecret") await account.PutPendingAsync(secret, token, await account.CurrentWithAsync(secret, ("password", "next-Passw0rd")));

        var result = await built.StepAsync(step, secret.Arn, token);

        Assert.True(result.Succeeded, result.ErrorMessage);
        var answer = JsonElement.Parse(Encoding.UTF8.GetString(result.Payload.Span));
        Assert.Equal(("secrets", "act"), (answer.GetProperty("capability").GetString(), answer.GetProperty("mode").GetString()));
        var outcome = Assert.Single(answer.GetProperty("outcomes").EnumerateArray());
        Assert.Equal(("nothing-to-do", reason), (outcome.GetProperty("decision").GetString(), outcome.GetProperty("reason").GetString()));
        Assert.Equal((step, "single-user"), (outcome.GetProperty("details").GetProperty("step").GetString(), outcome.GetProperty("details").GetProperty("strategy").GetString()));
    }

    [Theory]
    [InlineData("""{"Step":"dropSecret"}""", "Step")]
    [InlineData("""{"Step":"setSecret","SecretId":"arn"}""", "ClientRequestToken")]
    [InlineData("""{}""", "detail.secret")]
    public async Task Input_IsNoStep_IsALambdaErrorThatNamesTheField(string payload, string field)
    {
        await using var account = await RotationAccount.StartAsync(fixture);
        await using var built = await BuiltRotation.StartAsync(account, fixture.Database.Server.CaBundlePath);

        var result = await built.InvokeAsync(payload);

        Assert.Equal("InvalidInputException", result.ErrorType);
        Assert.Contains(field, result.ErrorMessage, StringComparison.Ordinal);
        Assert.Empty(account.Endpoint.Calls.Entries);
    }
}
