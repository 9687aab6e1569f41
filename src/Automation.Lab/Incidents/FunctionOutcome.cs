using System.Text.Json;

namespace Automation.Lab.Incidents;

/// <summary>The single outcome in a function's answer, as the README documents it.</summary>
internal sealed record FunctionOutcome(string Decision, string Reason, string Summary, IReadOnlyList<EndedSession> Sessions)
{
    public static FunctionOutcome Read(ReadOnlyMemory<byte> answer)
    {
        using var document = JsonDocument.Parse(answer);
        var outcome = document.RootElement.GetProperty("outcomes")[0];
        return new FunctionOutcome(outcome.GetProperty("decision").GetString()!, outcome.GetProperty("reason").GetString()!,
            outcome.GetProperty("summary").GetString()!, SessionsIn(outcome.GetProperty("details")));
    }

    /// <summary>The sessions that <c>details</c> of capability <c>connections</c> name.</summary>
    public static IReadOnlyList<EndedSession> SessionsIn(JsonElement details) => details.TryGetProperty("sessions", out var listed)
        ? [.. listed.EnumerateArray().Select(session => new EndedSession(
            session.GetProperty("pid").GetInt32(), session.GetProperty("role").GetString()!,
            session.GetProperty("application").GetString()!, session.GetProperty("state").GetString()!, session.GetProperty("why").GetString()!))]
        : [];
}

/// <summary>A session the function ended, or would.</summary>
internal sealed record EndedSession(int Pid, string Role, string Application, string State, string Why);
