using System.Text.Encodings.Web;
using System.Text.Json;
using Automation.Lab.Account;

namespace Automation.Lab.Secrets;

/// <summary>
/// Drives a rotation function as Secrets Manager does: one step after the other, the first error ends the attempt, and the
/// whole rotation is tried again from its first step with the same token.
/// </summary>
/// <remarks>"Rotation by Lambda function", AWS Secrets Manager user guide. How often AWS tries is not documented.</remarks>
/// <param name="time">Measures the steps and the pauses.</param>
/// <param name="attempts">How often a rotation is tried, at least once.</param>
/// <param name="pause">How long to wait between attempts.</param>
internal sealed class RotationDriver(TimeProvider time, int attempts, TimeSpan pause)
{
    // Secrets Manager's own JSON; a token is never escaped beyond what JSON demands.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The steps of a rotation, in order.</summary>
    public static IReadOnlyList<string> Steps { get; } = ["createSecret", "setSecret", "testSecret", "finishSecret"];

    /// <summary>Runs all steps. A function that fails is a result, not an exception.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; the step underway may have happened.</exception>
    public Task<RotationRun> RotateAsync(RotationRequest request, InvokeRotation invoke, CancellationToken cancellation) =>
        DriveAsync(request, Steps, attempts, invoke, cancellation);

    /// <summary>Runs <c>testSecret</c> alone and once, as <c>RotateImmediately=false</c> does.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; the step underway may have happened.</exception>
    public Task<RotationRun> TestAsync(RotationRequest request, InvokeRotation invoke, CancellationToken cancellation) =>
        DriveAsync(request, ["testSecret"], 1, invoke, cancellation);

    /// <summary>The event of one step.</summary>
    public static string Payload(RotationRequest request, string step)
    {
        var members = new Dictionary<string, string>
        {
            ["Step"] = step,
            ["SecretId"] = request.SecretArn,
            ["ClientRequestToken"] = request.Token,
        };
        if (request.RotationToken is { } proof) members["RotationToken"] = proof;
        return JsonSerializer.Serialize(members, Plain);
    }

    private async Task<RotationRun> DriveAsync(
        RotationRequest request, IReadOnlyList<string> steps, int limit, InvokeRotation invoke, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        var done = new List<RotationStepRun>();
        RotationRun Ended(RotationOutcome outcome, string? error = null) => new()
        {
            SecretArn = request.SecretArn,
            Token = request.Token,
            Outcome = outcome,
            Steps = done,
            Duration = time.GetElapsedTime(started),
            Error = error,
        };
        for (var attempt = 1; ; attempt++)
        {
            foreach (var step in steps)
            {
                if (!await request.IsStillWanted()) return Ended(RotationOutcome.Abandoned, $"AWSPENDING was removed before {step}");
                var stepStarted = time.GetTimestamp();
                var answer = await AnswerAsync(invoke, Payload(request, step), cancellation);
                done.Add(new RotationStepRun(attempt, step, time.GetElapsedTime(stepStarted), answer));
                if (!answer.Succeeded) break;
            }
            if (done[^1] is { Answer.Succeeded: true }) return Ended(RotationOutcome.Succeeded);
            if (attempt >= limit) return Ended(RotationOutcome.Failed, Explain(done[^1]));
            await Task.Delay(pause, time, cancellation);
        }
    }

    private static async Task<FunctionAnswer> AnswerAsync(InvokeRotation invoke, string payload, CancellationToken cancellation)
    {
        try
        {
            return await invoke(payload, cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            return new FunctionAnswer { Succeeded = false, ErrorType = e.GetType().Name, ErrorMessage = e.Message };
        }
    }

    private static string Explain(RotationStepRun failed) =>
        $"{failed.Step} failed: {failed.Answer.ErrorType}: {failed.Answer.ErrorMessage}";
}
