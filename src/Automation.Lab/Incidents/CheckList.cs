using Automation.Lab.Account;
using Automation.Lab.Screen;

namespace Automation.Lab.Incidents;

/// <summary>What must be true at the end of an incident, told as it is found out.</summary>
internal sealed class CheckList(IStory story)
{
    private readonly List<Check> checks = [];

    /// <summary>All so far, in order.</summary>
    public IReadOnlyList<Check> All => checks;

    /// <summary>The last line of a message says what set the run off.</summary>
    /// <param name="told">What the person on call received.</param>
    /// <param name="triggers">How the line may begin: where two come for the same thing, either may be first.</param>
    public void AddOrigin(Notification told, params IReadOnlyList<string> triggers)
    {
        var line = told.TextFor("email").TrimEnd().Split('\n')[^1];
        Add($"the message says that {string.Join(" or ", triggers)} set it off", triggers.Any(trigger => line.StartsWith($"Set off by: {trigger}", StringComparison.Ordinal)), line.Split(" · ")[0]);
    }

    public void Add(string claim, bool holds, string seen)
    {
        checks.Add(new Check(claim, holds, seen));
        story.Check(checks[^1]);
    }
}
