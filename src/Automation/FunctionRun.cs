using Amazon.Lambda.Core;
using Automation.Ledger;
using Automation.Notifications;
using Automation.Outcomes;
using Automation.Secrets;
using Automation.Telemetry;

namespace Automation;

/// <summary>The end of every invocation: tell people, write the metrics and the result, and fail when something failed.</summary>
internal sealed class FunctionRun(INotifier notifier, ILedger ledger, TelemetryWriter telemetry, Settings settings)
{
    /// <summary>Databases that the message of a failed invocation names.</summary>
    private const int Named = 10;

    /// <exception cref="InvocationFailedException">An outcome is failed, or people could not be told; the result was written before.</exception>
    public Task<FunctionResult> FinishAsync(
        string capability, IReadOnlyList<Conclusion> conclusions, ILambdaLogger logger, CancellationToken cancellation) =>
        FinishAsync(capability, conclusions.ToAsyncEnumerable(), logger, cancellation);

    /// <summary>The same while the run goes on: each conclusion is told as it comes.</summary>
    /// <exception cref="InvocationFailedException">An outcome is failed, or people could not be told; the result was written before.</exception>
    public async Task<FunctionResult> FinishAsync(
        string capability, IAsyncEnumerable<Conclusion> conclusions, ILambdaLogger logger, CancellationToken cancellation)
    {
        var (result, untold) = await ReportAsync(capability, conclusions, logger, cancellation);
        var failed = result.Outcomes.Where(outcome => outcome.Decision == Decision.Failed).ToList();
        if (failed.Count > 0)
            throw new InvocationFailedException($"{capability} failed for {Some(failed.ConvertAll(outcome => $"{outcome.Database}: {outcome.Reason}: {outcome.Summary}"), "; ")}");
        if (untold.Count > 0)
            throw new InvocationFailedException($"nobody could be told about {Some(untold, ", ")}; the announcement waits in the ledger");
        return result;
    }

    // Lambda hands the message on, and what it hands on has a limit; all of them are in the result, which the log has.
    private static string Some(IReadOnlyList<string> all, string between) =>
        string.Join(between, all.Take(Named)) + (all.Count > Named ? $"{between}and {all.Count - Named} more, which the log names" : "");

    /// <summary>The same for a step of a rotation, whose caller takes every answer but an error for a success.</summary>
    /// <exception cref="Exception">One of <see cref="RotationErrors"/>: the step was refused or failed.</exception>
    public async Task<FunctionResult> FinishStepAsync(Conclusion conclusion, ILambdaLogger logger, CancellationToken cancellation)
    {
        // That people could not be told must not undo a rotation: the result is in the log, the change in the ledger.
        var (result, _) = await ReportAsync(RotateSecret.Capability, new[] { conclusion }.ToAsyncEnumerable(), logger, cancellation);
        return conclusion.Outcome.Decision is Decision.Refused or Decision.Failed
            ? throw RotationErrors.Of(conclusion.Outcome.Reason, conclusion.Outcome.Summary)
            : result;
    }

    private async Task<(FunctionResult Result, IReadOnlyList<string> Untold)> ReportAsync(
        string capability, IAsyncEnumerable<Conclusion> conclusions, ILambdaLogger logger, CancellationToken cancellation)
    {
        var outcomes = new List<Outcome>();
        var untold = new List<string>();
        await foreach (var conclusion in conclusions.WithCancellation(cancellation))
        {
            outcomes.Add(conclusion.Outcome);
            Log.OutcomeReached(logger, capability, conclusion.Outcome);
            telemetry.WriteDatabase(conclusion.Outcome.Database, conclusion.Metrics ?? []);
            if (!await TellAsync(capability, conclusion, logger, cancellation)) untold.Add(conclusion.Outcome.Database);
        }

        var result = new FunctionResult
        {
            Capability = capability,
            Mode = settings.Mode,
            Outcomes = outcomes,
        };
        telemetry.WriteResult(result);
        return (result, untold);
    }

    private async Task<bool> TellAsync(string capability, Conclusion conclusion, ILambdaLogger logger, CancellationToken cancellation)
    {
        try
        {
            if (conclusion.Announcement is { } announcement)
            {
                await notifier.SendAsync(capability, announcement, cancellation);
                Log.Notified(logger, capability, conclusion.Outcome.Database);
            }
            if (conclusion.Claim is { } claim) await ledger.MarkNotifiedAsync(claim, cancellation);
            return true;
        }
        catch (Exception e) when (AwsFailure.Is(e, cancellation))
        {
            // What was done stays done and is in the ledger; the invocation ends in error, and the retry tells.
            Log.DatabaseFailed(logger, capability, conclusion.Outcome.Database, e);
            return false;
        }
    }
}
