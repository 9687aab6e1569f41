using System.Collections.Concurrent;
using System.Diagnostics;
using Automation.Lab.Secrets;
using Automation.LabTests.Account;
using Automation.LabTests.Fixtures;
using Automation.LabTests.Postgres;

namespace Automation.LabTests.Secrets;

/// <summary>
/// Every call of every step to AWS and to the database goes wrong in every way; then Secrets Manager runs the rotation again
/// from its first step. The calls are those that an undisturbed rotation was seen to make.
/// </summary>
[Collection(nameof(RotationMatrixTests))]
public sealed class CrashMatrixTests(RotationFixture fixture, ITestOutputHelper output)
{
    private const int Beside = 6;
    private const int Attempts = 3;

    // Of failing steps alone, which tell people once: the same as a notification that is sent twice, or not.
    private static readonly string[] Telling = ["dynamodb.UpdateItem", "dynamodb.PutItem", "sns.Publish"];

    [Theory]
    [InlineData(SecretKind.SingleUser)]
    [InlineData(SecretKind.AlternatingByIam)]
    [InlineData(SecretKind.AdministratorBySecret)]
    public async Task Replay_AfterAnyFaultOfAnyCall_EndsAsAnUndisturbedRotation(SecretKind kind)
    {
        var started = Stopwatch.GetTimestamp();
        var cold = await RecordAsync(kind, warm: false);
        var warm = await RecordAsync(kind, warm: true);
        // Every call of a single user. Of the others, and of a warm process, what is their own: reading labels and values is the
        // same code, and what a warm process remembers are values, of one strategy like those of another.
        IReadOnlyList<CrashCase> matrix = kind == SecretKind.SingleUser
            ? [.. CrashCase.Matrix(kind, false, cold), .. CrashCase.Matrix(kind, true, warm).Where(@case => CrashCase.IsOwn(@case.Call))]
            : [.. CrashCase.Matrix(kind, false, cold).Where(@case => CrashCase.IsOwn(@case.Call))];
        // Always what is done once and cannot be read back: whose password is whose.
        var tried = matrix.Where(@case => @case.Call.Name == ExternalCall.SetPassword
            || MatrixShare.Has(@case.Position + (int)@case.Disturbance + (int)kind)).ToList();
        output.WriteLine($"{kind}: {cold.Count} calls in new processes, {warm.Count} in a warm one; {tried.Count} of {matrix.Count} cases");
        output.WriteLine(string.Join('\n', cold.Select((call, position) => $"  [{position}] {call.Kind}")));

        var broken = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(tried, new ParallelOptions { MaxDegreeOfParallelism = Beside, CancellationToken = TestContext.Current.CancellationToken },
            async (@case, _) =>
            {
                // On a machine that is very slow another call may be given up first: then the case has not been tried.
                var (tried, wrong) = await RunAsync(@case, @case.Warm ? warm : cold);
                for (var attempt = 1; !tried && attempt < Attempts; attempt++) (tried, wrong) = await RunAsync(@case, @case.Warm ? warm : cold);
                foreach (var promise in wrong) broken.Add($"{@case}: {promise}");
            });

        output.WriteLine($"{Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s");
        Assert.NotEmpty(tried);
        Assert.True(broken.IsEmpty, $"{broken.Count} broken promises:\n{string.Join('\n', broken.Order(StringComparer.Ordinal))}");
    }

    /// <summary>The calls of an undisturbed rotation, which must be of all kinds that a rotation makes.</summary>
    private async Task<IReadOnlyList<ExternalCall>> RecordAsync(SecretKind kind, bool warm, int attempt = 1)
    {
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(kind);
        var calls = new RotationCalls(account);
        var options = new RotationOptions { Logins = calls.Around };
        await Eventually.TrueAsync(() => Task.FromResult(fixture.Database.Gate.Counts.Open == 0));
        var logins = fixture.Database.Gate.Counts.Authenticated;
        var run = await account.RotateAsync(secret, calls.Watch(warm ? account.Warm(options) : account.Cold(options)));
        Assert.True(run.Succeeded, run.Error);
        // On a machine that is very slow a login may be given up and its step tried again: that rotation was not undisturbed.
        if (run.Steps.Count > RotationDriver.Steps.Count && attempt < Attempts) return await RecordAsync(kind, warm, attempt + 1);

        // A call that a rotation makes past the recorder would be of none of these kinds, or more than the endpoint saw.
        Assert.Equal(account.Endpoint.Calls.Entries.Select(call => $"{call.Service}.{call.Action}"), calls.All.Where(call => !call.IsDatabase).Select(call => call.Name));
        Assert.Equal(fixture.Database.Gate.Counts.Authenticated - logins, calls.All.Count(call => call is { Name: ExternalCall.Login, Succeeded: true }));
        return calls.All;
    }

    /// <returns>Whether the fault came where it should and nothing else went wrong; what was not as promised.</returns>
    private async Task<(bool Tried, IReadOnlyList<string> Wrong)> RunAsync(CrashCase @case, IReadOnlyList<ExternalCall> known)
    {
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(@case.Kind);
        var checks = await RotationChecks.BeginAsync(account, secret);
        var calls = new RotationCalls(account);
        var options = new RotationOptions
        {
            Logins = calls.Around,
            AwsRetries = @case.Disturbance == Disturbance.RunsTwice ? 1 : 0,
            AwsCallLimit = @case.Disturbance == Disturbance.TimesOut ? Startup.AwsCallLimit : AccountOnMoto.Patience,
        };
        var invoke = calls.Watch(@case.Warm ? account.Warm(options) : account.Cold(options));
        var token = RotationSecret.NewToken();
        await account.Rotations.OpenAsync(secret.Arn, token);

        calls.Arm(@case.Position, @case.Disturbance);
        var disturbed = await RotationAccount.DriveAsync(secret, token, invoke);
        var tried = calls.Disturbed?.Kind == @case.Call.Kind;
        checks.Expect(tried, $"the fault came at {calls.Disturbed?.Kind ?? "no call"}: {disturbed.Error}");
        await checks.SomeVersionLogsInAsync("after the fault");
        await checks.OneValueAsync(secret.FirstVersion, token);
        calls.Disarm();

        foreach (var when in (string[])["the replay", "another replay"])
        {
            var replay = await RotationAccount.DriveAsync(secret, token, invoke);
            tried &= replay.Error?.Contains("an AWS call was not answered", StringComparison.Ordinal) != true;
            checks.Expect(replay.Succeeded, $"{when}: {replay.Error}");
            await checks.RotatedAsync(token, secret.FirstVersion);
            await checks.OneValueAsync(secret.FirstVersion, token);
        }
        checks.MovedAfterLogin(calls.All);
        checks.NothingLeaked();
        await checks.OnlyTheRoleChangedAsync();
        foreach (var call in calls.All.Where(call => !Telling.Contains(call.Name) && !known.Any(one => one.Kind == call.Kind)).DistinctBy(call => call.Kind))
            checks.Expect(false, $"{call.Kind} is not in the matrix");
        // moto falls over its own threads now and then.
        foreach (var problem in account.Endpoint.Problems.Entries) checks.Expect(tried = false, problem);
        return (tried, checks.Broken);
    }
}
