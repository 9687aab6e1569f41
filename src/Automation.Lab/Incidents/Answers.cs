using System.Text.Json;
using Automation.Lab.Account;
using Automation.Lab.Lambda;
using Automation.Lab.Screen;

namespace Automation.Lab.Incidents;

/// <summary>What functions answered.</summary>
internal static class Answers
{
    private const string Suffix = "Function";

    /// <summary>What a run decided about a database.</summary>
    /// <param name="function">The function's logical id.</param>
    /// <param name="result">How the run ended.</param>
    /// <param name="database">Which of its outcomes; <c>null</c>: it has one.</param>
    public static Decision Of(string function, InvocationResult result, string? database = null)
    {
        var name = function[..^Suffix.Length];
        if (!result.Succeeded)
        {
            // A rotation's step is refused by an error whose message begins with the reason.
            var (reason, sentence) = (result.ErrorMessage ?? "").Split(": ", 2) is [var code, var rest] && code.All(c => c is '-' or (>= 'a' and <= 'z'))
                ? (code, rest)
                : (result.ErrorType ?? "", result.ErrorMessage ?? "");
            return new Decision { Function = name, Verdict = "refused", Reason = reason, Sentence = sentence, At = result.At, Report = result.Report };
        }
        var outcome = JsonElement.Parse(result.Payload.Span).GetProperty("outcomes").EnumerateArray()
            .First(one => database is null || one.GetProperty("database").GetString() == database);
        return new Decision
        {
            Function = name,
            Verdict = outcome.GetProperty("decision").GetString()!,
            Reason = outcome.GetProperty("reason").GetString()!,
            Sentence = outcome.GetProperty("summary").GetString()!,
            Details = outcome.GetProperty("details"),
            At = result.At,
            Report = result.Report,
        };
    }

    /// <summary>Fires a schedule of the template and waits for everything that it sets off.</summary>
    /// <returns>What was handed over, and how the run ended.</returns>
    public static async Task<(FunctionDelivery Delivery, InvocationResult Result)> FireAsync(LocalLab lab, string function, CancellationToken stop)
    {
        var earlier = lab.Account.Bus.Attempts.Entries.Count;
        lab.Account.Bus.Fire(function, "Schedule");
        var attempt = await lab.Account.Bus.Attempts.FirstAsync(
            one => one.Delivery.Function.LogicalId == function && one.Delivery.Rule.Schedule is not null && lab.Account.Bus.Attempts.Entries.Skip(earlier).Contains(one), stop);
        await lab.Account.Bus.IdleAsync(stop);
        return (attempt.Delivery, ResultOf(lab, attempt));
    }

    /// <summary>The run behind an invocation that the bus made.</summary>
    public static InvocationResult ResultOf(LocalLab lab, InvocationAttempt attempt) =>
        lab.Functions.Invocations.Entries.First(call => call.Result.Payload.Equals(attempt.Answer.Payload)).Result;
}
