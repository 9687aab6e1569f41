using Automation.Fleet;
using Automation.Outcomes;

namespace Automation.Storage;

/// <summary>What the tag <c>automation:storage</c> of one database allows; the README's table of tags explains it.</summary>
internal sealed record StoragePolicy
{
    /// <summary>How far this database lets us go; the function's <c>MODE</c> may be weaker.</summary>
    public required Mode Mode { get; init; }

    /// <summary>The size that is never passed; <c>null</c> only where nothing is ever changed.</summary>
    public int? MaxGiB { get; init; }

    /// <summary>A disk that lasts longer than this needs nothing.</summary>
    public TimeSpan Horizon { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long a person takes to do something about a cause that growing does not cure.</summary>
    public TimeSpan React { get; init; } = TimeSpan.FromHours(4);

    /// <summary>Whether the size may pass 400 GiB, where RDS copies the whole volume for hours.</summary>
    public bool MayCopy { get; init; }

    /// <summary>Reads <c>act max=500 horizon=7d react=4h past-400=yes</c>; the first word is required, <c>max</c> with <c>act</c> too.</summary>
    /// <param name="value">The tag's value.</param>
    /// <param name="fault">What is wrong with it; <c>null</c> when the policy can be followed.</param>
    public static StoragePolicy Read(string value, out MalformedTag? fault)
    {
        var tag = TagValue.Read(value, ["act", "observe", "off"], ["max", "horizon", "react", "past-400"]);
        var fallback = new StoragePolicy { Mode = Mode.Off };
        var max = tag.PositiveInteger("max", 0);
        var copies = tag.List("past-400");
        var policy = fallback with
        {
            Mode = tag.Word switch { "act" => Mode.Act, "observe" => Mode.Observe, _ => Mode.Off },
            MaxGiB = max == 0 ? null : max,
            Horizon = tag.Duration("horizon", fallback.Horizon),
            React = tag.Duration("react", fallback.React),
            MayCopy = copies is ["yes"],
        };
        if (tag.Word is null) tag.Fail(value, "must begin with act, observe or off");
        if (copies is not ([] or ["yes"] or ["no"])) tag.Fail($"past-400={string.Join('/', copies)}", "is neither yes nor no");
        if (policy is { Mode: Mode.Act, MaxGiB: null }) tag.Fail("act", "needs max=, the size in GiB that is never passed");
        fault = tag.Fault;
        return policy;
    }
}
