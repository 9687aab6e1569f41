using Automation.Lab.Secrets;

namespace Automation.LabTests.Secrets;

/// <summary>One rotation after the other, by each strategy, in one process and in a new one for each step.</summary>
[Collection(nameof(RotationFixture))]
public sealed class RotationSmokeTests(RotationFixture fixture)
{
    [Theory]
    [InlineData(SecretKind.SingleUser)]
    [InlineData(SecretKind.AlternatingByIam)]
    [InlineData(SecretKind.AlternatingBySecret)]
    [InlineData(SecretKind.AdministratorByIam)]
    [InlineData(SecretKind.AdministratorBySecret)]
    public async Task Rotation_ThreeInARow_EachEndsWithTheNewVersionCurrent(SecretKind kind)
    {
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(kind);
        var warm = account.Warm();
        var checks = await RotationChecks.BeginAsync(account, secret);
        var before = secret.FirstVersion;

        foreach (var invoke in (InvokeRotation[])[warm, account.Cold(), warm])
        {
            var run = await account.RotateAsync(secret, invoke);

            Assert.True(run.Succeeded, run.Error);
            Assert.Equal(RotationDriver.Steps, run.Steps.Select(step => step.Step));
            await checks.RotatedAsync(run.Token, before);
            Assert.Empty(checks.Broken);
            before = run.Token;
        }
        Assert.Equal(3, account.Told.Count);
        Assert.Empty(account.Endpoint.Problems.Entries);
    }
}
