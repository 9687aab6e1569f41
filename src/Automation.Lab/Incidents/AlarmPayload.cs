using System.Globalization;
using System.Text.Json.Nodes;
using Automation.Lab.Setup;

namespace Automation.Lab.Incidents;

/// <summary>A payload of <c>events/</c> as it would arrive now.</summary>
internal static class AlarmPayload
{
    /// <param name="name">File name without extension.</param>
    /// <param name="database">The instance the alarm is about; the file says <c>orders</c>.</param>
    /// <param name="now">When the alarm changed its state.</param>
    public static byte[] Read(string name, string database, DateTimeOffset now)
    {
        var root = JsonNode.Parse(Repository.Read($"events/{name}.json"))!.AsObject();
        var state = (root["detail"] ?? root["alarmData"])!["state"]!;
        var stamp = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'+0000'", CultureInfo.InvariantCulture);
        state["timestamp"] = stamp;
        root["time"] = root.ContainsKey("detail") ? now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) : stamp;
        return System.Text.Encoding.UTF8.GetBytes(root.ToJsonString()
            .Replace("\"DBInstanceIdentifier\":\"orders\"", $"\"DBInstanceIdentifier\":\"{database}\"", StringComparison.Ordinal));
    }
}
