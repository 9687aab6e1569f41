using System.Text.Json;
using Automation.Lab.Secrets;
using Automation.Secrets;

namespace Automation.LabTests.Secrets;

/// <summary>An application that reads its secret and logs in, up to fifty times a second, while the secret is rotated.</summary>
[Collection(nameof(RotationFixture))]
public sealed class RotationUnderLoginsTests(RotationFixture fixture, ITestOutputHelper output)
{
    private const int Rotations = 20;
    // Always one underway; more would only take the processors from the rotation.
    private const int AtOnce = 3;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    [Fact]
    public async Task AlternatingUsers_TwentyRotations_NoLoginFails()
    {
        var (logins, failed, _) = await RotateAsync(SecretKind.AlternatingByIam);

        output.WriteLine($"{logins} logins, {failed} failed");
        Assert.True(logins >= Rotations, $"only {logins} logins were tried");
        Assert.Equal(0, failed);
    }

    [Fact]
    public async Task SingleUser_TwentyRotations_TellTheGap()
    {
        var (logins, failed, gaps) = await RotateAsync(SecretKind.SingleUser);

        output.WriteLine($"{logins} logins, {failed} failed; gap: median {gaps[gaps.Count / 2]} ms, maximum {gaps[^1]} ms");
        Assert.Equal(Rotations, gaps.Count);
        Assert.All(gaps, gap => Assert.True(gap > 0));
    }

    private async Task<(int Logins, int Failed, List<double> Gaps)> RotateAsync(SecretKind kind)
    {
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(kind);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var application = LogInUntilAsync(secret, ending.Token);
        var gaps = new List<double>();
        var warm = account.Warm();
        for (var n = 0; n < Rotations; n++)
        {
            var run = await account.RotateAsync(secret, warm);
            Assert.True(run.Succeeded, run.Error);
            gaps.Add(GapOf(run));
        }
        await ending.CancelAsync();
        var (logins, failed) = await application;
        gaps.Sort();
        return (logins, failed, gaps);
    }

    private async Task<(int Logins, int Failed)> LogInUntilAsync(RotationSecret secret, CancellationToken ended)
    {
        var underway = new List<Task<string?>>();
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(ended))
            {
                if (underway.Count(login => !login.IsCompleted) < AtOnce) underway.Add(LogInAsync(secret));
            }
        }
        catch (OperationCanceledException)
        {
            // The last rotation is over.
        }
        var users = await Task.WhenAll(underway);
        return (users.Length, users.Count(user => user is null));
    }

    private async Task<string?> LogInAsync(RotationSecret secret)
    {
        var read = await fixture.Aws.SecretsManager.GetSecretValueAsync(
            new() { SecretId = secret.Arn, VersionStage = SecretState.Current }, TestContext.Current.CancellationToken);
        var value = SecretDocument.Read(read.SecretString, out _)!;
        return await fixture.LogInAsync(value.Username, value.Password.Value);
    }

    private static double GapOf(RotationRun run)
    {
        using var result = JsonDocument.Parse(run.Steps[^1].Answer.Payload);
        return result.RootElement.GetProperty("outcomes")[0].GetProperty("details").GetProperty("gapMs").GetDouble();
    }
}
