namespace Automation.Lab.Incidents;

/// <summary>The incidents by the names that <c>--only</c> knows.</summary>
internal static class Incident
{
    public const string Snapshots = "snapshots", Rotation = "rotation", Failover = "failover", Connections = "connections", Storage = "storage";

    /// <summary>In the order of the day; storage comes twice.</summary>
    public static IReadOnlyList<string> All { get; } = [Snapshots, Rotation, Failover, Connections, Storage];
}
