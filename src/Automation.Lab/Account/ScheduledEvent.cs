using System.Globalization;
using System.Text.Json;
using Automation.Lab.Template;

namespace Automation.Lab.Account;

/// <summary>The event that an EventBridge schedule sends.</summary>
internal static class ScheduledEvent
{
    public static JsonElement Create(string ruleArn, DateTimeOffset time, TemplateInputs inputs)
    {
        var stamp = time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return JsonSerializer.SerializeToElement(new Dictionary<string, object>
        {
            ["version"] = "0",
            ["id"] = EventId.Of($"{ruleArn} {time.UtcTicks}"),
            ["detail-type"] = "Scheduled Event",
            ["source"] = "aws.events",
            ["account"] = inputs.AccountId,
            ["time"] = stamp,
            ["region"] = inputs.Region,
            ["resources"] = new[] { ruleArn },
            ["detail"] = new Dictionary<string, object>(),
        });
    }
}
