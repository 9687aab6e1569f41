namespace Automation.Tests.Snapshots.Year;

/// <summary>
/// Since when nothing has stood in the way of a database: only then may anything be expected of the automation. What stands in
/// the way is always something that the simulation did, never something that the automation said.
/// </summary>
internal sealed class Health
{
    private readonly Dictionary<(string Owner, string What), DateTimeOffset> last = [];
    private readonly Dictionary<string, DateTimeOffset> lastOfAll = [];

    /// <param name="owner">Resource id; <c>null</c> for all.</param>
    /// <param name="what"><c>take</c>, <c>retain</c> or <c>copy</c>; of a copy with its Region: <c>copy eu-west-1</c>.</param>
    /// <param name="now">The last moment of it.</param>
    public void Hurt(string? owner, string what, DateTimeOffset now)
    {
        if (owner is null) lastOfAll[what] = now;
        else last[(owner, what)] = now;
    }

    public void Hurt(string? owner, DateTimeOffset now)
    {
        foreach (var what in (string[])["take", "retain", "copy"]) Hurt(owner, what, now);
    }

    /// <summary>The last moment at which something was in the way.</summary>
    public DateTimeOffset Last(string owner, params ReadOnlySpan<string> whats)
    {
        var latest = DateTimeOffset.MinValue;
        foreach (var what in whats)
        {
            if (last.TryGetValue((owner, what), out var at) && at > latest) latest = at;
            if (lastOfAll.TryGetValue(what, out at) && at > latest) latest = at;
        }
        return latest;
    }
}
