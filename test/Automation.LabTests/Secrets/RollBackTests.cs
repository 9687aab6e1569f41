using Automation.Secrets;

namespace Automation.LabTests.Secrets;

/// <summary>A password that was set and does not log in is taken back, so that applications keep the one their secret has.</summary>
[Collection(nameof(RotationFixture))]
public sealed class RollBackTests(RotationFixture fixture)
{
    [Theory]
    [InlineData(SecretKind.SingleUser)]
    [InlineData(SecretKind.AdministratorByIam)]
    [InlineData(SecretKind.AdministratorBySecret)]
    public async Task SetSecret_SomebodyChangesThePasswordAfterIt_RestoresTheCurrentOneAndTheRetryRotates(SecretKind kind)
    {
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(kind);
        var checks = await RotationChecks.BeginAsync(account, secret);
        var token = RotationSecret.NewToken();
        await account.Rotations.OpenAsync(secret.Arn, token);
        var meddled = account.Warm(Meddled(changes => changes == 1));

        var run = await RotationAccount.DriveAsync(secret, token, meddled);

        Assert.Equal(("setSecret", "RolledBack"), (run.Steps[^1].Step, run.Steps[^1].Answer.ErrorType));
        Assert.True(await account.LogsInAsync(secret, secret.FirstVersion));
        Assert.False(await account.LogsInAsync(secret, token));

        run = await RotationAccount.DriveAsync(secret, token, meddled);
        Assert.True(run.Succeeded, run.Error);
        await checks.RotatedAsync(token, secret.FirstVersion);
        await checks.OneValueAsync(secret.FirstVersion, token);
        checks.NothingLeaked();
        await checks.OnlyTheRoleChangedAsync();
        Assert.Empty(checks.Broken);
    }

    [Fact]
    public async Task SetSecret_TheRestoredPasswordIsChangedToo_SaysThatNothingLogsInAndTheRecoveryRepairs()
    {
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(SecretKind.AdministratorByIam);
        var token = RotationSecret.NewToken();
        await account.Rotations.OpenAsync(secret.Arn, token);

        var run = await RotationAccount.DriveAsync(secret, token, account.Warm(Meddled(_ => true)));

        Assert.Equal(("setSecret", "RollBackFailed"), (run.Steps[^1].Step, run.Steps[^1].Answer.ErrorType));
        var repair = await account.RecoverAsync(secret, "act");
        Assert.True(repair.Succeeded, repair.ErrorMessage);
        Assert.True(await account.LogsInAsync(secret, secret.FirstVersion));
    }

    // Of two roles the live one was never touched: there is nothing to take back.
    [Fact]
    public async Task SetSecret_OfAPair_LeavesTheLiveRoleAlone()
    {
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(SecretKind.AlternatingByIam);
        var checks = await RotationChecks.BeginAsync(account, secret);
        var token = RotationSecret.NewToken();
        await account.Rotations.OpenAsync(secret.Arn, token);

        var run = await RotationAccount.DriveAsync(secret, token, account.Warm(Meddled(changes => changes == 1)));

        Assert.Equal(("setSecret", "PendingRefused"), (run.Steps[^1].Step, run.Steps[^1].Answer.ErrorType));
        await checks.SomeVersionLogsInAsync("after the meddling");
        await checks.OnlyTheRoleChangedAsync();
        Assert.Empty(checks.Broken);
    }

    private RotationOptions Meddled(Func<int, bool> when) => new()
    {
        Logins = logins => new ChangedPasswords(logins, (changes, role) => when(changes)
            ? fixture.SqlAsync($"ALTER ROLE {role} PASSWORD '{ScramVerifier.Of(PasswordGenerator.Next())}'")
            : Task.CompletedTask),
    };
}
