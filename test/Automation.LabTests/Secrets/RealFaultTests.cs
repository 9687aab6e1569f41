using Automation.Lab.Gate;
using Automation.LabTests.Postgres;
using Automation.Secrets;

namespace Automation.LabTests.Secrets;

/// <summary>What the crash matrix injects into the driver's answers, done to the connections themselves.</summary>
[Collection(nameof(RotationFixture))]
public sealed class RealFaultTests(RotationFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SecretKind.SingleUser)]
    [InlineData(SecretKind.AdministratorByIam)]
    public async Task SetSecret_TheServerEndsTheSessionRightAfterTheChange_TheReplayFinishesWithTheSamePassword(SecretKind kind)
    {
        await FinishesAfterAsync(kind, async role =>
        {
            await using var admin = await fixture.Database.Server.OpenAdminAsync(Cancellation);
            await admin.RunAsync("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'rds-automation'");
        });
    }

    [Theory]
    [InlineData(SecretKind.SingleUser)]
    [InlineData(SecretKind.AlternatingByIam)]
    public async Task SetSecret_EveryConnectionBreaksRightAfterTheChange_TheReplayFinishesWithTheSamePassword(SecretKind kind) =>
        await FinishesAfterAsync(kind, _ =>
        {
            fixture.Database.Gate.DropConnections();
            return Task.CompletedTask;
        });

    [Theory]
    [InlineData(SecretKind.SingleUser)]
    [InlineData(SecretKind.AdministratorByIam)]
    public async Task SetSecret_TheHostFallsSilentRightAfterTheChange_WritesNothingMoreAndTheReplayFinishes(SecretKind kind)
    {
        var errors = await FinishesAfterAsync(kind, _ =>
        {
            fixture.Database.Gate.Mode = GateMode.Silent;
            return Task.CompletedTask;
        });
        Assert.Equal("ChangedUntested", errors);
    }

    /// <returns>The error of the disturbed attempt.</returns>
    private async Task<string?> FinishesAfterAsync(SecretKind kind, Func<string, Task> fault)
    {
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(kind);
        var checks = await RotationChecks.BeginAsync(account, secret);
        var token = RotationSecret.NewToken();
        await account.Rotations.OpenAsync(secret.Arn, token);
        var disturbed = account.Cold(new RotationOptions
        {
            Logins = logins => new ChangedPasswords(logins, (changes, role) => changes == 1 ? fault(role) : Task.CompletedTask),
        });
        string? error;
        try
        {
            error = (await RotationAccount.DriveAsync(secret, token, disturbed)).Steps[^1].Answer.ErrorType;
        }
        finally
        {
            fixture.Database.Gate.Mode = GateMode.Serving;
        }
        await checks.SomeVersionLogsInAsync("after the fault");

        var replay = await RotationAccount.DriveAsync(secret, token, account.Cold(), 3);

        Assert.True(replay.Succeeded, replay.Error);
        await checks.RotatedAsync(token, secret.FirstVersion);
        await checks.OneValueAsync(secret.FirstVersion, token);
        checks.NothingLeaked();
        await checks.OnlyTheRoleChangedAsync();
        Assert.Empty(checks.Broken);
        return error;
    }

    [Fact]
    public async Task Rotation_NoServerAnswers_FailsWithoutAWriteAndSucceedsLater()
    {
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(SecretKind.SingleUser);
        var token = RotationSecret.NewToken();
        await account.Rotations.OpenAsync(secret.Arn, token);
        foreach (var mode in (GateMode[])[GateMode.Refusing, GateMode.StartingUp, GateMode.Silent])
        {
            fixture.Database.Gate.Mode = mode;
            try
            {
                var run = await RotationAccount.DriveAsync(secret, token, account.Cold());
                Assert.Equal(("createSecret", "DatabaseUnavailable"), (run.Steps[^1].Step, run.Steps[^1].Answer.ErrorType));
            }
            finally
            {
                fixture.Database.Gate.Mode = GateMode.Serving;
            }
            Assert.Null(await account.ValueAsync(secret, token));
        }
        var later = await RotationAccount.DriveAsync(secret, token, account.Cold());
        Assert.True(later.Succeeded, later.Error);
        Assert.Equal(token, await account.VersionAsync(secret, SecretState.Current));
    }
}
