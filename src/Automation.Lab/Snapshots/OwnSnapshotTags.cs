using System.Globalization;
using Amazon.RDS.Model;

namespace Automation.Lab.Snapshots;

/// <summary>The tags that make a snapshot one of the automation's (README, "Snapshots"), for a past that the lab makes up.</summary>
internal static class OwnSnapshotTags
{
    /// <param name="slot">What it stands for.</param>
    /// <param name="resourceId">Of its database.</param>
    public static List<Tag> Of(DateTimeOffset slot, string resourceId) =>
    [
        new() { Key = "automation:managed-by", Value = "automation" },
        new() { Key = "automation:slot", Value = slot.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) },
        new() { Key = "automation:source", Value = resourceId },
    ];
}
