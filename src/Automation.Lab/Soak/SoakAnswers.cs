using System.Text.Json;
using System.Text.RegularExpressions;
using Automation.Lab.Lambda;
using Automation.Lab.Secrets;

namespace Automation.Lab.Soak;

/// <summary>How the functions' invocations ended, and who hears of those that failed.</summary>
internal sealed partial class SoakAnswers(SoakLab lab)
{
    private const string Untold = "nobody could be told";

    public IEnumerable<InvocationSeen> Invocations()
    {
        var logs = lab.Functions.Logs.Select(entry => entry.Line).Where(line => line.Contains("\"Error\"", StringComparison.OrdinalIgnoreCase)).ToList();
        return lab.Functions.Invocations.Select(entry => new InvocationSeen
        {
            Function = entry.Function,
            RequestId = entry.Result.RequestId,
            Succeeded = entry.Result.Succeeded,
            ErrorType = entry.Result.ErrorType ?? "",
            ErrorMessage = entry.Result.ErrorMessage ?? "",
            Outcomes = [.. Outcomes(entry.Result)],
            // Lambda itself reports a process that ended or ran out of time.
            FailureIsLogged = entry.Result.Report.Status is not null || logs.Exists(line => line.Contains(entry.Result.RequestId, StringComparison.Ordinal)),
        });
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
        foreach (var outcome in JsonElement.Parse(result.Payload.Span).GetProperty("outcomes").EnumerateArray())
        {
            string Text(string name) => outcome.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
            yield return new OutcomeSeen(Text("decision"), Text("reason"), Text("summary"));
        }
    }

    public IEnumerable<FinalFailure> FinalFailures()
    {
        var letters = lab.Account.Bus.DeadLetters.Entries;
        foreach (var letter in letters) yield return new FinalFailure($"{letter.Delivery.TargetArn} did not handle {letter.Delivery.EventId} ({letter.Reason})", letter.QueueArn is not null);
        foreach (var delivery in lab.Account.Bus.Attempts.Entries.GroupBy(attempt => attempt.Delivery, ReferenceEqualityComparer.Instance))
        {
            if (delivery.Any(attempt => attempt.Answer.Succeeded)) continue;
            yield return new FinalFailure($"{delivery.First().Delivery.Function.LogicalId} failed {delivery.Count()} times", letters.Any(letter => ReferenceEquals(letter.Delivery, delivery.Key)));
        }
        foreach (var rotation in lab.Account.Rotations.Runs.Entries.Where(rotation => rotation.Outcome == RotationOutcome.Failed))
        {
            var told = lab.Account.Notifications.Entries.Any(message => message.Messages.Values.Any(text => text.Contains(rotation.SecretArn, StringComparison.Ordinal)))
                || letters.Any(letter => letter.QueueArn is not null && letter.Body.Contains(rotation.SecretArn, StringComparison.Ordinal));
            yield return new FinalFailure($"a rotation of {rotation.SecretArn} failed: {rotation.Error}", told);
        }
    }

    // "storage failed for events: unanswered: RDS did not say …", of a rotation "aws-error: an AWS call …"
    [GeneratedRegex(@"^(?:\w+ failed for [^:]+: )?([a-z][a-z0-9-]*): (.+)", RegexOptions.Singleline)]
    private static partial Regex Failure();
}
