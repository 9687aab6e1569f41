using Automation.Outcomes;

namespace Automation.Events;

/// <summary>What a person asks PrepareDatabase for.</summary>
internal sealed record PreparationRequest
{
    /// <summary>Identifier of an instance or cluster.</summary>
    public required string Id { get; init; }

    /// <summary>Weakens the function's mode; <see cref="Mode.Observe"/> unless act was asked for.</summary>
    public required Mode Mode { get; init; }

    /// <summary>The database on the server in which the script runs, and to which the role logs in.</summary>
    public required string In { get; init; }

    /// <summary>The script's setting <c>automation.rotates</c>: roles whose passwords the role may set.</summary>
    public required IReadOnlyList<string> Rotates { get; init; }

    /// <summary>The script's setting <c>automation.tests_failover</c>.</summary>
    public required bool TestsFailover { get; init; }
}
