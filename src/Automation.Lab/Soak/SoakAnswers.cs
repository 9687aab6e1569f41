using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Automation.Lab.Account;
using Automation.Lab.Lambda;
using Automation.Lab.Secrets;

namespace Automation.Lab.Soak;

/// <summary>How the functions' invocations ended, and who hears of those that failed. Pure.</summary>
internal static partial class SoakAnswers
{
    private const string Untold = "nobody could be told", Trouble = "RotationFailed";

    // A line's time is taken before it is written, and the end of an attempt a moment after.
    private static readonly TimeSpan Clocks = TimeSpan.FromMilliseconds(5);

    // CloudTrail's event has whole seconds, and is made right before the rotation is noted as ended.
    private static readonly TimeSpan Announced = TimeSpan.FromSeconds(3);

    /// <param name="function">Its logical id.</param>
    /// <param name="result">How one attempt ended.</param>
    /// <param name="log">What the function wrote, all of its attempts.</param>
    /// <param name="wasKilled">Whether the soak killed it.</param>
    public static InvocationSeen Invocation(string function, InvocationResult result, IEnumerable<string> log, bool wasKilled) => new()
    {
        Function = function,
        RequestId = result.RequestId,
        BegunAt = result.BegunAt,
        EndedAt = result.At,
        Succeeded = result.Succeeded,
        ErrorType = result.ErrorType ?? "",
        ErrorMessage = result.ErrorMessage ?? "",
        Outcomes = [.. Outcomes(result)],
        FailureIsLogged = !result.Succeeded && log.Any(line => IsErrorOf(result, line)),
        ProcessEnded = result.Report.Status is not null,
        WasKilled = wasKilled,
    };

    // Retries of Lambda's keep the request's id: only the time tells whose line it is.
    private static bool IsErrorOf(InvocationResult result, string line)
    {
        if (!line.Contains(result.RequestId, StringComparison.Ordinal) || !line.Contains("\"Error\"", StringComparison.OrdinalIgnoreCase)) return false;
        try
        {
            return JsonElement.Parse(line) is { ValueKind: JsonValueKind.Object } record && Text(record, "level").Equals("Error", StringComparison.OrdinalIgnoreCase)
                && DateTimeOffset.TryParse(Text(record, "timestamp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
                && at >= result.BegunAt - Clocks && at <= result.At + Clocks;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static IEnumerable<OutcomeSeen> Outcomes(InvocationResult result)
    {
        if (!result.Succeeded)
        {
            // Lambda's own words, and that nobody could be told, are about no database.
            if (result.Report.Status is null && result.ErrorMessage is { } message && !message.StartsWith(Untold, StringComparison.Ordinal))
                yield return Failure().Match(message) is { Success: true } failed
                    ? new OutcomeSeen("failed", failed.Groups[1].Value, failed.Groups[2].Value)
                    : new OutcomeSeen("failed", "", message);
            yield break;
        }
        if (ListOf(result) is not { } outcomes)
        {
            yield return new OutcomeSeen("", "", "an answer without outcomes");
            yield break;
        }
        foreach (var outcome in outcomes) yield return new OutcomeSeen(Text(outcome, "decision"), Text(outcome, "reason"), Text(outcome, "summary"));
    }

    private static IReadOnlyList<JsonElement>? ListOf(InvocationResult result)
    {
        try
        {
            return JsonElement.Parse(result.Payload.Span) is { ValueKind: JsonValueKind.Object } answer
                && answer.TryGetProperty("outcomes", out var outcomes) && outcomes.ValueKind == JsonValueKind.Array ? [.. outcomes.EnumerateArray()] : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    /// <summary>Events that nobody took, and that were taken and failed to the last attempt.</summary>
    public static IEnumerable<FinalFailure> OfEvents(IReadOnlyList<DeadLetter> letters, IReadOnlyList<InvocationAttempt> attempts)
    {
        foreach (var letter in letters) yield return new FinalFailure($"{letter.Delivery.TargetArn} did not handle {letter.Delivery.EventId} ({letter.Reason})", letter.QueueArn is not null);
        foreach (var delivery in attempts.GroupBy(attempt => attempt.Delivery, ReferenceEqualityComparer.Instance))
        {
            if (delivery.Any(attempt => attempt.Answer.Succeeded)) continue;
            yield return new FinalFailure($"{delivery.First().Delivery.Function.LogicalId} failed {delivery.Count()} times", letters.Any(letter => ReferenceEquals(letter.Delivery, delivery.Key)));
        }
    }

    /// <summary>Rotations that failed. Of each somebody hears by the function's own message, which names its version, or by the event about this very end.</summary>
    /// <param name="rotations">Those that ended.</param>
    /// <param name="messages">What people got.</param>
    /// <param name="undelivered">Events in the queues for what could not be delivered, and those that the account itself lost.</param>
    public static IEnumerable<FinalFailure> OfRotations(IEnumerable<RotationRun> rotations, IReadOnlyList<string> messages, IReadOnlyList<string> undelivered) =>
        rotations.Where(rotation => rotation.Outcome == RotationOutcome.Failed).Select(rotation => new FinalFailure(
            string.Create(CultureInfo.InvariantCulture, $"a rotation of {rotation.SecretArn} failed at {rotation.EndedAt:HH:mm:ss}: {rotation.Error}"),
            messages.Any(text => text.Contains(rotation.SecretArn, StringComparison.Ordinal) && text.Contains(rotation.Token, StringComparison.Ordinal))
                || messages.Concat(undelivered).Any(text => IsEventOf(rotation, text))));

    private static bool IsEventOf(RotationRun rotation, string text) =>
        text.Contains(Trouble, StringComparison.Ordinal) && text.Contains(rotation.SecretArn, StringComparison.Ordinal)
        && Second().Matches(text).Any(match => DateTimeOffset.Parse(match.Value, CultureInfo.InvariantCulture) is var at && at <= rotation.EndedAt && at > rotation.EndedAt - Announced);

    // "storage failed for events: unanswered: RDS did not say …", of a rotation "aws-error: an AWS call …"
    [GeneratedRegex(@"^(?:\w+ failed for [^:]+: )?([a-z][a-z0-9-]*): (.+)", RegexOptions.Singleline)]
    private static partial Regex Failure();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")]
    private static partial Regex Second();
}
