using Automation.Outcomes;

namespace Automation.Connections;

/// <summary>What the tag <c>automation:connections</c> of one database allows; the README's table of tags explains it.</summary>
internal sealed record ConnectionsPolicy
{
    /// <summary>How far this database lets us go; the function's <c>MODE</c> may be weaker.</summary>
    public required Mode Mode { get; init; }

    /// <summary>Share of the usable slots at which the database counts as relieved.</summary>
    public decimal Target { get; init; } = 0.70m;

    public TimeSpan IdleInTransaction { get; init; } = TimeSpan.FromMinutes(5);

    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Sessions ended in one run, at most.</summary>
    public int Max { get; init; } = 5;

    /// <summary>Roles whose sessions are never ended.</summary>
    public IReadOnlyList<string> Protect { get; init; } = [];
}
