using Automation.Fleet;

namespace Automation.Snapshots;

/// <summary>
/// RDS takes 20 copies of instance snapshots at a time to one Region, and 5 of clusters. Those whose newest copy there is oldest
/// go first; the others wait, which is no error.
/// </summary>
internal static class CopyQueue
{
    /// <summary>Copies on their way to a Region at a time.</summary>
    public static int LimitOf(DatabaseKind kind) => kind == DatabaseKind.Cluster ? 5 : 20;

    /// <param name="Database">Its resource id.</param>
    /// <param name="Region">The destination.</param>
    /// <param name="Kind">Instances and clusters have limits of their own.</param>
    /// <param name="NewestCopy">Slot of its newest copy there; <c>null</c> when it has none.</param>
    internal sealed record Request(string Database, string Region, DatabaseKind Kind, DateTimeOffset? NewestCopy);

    /// <param name="requests">Copies to start.</param>
    /// <param name="underway">How many are on their way to a Region, everybody's.</param>
    public static IReadOnlySet<Request> Admit(IEnumerable<Request> requests, Func<string, DatabaseKind, int> underway) => requests
        .GroupBy(request => (request.Region, request.Kind))
        .SelectMany(group => group
            .OrderBy(request => request.NewestCopy ?? DateTimeOffset.MinValue)
            .ThenBy(request => request.Database, StringComparer.Ordinal)
            .Take(Math.Max(0, LimitOf(group.Key.Kind) - underway(group.Key.Region, group.Key.Kind))))
        .ToHashSet();
}
