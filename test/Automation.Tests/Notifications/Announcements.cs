using System.Text.Json;
using Automation.Outcomes;

namespace Automation.Tests.Notifications;

internal static class Announcements
{
    public static Announcement Announcement(string text = "Usage was 93 of 97.\nUsage is 88 of 97.", string details = """{"used":93}""") => new(
        new Outcome
        {
            Database = "orders",
            Kind = "instance",
            Decision = Decision.Acted,
            Reason = "usage-above-target",
            Summary = "terminated 5 of 98 sessions",
            Resource = "arn:aws:rds:us-east-1:123456789012:db:orders",
            Details = JsonElement.Parse(details),
        },
        Severity.Warning,
        "orders: 5 sessions ended",
        text);
}
