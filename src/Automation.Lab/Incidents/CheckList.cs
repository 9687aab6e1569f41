using Automation.Lab.Screen;

namespace Automation.Lab.Incidents;

/// <summary>What must be true at the end of an incident, told as it is found out.</summary>
internal sealed class CheckList(IStory story)
{
    private readonly List<Check> checks = [];

    /// <summary>All so far, in order.</summary>
    public IReadOnlyList<Check> All => checks;

    public void Add(string claim, bool holds, string seen)
    {
        checks.Add(new Check(claim, holds, seen));
        story.Check(checks[^1]);
    }
}
