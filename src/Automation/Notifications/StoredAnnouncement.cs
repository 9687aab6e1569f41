using System.Text.Json;
using Automation.Outcomes;

namespace Automation.Notifications;

/// <summary>An announcement as the ledger keeps it until it was delivered: small enough for DynamoDB because it fits SNS.</summary>
internal static class StoredAnnouncement
{
    public static string Write(Announcement announcement) =>
        JsonSerializer.Serialize(SnsMessageComposer.Fit(announcement), OutcomesJson.Default.Announcement);

    /// <exception cref="JsonException">Somebody changed the ledger by hand.</exception>
    public static Announcement Read(string stored) =>
        JsonSerializer.Deserialize(stored, OutcomesJson.Default.Announcement) ?? throw new JsonException("The stored announcement is null.");
}
