using System.Text.Json;
using Automation.Lab.Lambda;

namespace Automation.Lab.Screen;

/// <summary>What a function decided about one database, from its own answer.</summary>
internal sealed record Decision
{
    /// <summary>As <c>RelieveConnections</c>.</summary>
    public required string Function { get; init; }

    /// <summary><c>acted</c>, <c>observed</c>, <c>refused</c>, <c>nothing-to-do</c> or <c>failed</c>.</summary>
    public required string Verdict { get; init; }

    /// <summary>The reason's code.</summary>
    public required string Reason { get; init; }

    /// <summary>The same for a person.</summary>
    public required string Sentence { get; init; }

    /// <summary>The answer's <c>details</c>; undefined where the run ended in an error.</summary>
    public JsonElement Details { get; init; }

    /// <summary>When the answer was there.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What the run took.</summary>
    public required InvocationReport Report { get; init; }
}
