using System.Text.Json;
using Automation.Lab.Lambda;

namespace Automation.Lab.Report;

/// <summary>What a report says of a function's invocation, from its own answer. Pure.</summary>
internal static class AnswerReading
{
    private static readonly JsonElement Nothing = JsonElement.Parse("{}"u8);

    /// <summary>The figures.</summary>
    public static RunInvocation Invocation(string function, InvocationResult result) => new()
    {
        At = result.At,
        Function = Name(function),
        Init = result.Report.InitDuration,
        Run = result.Report.Duration,
        Billed = result.Report.BilledDuration,
        MemoryMB = result.Report.MaxMemoryUsedMB,
        MemoryLimitMB = result.Report.MemorySizeMB,
        Error = result.Succeeded ? null : result.ErrorType ?? "error",
    };

    /// <summary>One of each database; a run that broke is one, too. An answer without outcomes, as of a step of Secrets Manager's, has none.</summary>
    /// <param name="function">The logical id.</param>
    /// <param name="result">How it ended.</param>
    public static IEnumerable<RunDecision> Decisions(string function, InvocationResult result)
    {
        if (!result.Succeeded)
            return [Decision("failed", result.ErrorType ?? "error", result.ErrorMessage ?? "", "", Nothing)];
        if (Parse(result.Payload) is not { ValueKind: JsonValueKind.Object } answer || !answer.TryGetProperty("outcomes", out var outcomes) || outcomes.ValueKind != JsonValueKind.Array)
            return [];
        return outcomes.EnumerateArray().Select(outcome => Decision(
            outcome.Text("decision"), outcome.Text("reason"), outcome.Text("summary"), outcome.Text("database"),
            outcome.TryGetProperty("details", out var details) ? details : Nothing) with
        { Capability = answer.Text("capability"), Mode = answer.Text("mode") });

        RunDecision Decision(string decision, string reason, string summary, string database, JsonElement facts) => new()
        {
            At = result.At,
            Function = Name(function),
            Capability = "",
            Mode = "",
            Database = database,
            Decision = decision,
            Reason = reason,
            Summary = summary,
            Facts = facts,
        };
    }

    /// <summary>Whether it only looked: its answer says in which mode it ran.</summary>
    public static bool IsObserved(InvocationResult result) =>
        result.Succeeded && Parse(result.Payload) is { ValueKind: JsonValueKind.Object } answer && answer.Text("mode") == "observe";

    /// <summary>What was done in a database, in a few words.</summary>
    public static string Deed(RunDecision decision) =>
        decision.Facts.ValueKind == JsonValueKind.Object && decision.Facts.TryGetProperty("sessions", out var sessions) && sessions.ValueKind == JsonValueKind.Array
            ? FormattableString.Invariant($"{sessions.GetArrayLength()} sessions ended")
            : decision.Reason;

    /// <summary><c>RelieveConnectionsFunction</c> as people say it.</summary>
    public static string Name(string function) => function.EndsWith("Function", StringComparison.Ordinal) ? function[..^"Function".Length] : function;

    private static JsonElement? Parse(ReadOnlyMemory<byte> answer)
    {
        try
        {
            return answer.IsEmpty ? null : JsonElement.Parse(answer.Span);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
