namespace Automation.Storage.Forecast;

/// <summary>
/// A change of the allocated size. RDS's events tell when, not by how much; sizes are known only of those that we asked for.
/// </summary>
/// <param name="From">When RDS began to apply it.</param>
/// <param name="To">When RDS had applied it; <c>null</c> while it has not said so: the old size is still the one there is.</param>
internal sealed record Resize(DateTimeOffset From, DateTimeOffset? To)
{
    /// <summary>The exact size before, in GiB.</summary>
    public int? BeforeGiB { get; init; }

    /// <summary>The exact size after, in GiB.</summary>
    public int? AfterGiB { get; init; }
}
