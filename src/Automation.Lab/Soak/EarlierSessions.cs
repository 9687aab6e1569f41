using System.Globalization;
using Amazon.DynamoDBv2.Model;

namespace Automation.Lab.Soak;

/// <summary>Sessions that were ended before the soak began, as the ledger has them: a soak alone is too short to use up an hour's budget.</summary>
internal static class EarlierSessions
{
    private const string Time = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", Capability = "connections";
    private static readonly TimeSpan Ago = TimeSpan.FromMinutes(5), Kept = TimeSpan.FromDays(400);

    /// <summary>The items of one incident, each a session, as the README describes the ledger.</summary>
    /// <param name="database">Whose.</param>
    /// <param name="resourceId">Of it.</param>
    /// <param name="count">How many sessions.</param>
    /// <param name="now">The present.</param>
    public static IEnumerable<(SessionEnded Ended, Dictionary<string, AttributeValue> Item)> Of(string database, string resourceId, int count, DateTimeOffset now)
    {
        for (var n = 0; n < count; n++)
        {
            var at = (now - Ago).AddMilliseconds(n);
            var (key, time) = (string.Create(CultureInfo.InvariantCulture, $"{1000 + n}-{at:yyyyMMddHHmmssffffff}"), at.UtcDateTime.ToString(Time, CultureInfo.InvariantCulture));
            yield return (new SessionEnded(database, at), new()
            {
                ["pk"] = new($"database#{resourceId}"),
                ["sk"] = new($"{time}#{Capability}#{key}"),
                ["at"] = new(time),
                ["resource_id"] = new(resourceId),
                ["capability"] = new(Capability),
                ["key"] = new(key),
                ["action"] = new("terminate-session"),
                ["database"] = new(database),
                ["mode"] = new("act"),
                ["request_id"] = new("before-the-soak"),
                ["incident"] = new("an alarm before the soak"),
                ["group"] = new() { M = new() { ["role"] = new("shop"), ["application"] = new("shop-before") } },
                ["before"] = new("{}"),
                ["result"] = new("done"),
                ["expires"] = new() { N = (at + Kept).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) },
            });
        }
    }
}
