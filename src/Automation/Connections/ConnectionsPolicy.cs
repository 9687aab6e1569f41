using Automation.Fleet;
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

    /// <summary>
    /// Reads <c>act target=0.70 idle-in-transaction=5m idle=30m max=5 protect=role1/role2</c>; the first word is
    /// required, the rest is optional.
    /// </summary>
    /// <param name="value">The tag's value.</param>
    /// <param name="fault">What is wrong with it; <c>null</c> when the policy can be followed.</param>
    public static ConnectionsPolicy Read(string value, out MalformedTag? fault)
    {
        var tag = TagValue.Read(value, ["act", "observe", "off"], ["target", "idle-in-transaction", "idle", "max", "protect"]);
        var fallback = new ConnectionsPolicy { Mode = Mode.Off };
        var policy = fallback with
        {
            Mode = tag.Word switch { "act" => Mode.Act, "observe" => Mode.Observe, _ => Mode.Off },
            Target = (decimal)tag.Ratio("target", (double)fallback.Target),
            IdleInTransaction = tag.Duration("idle-in-transaction", fallback.IdleInTransaction),
            Idle = tag.Duration("idle", fallback.Idle),
            Max = tag.PositiveInteger("max", fallback.Max),
            Protect = tag.List("protect"),
        };
        if (tag.Word is null) tag.Fail(value, "must begin with act, observe or off");
        if (policy.Max > ConnectionLimits.PerWindow)
            tag.Fail($"max={policy.Max}", $"is more than the {ConnectionLimits.PerWindow} sessions an hour that are ever ended");
        fault = tag.Fault;
        return policy;
    }
}
