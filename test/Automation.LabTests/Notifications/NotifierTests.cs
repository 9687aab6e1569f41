using System.Text.Json;
using Automation.LabTests.Fixtures;
using Automation.Notifications;
using Automation.Outcomes;

namespace Automation.LabTests.Notifications;

public sealed class NotifierTests(MotoFixture moto)
{
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    private static Announcement Announcement(string text) => new(
        new Outcome
        {
            Database = "orders",
            Kind = "instance",
            Decision = Decision.Acted,
            Reason = "usage-above-target",
            Summary = "terminated 5 of 98 sessions",
            Resource = "arn:aws:rds:eu-central-1:123456789012:db:orders",
            Details = JsonElement.Parse("""{"used":93}"""),
        },
        Severity.Warning,
        "orders: 93 \u2192 88 of 97 slots",
        text);

    private static Settings Settings(string topicArn) => Automation.Settings.Read(name => name switch
    {
        "NOTIFICATION_TOPIC_ARN" => topicArn,
        "LEDGER_TABLE_NAME" => "ledger",
        _ => null,
    });

    private async Task<string> CreateTopicAsync(string name) =>
        (await moto.Clients.Sns.CreateTopicAsync(new() { Name = name }, cancellation)).TopicArn;

    [Theory]
    [InlineData(1)]
    [InlineData(40_000)]
    public async Task Send_ReachesASubscriberWithSubjectOutcomeAndAttributes(int lines)
    {
        var topic = await CreateTopicAsync($"notifier-{lines}");
        using var queue = await MotoQueue.SubscribeAsync(moto, topic, $"notifier-{lines}", filterPolicy: null, cancellation);
        var announcement = Announcement(string.Concat(Enumerable.Repeat("93 of 97 slots & \"more\" €\n", lines)));

        await new Notifier(moto.Clients.Sns, Settings(topic)).SendAsync("connections", announcement, cancellation);

        var received = Assert.Single(await queue.ReceiveAsync(cancellation));
        Assert.Equal("[warning] orders: 93 -> 88 of 97 slots", received.GetProperty("Subject").GetString());
        var outcome = JsonElement.Parse(received.GetProperty("Message").GetString()!);
        Assert.Equal(("orders", "acted", 93), (outcome.GetProperty("database").GetString(), outcome.GetProperty("decision").GetString(),
            outcome.GetProperty("details").GetProperty("used").GetInt32()));
        Assert.Equal(
            new Dictionary<string, string?> { ["capability"] = "connections", ["decision"] = "acted", ["severity"] = "warning", ["database"] = "orders" },
            received.GetProperty("MessageAttributes").EnumerateObject()
                .ToDictionary(attribute => attribute.Name, attribute => attribute.Value.GetProperty("Value").GetString()));
    }

    [Fact]
    public async Task Send_SubscribersFilterBySeverity()
    {
        var topic = await CreateTopicAsync("notifier-filter");
        using var warnings = await MotoQueue.SubscribeAsync(moto, topic, "notifier-warnings", """{"severity":["warning","critical"]}""", cancellation);
        using var pages = await MotoQueue.SubscribeAsync(moto, topic, "notifier-pages", """{"severity":["critical"]}""", cancellation);

        await new Notifier(moto.Clients.Sns, Settings(topic)).SendAsync("connections", Announcement("text"), cancellation);

        Assert.Single(await warnings.ReceiveAsync(cancellation));
        Assert.Empty(await pages.ReceiveAsync(cancellation));
    }

    [Fact]
    public async Task Send_TopicMissing_Throws()
    {
        var notifier = new Notifier(moto.Clients.Sns, Settings("arn:aws:sns:eu-central-1:123456789012:notifier-nowhere"));

        await Assert.ThrowsAsync<Amazon.SimpleNotificationService.Model.NotFoundException>(
            () => notifier.SendAsync("connections", Announcement("text"), cancellation));
    }
}
