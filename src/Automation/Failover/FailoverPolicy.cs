using Automation.Fleet;

namespace Automation.Failover;

/// <summary>What the tag <c>automation:failover-test</c> of one database allows; the README's table of tags explains it.</summary>
internal sealed record FailoverPolicy
{
    public required bool Allowed { get; init; }

    /// <summary>Downtime that counts as passed. AWS's own figures: a Multi-AZ instance 60 to 120 s, a cluster less than 60 s.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Reads <c>allow budget=60s</c>, of which the budget is optional, or <c>off</c>.</summary>
    /// <param name="value">The tag's value.</param>
    /// <param name="fault">What is wrong with it; <c>null</c> when the policy can be followed.</param>
    public static FailoverPolicy Read(string value, out MalformedTag? fault)
    {
        var tag = TagValue.Read(value, ["allow", "off"], ["budget"]);
        var policy = new FailoverPolicy { Allowed = tag.Word == "allow" };
        policy = policy with { Budget = tag.Duration("budget", policy.Budget) };
        if (tag.Word is null) tag.Fail(value, "must begin with allow or off");
        fault = tag.Fault;
        return policy;
    }
}
