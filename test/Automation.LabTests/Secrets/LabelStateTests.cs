using Amazon.SecretsManager;
using Automation.Lab.Account;
using Automation.LabTests.Account;
using Automation.LabTests.Postgres;
using Automation.Secrets;

namespace Automation.LabTests.Secrets;

/// <summary>What the staging labels forbid is refused with its own error, before a socket is opened or anything is written.</summary>
[Collection(nameof(RotationFixture))]
public sealed class LabelStateTests(RotationFixture fixture)
{
    private static readonly string[] Writing = ["createSecret", "setSecret", "finishSecret"];
    private static readonly string[] All = ["createSecret", "setSecret", "testSecret", "finishSecret"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Step_TokenWithoutAVersion_IsUnknownVersion()
    {
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(SecretKind.SingleUser);
        await account.Rotations.OpenAsync(secret.Arn, RotationSecret.NewToken());

        await RefusesAsync(account, secret, RotationSecret.NewToken(), All, "UnknownVersion");
    }

    [Fact]
    public async Task Step_TokenAlreadyCurrent_IsASuccessThatDoesNothing()
    {
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(SecretKind.SingleUser);
        await account.Rotations.OpenAsync(secret.Arn, RotationSecret.NewToken());

        await RefusesAsync(account, secret, secret.FirstVersion, All, null);
    }

    [Fact]
    public async Task Step_TokenOfTheFormerVersion_IsNotPending()
    {
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(SecretKind.SingleUser);
        var run = await account.RotateAsync(secret, account.Warm());
        Assert.True(run.Succeeded, run.Error);

        await RefusesAsync(account, secret, secret.FirstVersion, All, "NotPending");
    }

    [Fact]
    public async Task Step_PendingLabelWentToAnotherVersion_IsUnknownVersion()
    {
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(SecretKind.SingleUser);
        var token = RotationSecret.NewToken();
        await account.Rotations.OpenAsync(secret.Arn, token);
        await SucceedsAsync(account, secret, token, "createSecret");
        await account.Rotations.OpenAsync(secret.Arn, RotationSecret.NewToken());

        await RefusesAsync(account, secret, token, All, "UnknownVersion");
    }

    [Fact]
    public async Task SetAndFinish_PendingVersionWithoutAValue_IsPendingEmpty()
    {
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(SecretKind.SingleUser);
        var token = RotationSecret.NewToken();
        await account.Rotations.OpenAsync(secret.Arn, token);

        await RefusesAsync(account, secret, token, ["setSecret", "finishSecret"], "PendingEmpty");
    }

    [Fact]
    public async Task Step_RotationNeverConfigured_IsRotationNotEnabled()
    {
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(SecretKind.SingleUser);

        await RefusesAsync(account, secret, secret.FirstVersion, Writing, "RotationNotEnabled");
    }

    [Theory]
    [InlineData("createSecret")]
    [InlineData("setSecret")]
    [InlineData("testSecret")]
    public async Task Step_RotationCancelledAfterAnotherStep_IsRotationNotEnabledAndTheSecretStaysUsable(string last)
    {
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(SecretKind.SingleUser);
        var token = RotationSecret.NewToken();
        await account.Rotations.OpenAsync(secret.Arn, token);
        foreach (var step in All.TakeWhile(step => step != last).Append(last)) await SucceedsAsync(account, secret, token, step);
        await ApiAsync(account, api => api.CancelRotateSecretAsync(new() { SecretId = secret.Arn }, Cancellation));

        await RefusesAsync(account, secret, token, Writing, "RotationNotEnabled");

        // The password may be set by then: a labelled version has it, and a recovery makes that one current.
        var checks = await RotationChecks.BeginAsync(account, secret);
        await checks.SomeVersionLogsInAsync("after the cancellation");
        Assert.Empty(checks.Broken);
        var recovered = await account.RecoverAsync(secret, "act");
        Assert.True(recovered.Succeeded, recovered.ErrorMessage);
        Assert.True(await account.LogsInAsync(secret, (await account.VersionAsync(secret, SecretState.Current))!));
    }

    [Theory]
    [InlineData(SecretKind.SingleUser)]
    [InlineData(SecretKind.AlternatingBySecret)]
    [InlineData(SecretKind.AdministratorByIam)]
    public async Task TestSecretAlone_ForAnEmptyVersion_ChecksAndWritesNothing(SecretKind kind)
    {
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(kind);
        var token = RotationSecret.NewToken();
        await account.Rotations.OpenAsync(secret.Arn, token);
        var before = await StateAsync(account, secret);

        var answer = await RotationAccount.StepAsync(secret, token, "testSecret", account.Cold());

        Assert.True(answer.Succeeded, answer.ErrorMessage);
        Assert.Contains("ready-to-rotate", System.Text.Encoding.UTF8.GetString(answer.Payload.Span), StringComparison.Ordinal);
        Assert.Equal(before, await StateAsync(account, secret));
    }

    [Fact]
    public async Task CreateSecret_Twice_KeepsTheFirstValue()
    {
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(SecretKind.SingleUser);
        var token = RotationSecret.NewToken();
        await account.Rotations.OpenAsync(secret.Arn, token);
        await SucceedsAsync(account, secret, token, "createSecret");
        var state = await StateAsync(account, secret);

        await SucceedsAsync(account, secret, token, "createSecret");

        Assert.Equal(state, await StateAsync(account, secret));
    }

    [Fact]
    public async Task Recovery_AfterAPersonStoredAValueBetweenSetAndFinish_FindsAndRestoresTheVersionThatLogsIn()
    {
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(SecretKind.SingleUser);
        var token = RotationSecret.NewToken();
        await account.Rotations.OpenAsync(secret.Arn, token);
        foreach (var step in (string[])["createSecret", "setSecret"]) await SucceedsAsync(account, secret, token, step);
        var stored = await fixture.Aws.SecretsManager.GetSecretValueAsync(new() { SecretId = secret.Arn, VersionStage = SecretState.Current }, Cancellation);
        await ApiAsync(account, api => api.PutSecretValueAsync(
            new() { SecretId = secret.Arn, SecretString = stored.SecretString.Replace(secret.FirstPassword, RotationSecret.NewPassword(), StringComparison.Ordinal) }, Cancellation));

        // The password that logs in is in a version without a label by now, and the error names it.
        var refusal = await RefusesAsync(account, secret, token, ["testSecret", "finishSecret"], "UnknownVersion");
        Assert.Contains(token, refusal, StringComparison.Ordinal);

        var before = await StateAsync(account, secret);
        var plan = await account.RecoverAsync(secret, "observe");
        Assert.Contains("repair-planned", Payload(plan), StringComparison.Ordinal);
        Assert.Contains(token, Payload(plan), StringComparison.Ordinal);
        Assert.Equal(before, await StateAsync(account, secret));

        var repair = await account.RecoverAsync(secret, "act");
        Assert.Contains("repaired", Payload(repair), StringComparison.Ordinal);
        Assert.Equal(token, await account.VersionAsync(secret, SecretState.Current));
        Assert.True(await account.LogsInAsync(secret, token));
    }

    [Fact]
    public async Task Recovery_NoVersionLogsIn_HasTheAdministratorSetTheCurrentPassword()
    {
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(SecretKind.AdministratorByIam);
        var run = await account.RotateAsync(secret, account.Cold());
        await fixture.SqlAsync($"ALTER ROLE {secret.Users[0]} PASSWORD '{ScramVerifier.Of(PasswordGenerator.Next())}'");
        var before = await StateAsync(account, secret);

        var plan = await account.RecoverAsync(secret, "observe");
        Assert.Contains("repair-planned", Payload(plan), StringComparison.Ordinal);
        Assert.Equal(before, await StateAsync(account, secret));

        var repair = await account.RecoverAsync(secret, "act");
        Assert.Contains("repaired", Payload(repair), StringComparison.Ordinal);
        Assert.True(await account.LogsInAsync(secret, run.Token));
    }

    /// <summary>Whoever may write a secret could name any role in it, and wait for somebody to repair it.</summary>
    [Fact]
    public async Task Recovery_NoVersionLogsInAndTheSecretNeverSetTheRolesPassword_SetsNone()
    {
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(SecretKind.AdministratorByIam);
        await fixture.SqlAsync($"ALTER ROLE {secret.Users[0]} PASSWORD '{ScramVerifier.Of(PasswordGenerator.Next())}'");
        var before = await StateAsync(account, secret);

        var repair = await account.RecoverAsync(secret, "act");

        Assert.Contains("does not show that a rotation of this secret set the password of this role on this server", Payload(repair), StringComparison.Ordinal);
        Assert.Equal(before, await StateAsync(account, secret));
    }

    [Fact]
    public async Task Recovery_PendingVersionIsStuck_IsGivenUpInWordsOnlyWhereItDoesNotLogIn()
    {
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(SecretKind.SingleUser);
        var token = RotationSecret.NewToken();
        await account.Rotations.OpenAsync(secret.Arn, token);
        await SucceedsAsync(account, secret, token, "createSecret");

        Assert.Contains("give it up", Payload(await account.RecoverAsync(secret, "observe")), StringComparison.Ordinal);

        await SucceedsAsync(account, secret, token, "setSecret");
        var plan = Payload(await account.RecoverAsync(secret, "observe"));
        Assert.Contains("repair-planned", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("give it up", plan, StringComparison.Ordinal);
    }

    /// <returns>The last step's error message.</returns>
    private async Task<string> RefusesAsync(RotationAccount account, RotationSecret secret, string token, string[] steps, string? errorType)
    {
        await Eventually.TrueAsync(() => Task.FromResult(fixture.Database.Gate.Counts.Open == 0));
        var before = await StateAsync(account, secret);
        var connections = fixture.Database.Gate.Counts.Accepted;
        var message = "";
        foreach (var step in steps)
        {
            var answer = await RotationAccount.StepAsync(secret, token, step, account.Cold());
            Assert.Equal((step, errorType), (step, answer.ErrorType));
            message = answer.ErrorMessage ?? "";
        }
        Assert.Equal(connections, fixture.Database.Gate.Counts.Accepted);
        Assert.Equal(before, await StateAsync(account, secret));
        return message;
    }

    private static async Task SucceedsAsync(RotationAccount account, RotationSecret secret, string token, string step)
    {
        var answer = await RotationAccount.StepAsync(secret, token, step, account.Cold());
        Assert.True(answer.Succeeded, $"{step}: {answer.ErrorMessage}");
    }

    /// <summary>Every version with labels and value, and every role's stored password.</summary>
    private async Task<string> StateAsync(RotationAccount account, RotationSecret secret)
    {
        var lines = new List<string>();
        var labels = await account.LabelsAsync(secret);
        foreach (var version in await account.VersionsAsync(secret))
        {
            var value = await account.ValueAsync(secret, version);
            lines.Add($"{version} {string.Join(',', labels.GetValueOrDefault(version) ?? [])} {value} {value?.Password.Value}");
        }
        lines.Sort(StringComparer.Ordinal);
        await using var admin = await fixture.Database.Server.OpenAdminAsync(Cancellation);
        lines.AddRange(await admin.StringsAsync("SELECT to_jsonb(a)::text FROM pg_authid a ORDER BY oid"));
        return string.Join('\n', lines);
    }

    private static async Task ApiAsync(RotationAccount account, Func<IAmazonSecretsManager, Task> act)
    {
        using var clients = new RotationClients(account.Endpoint.Uri, 0, AccountOnMoto.Patience);
        await act(clients.SecretsManager);
    }

    private static string Payload(FunctionAnswer answer) =>
        answer.Succeeded ? System.Text.Encoding.UTF8.GetString(answer.Payload.Span) : $"{answer.ErrorType}: {answer.ErrorMessage}";
}
