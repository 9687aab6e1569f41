namespace Automation.Ledger;

/// <summary>Whether changes are allowed at all. Only <see cref="Running"/> allows them.</summary>
internal abstract record SwitchState
{
    private SwitchState()
    {
    }

    internal sealed record Running : SwitchState;

    /// <param name="Which"><c>all</c> or the capability.</param>
    /// <param name="Why">What the person who stopped it wrote in the item's attribute <c>why</c>.</param>
    internal sealed record Stopped(string Which, string? Why) : SwitchState;

    /// <summary>The switch could not be read: as good as stopped.</summary>
    internal sealed record Unreadable(string Error) : SwitchState;
}
