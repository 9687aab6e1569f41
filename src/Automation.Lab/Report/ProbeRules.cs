namespace Automation.Lab.Report;

/// <summary>When the report's own client stays away. Pure.</summary>
internal static class ProbeRules
{
    // More sessions than any incident opens between two looks.
    private const int Margin = 25;

    /// <summary>
    /// Whether somebody is taking the last slots: then a probe could be the one that is refused nothing and costs another the last
    /// slot, or gives one back right after. When all are taken, or when sessions end, it is in nobody's way.
    /// </summary>
    /// <param name="before">Sessions at the last look; <c>null</c> when there was none.</param>
    /// <param name="now">Sessions now; <c>null</c> while the server is away.</param>
    /// <param name="slots">The server's <c>max_connections</c>.</param>
    public static bool IsInTheWay(double? before, double? now, double? slots) => now > slots - Margin && now > (before ?? 0);
}
