using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Automation.Lab.Account;

namespace Automation.Lab.Secrets;

/// <summary>Finds the function of an ARN that Secrets Manager may invoke for a secret; <c>null</c> when there is none.</summary>
internal delegate InvokeRotation? FindRotationFunction(string functionArn, string secretArn);

/// <summary>RotateSecret and CancelRotateSecret, and the rotations they start.</summary>
/// <param name="store">Labels and settings.</param>
/// <param name="turn">Held while labels are read and changed; never while a function runs.</param>
/// <param name="driver">Invokes the steps.</param>
/// <param name="find">The functions.</param>
/// <param name="announce">Events: name, ARN, token, error.</param>
/// <param name="time">Dates of rotations.</param>
internal sealed class SecretRotations(
    SecretStore store, Turn turn, RotationDriver driver, FindRotationFunction find, Action<string, string, string, string?> announce, TimeProvider time)
    : IAsyncDisposable
{
    // A caller's access key says nothing here: Secrets Manager itself acts.
    private const string OwnKey = "SECRETSMANAGER";
    private readonly ConcurrentDictionary<string, Running> underway = new();

    /// <summary>Every rotation that ended, tests of a rotation included.</summary>
    public Journal<RotationRun> Runs { get; } = new();

    /// <summary>Begins a rotation and returns; the steps are invoked beside the caller. Holds the turn.</summary>
    public async Task<AwsAnswer> RotateAsync(AwsCall call)
    {
        var request = call.Members();
        var secret = await store.LoadAsync(call);
        var token = request.Text("ClientRequestToken") ?? Guid.NewGuid().ToString();
        if (token.Length is < 32 or > 64) throw SecretRefusal.InvalidParameter(call, "ClientRequestToken must be 32-64 characters long.");
        var rules = request["RotationRules"] as JsonObject;
        if ((int?)rules?["AutomaticallyAfterDays"] is < 1 or > 1000)
            throw SecretRefusal.InvalidParameter(call, "RotationRules.AutomaticallyAfterDays must be within 1-1000.");
        var functionArn = request.Text("RotationLambdaARN") ?? store.Settings(secret.Arn).FunctionArn
            ?? throw SecretRefusal.InvalidRequest(call, "You tried to enable rotation on a secret that doesn't already have a Lambda "
                + "function ARN configured and you didn't include such an ARN as a parameter in this call.");
        var function = find(functionArn, secret.Arn)
            ?? throw SecretRefusal.Of(call, "AccessDeniedException", "Secrets Manager cannot invoke the specified Lambda function. "
                + "Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.");

        // A retry whose first answer was lost.
        if (secret.Knows(token)) return Accepted(call, secret, token);
        store.Change(secret.Arn, s => s with { Enabled = true, FunctionArn = functionArn, Rules = (JsonObject?)rules?.DeepClone() ?? s.Rules });
        if (secret is { IsRotating: true, PendingVersion: { } unfinished })
        {
            if (!underway.ContainsKey(secret.Arn)) Start(secret.Arn, unfinished, function, RunAsync);
            throw SecretRefusal.InvalidRequest(call, "A previous rotation isn't complete. That rotation will be reattempted.");
        }
        await store.OpenPendingAsync(call, secret, token);
        Start(secret.Arn, token, function, (bool?)request["RotateImmediately"] == false ? TestAsync : RunAsync);
        return Accepted(call, secret, token);
    }

    /// <summary>Ends the schedule and the rotation underway; labels stay where they are.</summary>
    public async Task<AwsAnswer> CancelAsync(AwsCall call)
    {
        var secret = await store.LoadAsync(call);
        if (store.Settings(secret.Arn).Enabled is null)
        {
            throw SecretRefusal.InvalidRequest(call, "You tried to cancel the rotation of a secret that doesn't have rotation enabled.");
        }
        store.Change(secret.Arn, s => s with { Enabled = false });
        if (underway.TryGetValue(secret.Arn, out var running)) await running.Cancellation.CancelAsync();
        return Accepted(call, secret, secret.PendingVersion ?? secret.CurrentVersion ?? "");
    }

    /// <summary>Makes the pending version without a value, as RotateSecret does before the first step, and invokes nothing.</summary>
    /// <exception cref="SecretRefusal">There is no such secret.</exception>
    public Task OpenAsync(string secretArn, string token) => turn.TakeAsync(async () =>
    {
        var caller = Caller(secretArn);
        var secret = await store.LoadAsync(caller, secretArn);
        store.Change(secret.Arn, s => s with { Enabled = true });
        if (!secret.Knows(token)) await store.OpenPendingAsync(caller, secret, token);
        return true;
    });

    /// <summary>Rotates to the end: opens the version, unless it is there, and drives the steps.</summary>
    public async Task<RotationRun> RotateAsync(string secretArn, string token, InvokeRotation invoke, CancellationToken cancellation)
    {
        await OpenAsync(secretArn, token);
        return await RunAsync(Request(secretArn, token), invoke, cancellation);
    }

    /// <summary>Returns when no rotation is underway.</summary>
    public Task IdleAsync(CancellationToken cancellation) =>
        Task.WhenAll(underway.Values.Select(r => r.Ended)).WaitAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        foreach (var running in underway.Values) await running.Cancellation.CancelAsync();
        await Task.WhenAll(underway.Values.Select(r => r.Ended)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Start(
        string arn, string token, InvokeRotation function, Func<RotationRequest, InvokeRotation, CancellationToken, Task<RotationRun>> run)
    {
        var cancellation = new CancellationTokenSource();
        var begin = new TaskCompletionSource();
        async Task RunToTheEndAsync()
        {
            await begin.Task;
            // Never on the thread of the caller, who holds the turn.
            await Task.Yield();
            try
            {
                await run(Request(arn, token), function, cancellation.Token);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                // CancelRotateSecret, or the lab ends: no event says so.
            }
            catch (Exception e)
            {
                // The lab's own defect; who waits for the run must not wait for ever.
                Runs.Add(new RotationRun
                {
                    SecretArn = arn,
                    Token = token,
                    Outcome = RotationOutcome.Failed,
                    Steps = [],
                    Duration = TimeSpan.Zero,
                    EndedAt = time.GetUtcNow(),
                    Error = $"the lab's Secrets Manager failed: {e.Message}",
                });
            }
            finally
            {
                underway.TryRemove(arn, out _);
            }
        }
        underway[arn] = new Running(cancellation, RunToTheEndAsync());
        begin.SetResult();
    }

    private async Task<RotationRun> RunAsync(RotationRequest request, InvokeRotation invoke, CancellationToken cancellation)
    {
        announce(RotationEvent.Started, request.SecretArn, request.Token, null);
        var run = await driver.RotateAsync(request, invoke, cancellation);
        if (run.Succeeded) run = await turn.TakeAsync(() => FinishAsync(run));
        if (run.Succeeded) announce(RotationEvent.Succeeded, run.SecretArn, run.Token, null);
        if (run.Outcome == RotationOutcome.Failed) announce(RotationEvent.Failed, run.SecretArn, run.Token, Explain(run));
        Runs.Add(run with { EndedAt = time.GetUtcNow() });
        return run;
    }

    private async Task<RotationRun> TestAsync(RotationRequest request, InvokeRotation invoke, CancellationToken cancellation)
    {
        announce(RotationEvent.TestStarted, request.SecretArn, request.Token, null);
        RotationRun run;
        try
        {
            run = await driver.TestAsync(request, invoke, cancellation);
        }
        finally
        {
            await turn.TakeAsync(() => ClosePendingAsync(request.SecretArn, request.Token));
        }
        if (run.Succeeded) announce(RotationEvent.TestSucceeded, run.SecretArn, run.Token, null);
        if (run.Outcome == RotationOutcome.Failed) announce(RotationEvent.TestFailed, run.SecretArn, run.Token, Explain(run));
        Runs.Add(run with { EndedAt = time.GetUtcNow() });
        return run;
    }

    // Not the function's business: "Our backend cleans up the pending label on rotation completion".
    private async Task<RotationRun> FinishAsync(RotationRun run)
    {
        var secret = await store.LoadAsync(Caller(run.SecretArn), run.SecretArn);
        if (secret.CurrentVersion != run.Token)
            return run with { Outcome = RotationOutcome.Failed, Error = "finishSecret succeeded without moving AWSCURRENT to the new version" };
        await ClosePendingAsync(run.SecretArn, run.Token);
        store.Change(run.SecretArn, s => s with { LastRotated = time.GetUtcNow() });
        return run;
    }

    private async Task<bool> ClosePendingAsync(string arn, string token)
    {
        var secret = await store.LoadAsync(Caller(arn), arn);
        if (secret.PendingVersion != token) return false;
        await store.MoveAsync(Caller(arn), secret, SecretLabels.Pending, null);
        return true;
    }

    private RotationRequest Request(string arn, string token) => new()
    {
        SecretArn = arn,
        Token = token,
        RotationToken = Guid.NewGuid().ToString(),
        // finishSecret may be invoked again after it moved AWSCURRENT: the label it needs is still there.
        IsStillWanted = () => turn.TakeAsync(async () => (await store.LoadAsync(Caller(arn), arn)).PendingVersion == token),
    };

    private string Explain(RotationRun run) =>
        $"Error when executing lambda {store.Settings(run.SecretArn).FunctionArn} during {run.Steps[^1].Step} step";

    private AwsCall Caller(string arn) => new()
    {
        Service = "secretsmanager",
        Action = "",
        Region = arn.Split(':')[3],
        AccessKeyId = OwnKey,
        At = time.GetUtcNow(),
    };

    private static AwsAnswer Accepted(AwsCall call, SecretLabels secret, string version) => SecretsJson.Answer(call,
        new JsonObject { ["ARN"] = secret.Arn, ["Name"] = secret.Name, ["VersionId"] = version });

    private sealed record Running(CancellationTokenSource Cancellation, Task Ended);
}
