using System.Text.RegularExpressions;
using Amazon.Runtime;
using Automation.Events;
using Automation.Notifications;
using Automation.Outcomes;
using Automation.Telemetry;

namespace Automation.Secrets;

/// <summary>A rotation function of Secrets Manager: one step of a rotation, or a recovery by hand.</summary>
internal sealed partial class RotateSecret(CreateStep create, SetStep set, TestStep test, FinishStep finish, RecoverStep recover, ToldOnce once)
{
    public const string Capability = "secrets";

    /// <summary>Longer than the function may run (template.yaml: 120 s).</summary>
    internal static readonly TimeSpan ClaimFor = TimeSpan.FromSeconds(150);

    /// <param name="request">What is asked for.</param>
    /// <param name="invocation">Whose run it is.</param>
    /// <param name="cancellation">The run's deadline: early enough to tell how it ended.</param>
    public async Task<Conclusion> RunAsync(RotationRequest request, Invocation invocation, CancellationToken cancellation)
    {
        StepResult result;
        try
        {
            result = await RunStepAsync(request, invocation, cancellation);
        }
        catch (Exception e)
        {
            // Types and codes only: a message could hold what was being sent.
            result = StepResult.Stopped(Explain(e, cancellation));
        }
        return await OnceAsync(request, SecretsConclusions.Of(request, result), invocation);
    }

    private Task<StepResult> RunStepAsync(RotationRequest request, Invocation invocation, CancellationToken cancellation) => request switch
    {
        RotationRequest.Step { Name: RotationStep.Create } step => create.RunAsync(step, cancellation),
        RotationRequest.Step { Name: RotationStep.Set } step => set.RunAsync(step, invocation, cancellation),
        RotationRequest.Step { Name: RotationStep.Test } step => test.RunAsync(step, cancellation),
        RotationRequest.Step { Name: RotationStep.Finish } step => finish.RunAsync(step, invocation, cancellation),
        RotationRequest.ByHand byHand => recover.RunAsync(byHand, invocation, cancellation),
        _ => throw new ArgumentOutOfRangeException(nameof(request), request.GetType(), null),
    };

    /// <summary>Secrets Manager runs a failing rotation again and again with the same token: people hear of each reason once.</summary>
    private async Task<Conclusion> OnceAsync(RotationRequest request, Conclusion conclusion, Invocation invocation) =>
        request is RotationRequest.Step step && conclusion.Outcome.Decision != Decision.Acted
            ? await once.ApplyAsync(
                $"{Capability}/{conclusion.Outcome.Resource}/{step.Token}/{RotationRequestReader.NameOf(step.Name)}/{conclusion.Outcome.Reason}",
                ClaimFor, conclusion, invocation)
            : conclusion;

    private static Refusal Explain(Exception error, CancellationToken deadline) => error switch
    {
        OperationCanceledException when deadline.IsCancellationRequested => new(Reasons.OutOfTime, "the run's time was over"),
        AmazonServiceException { ErrorCode: "AccessDeniedException" or "AccessDenied" } denied =>
            new(Reasons.AwsError, $"AWS does not permit {Denied().Match(denied.Message) switch { { Success: true } what => what.Value, _ => "an AWS call" }}"),
        AmazonServiceException { ErrorCode.Length: > 0 } answered => new(Reasons.AwsError, $"an AWS call was answered with {Printable.Line(answered.ErrorCode)}"),
        _ when AwsFailure.Is(error, deadline) => new(Reasons.AwsError, $"an AWS call was not answered ({error.GetType().Name})"),
        _ => new(Reasons.UnexpectedError, $"{error.GetType().Name}; it is not known how"),
    };

    // What may not be done, and to what ("… is not authorized to perform: kms:Decrypt on resource: arn:…"); the rest of AWS's
    // message is not ours to repeat.
    [GeneratedRegex(@"(?<=not authorized to perform: )[a-z0-9-]{1,40}:[A-Za-z0-9]{1,80}(?: on resource: arn:aws[a-z-]*:[a-z0-9-]{1,40}:[A-Za-z0-9/_+=.@:-]{1,400})?")]
    private static partial Regex Denied();
}
