using System.Globalization;
using System.Text.Json;
using Automation.Lab.Account;

namespace Automation.Lab.Snapshots;

/// <summary>
/// The events RDS sends about snapshots: of a failed one it sends none, and none about copies or the end of cluster snapshots.
/// </summary>
/// <remarks>"Amazon RDS event categories and event messages", of RDS and of Aurora.</remarks>
internal static class SnapshotEvent
{
    /// <summary>A snapshot is being taken.</summary>
    public static JsonElement Creating(LabSnapshot snapshot, DateTimeOffset at) => snapshot.Kind == SnapshotKind.Cluster
        ? Create(snapshot, at, "RDS-EVENT-0074", "backup", "Creating manual cluster snapshot")
        : Create(snapshot, at, "RDS-EVENT-0040", "creation", "Creating manual snapshot");

    /// <summary>A snapshot was taken.</summary>
    public static JsonElement Created(LabSnapshot snapshot, DateTimeOffset at) => snapshot.Kind == SnapshotKind.Cluster
        ? Create(snapshot, at, "RDS-EVENT-0075", "backup", "Manual cluster snapshot created")
        : Create(snapshot, at, "RDS-EVENT-0042", "creation", "Manual snapshot created");

    /// <summary>A snapshot of an instance was deleted.</summary>
    public static JsonElement Deleted(LabSnapshot snapshot, DateTimeOffset at) =>
        Create(snapshot, at, "RDS-EVENT-0041", "deletion", "Deleted manual snapshot");

    /// <summary>A copy of a snapshot of an instance began.</summary>
    public static JsonElement CopyStarted(LabSnapshot copy, DateTimeOffset at) => copy.IsFromAnotherRegion
        ? Create(copy, at, "RDS-EVENT-0059", "notification", $"Started copy of snapshot {copy.Id} from region {copy.SourceRegion}.")
        : Create(copy, at, "RDS-EVENT-0196", "notification", $"Started copy of snapshot {copy.Id} in region {copy.Region}.");

    /// <summary>A copy of a snapshot of an instance is there.</summary>
    public static JsonElement CopyFinished(LabSnapshot copy, DateTimeOffset at, TimeSpan took) => copy.IsFromAnotherRegion
        ? Create(copy, at, "RDS-EVENT-0060", "notification", string.Create(CultureInfo.InvariantCulture,
            $"Finished copy of snapshot {copy.Id} from region {copy.SourceRegion} in {Math.Ceiling(took.TotalMinutes):0} minutes."))
        : Create(copy, at, "RDS-EVENT-0197", "notification", $"Finished copy of snapshot {copy.Id} in region {copy.Region}.");

    /// <summary>A copy of a snapshot of an instance was deleted before it was there.</summary>
    public static JsonElement CopyCanceled(LabSnapshot copy, DateTimeOffset at) => copy.IsFromAnotherRegion
        ? Create(copy, at, "RDS-EVENT-0061", "notification", $"Canceled snapshot copy request of {copy.Id} from region {copy.SourceRegion}.")
        : Create(copy, at, "RDS-EVENT-0190", "notification", $"Canceled snapshot copy request of {copy.Id} in region {copy.Region}.");

    private static JsonElement Create(LabSnapshot snapshot, DateTimeOffset at, string eventId, string category, string message)
    {
        var isCluster = snapshot.Kind == SnapshotKind.Cluster;
        return JsonSerializer.SerializeToElement(new Dictionary<string, object>
        {
            ["version"] = "0",
            ["id"] = EventId.Of($"{eventId} {snapshot.Arn} {at.UtcTicks}"),
            ["detail-type"] = isCluster ? "RDS DB Cluster Snapshot Event" : "RDS DB Snapshot Event",
            ["source"] = "aws.rds",
            ["account"] = snapshot.Arn.Split(':')[4],
            ["time"] = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["region"] = snapshot.Region,
            ["resources"] = new[] { snapshot.Arn },
            ["detail"] = new Dictionary<string, object>
            {
                ["EventCategories"] = new[] { category },
                ["SourceType"] = isCluster ? "CLUSTER_SNAPSHOT" : "SNAPSHOT",
                ["SourceArn"] = snapshot.Arn,
                ["Date"] = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
                ["Message"] = message,
                ["SourceIdentifier"] = snapshot.Id,
                ["EventID"] = eventId,
            },
        });
    }
}
