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

    // What moto kept of everything published on a topic.
    private async Task<JsonElement[]> PublishedAsync(string topicArn)
    {
        using var http = new HttpClient { BaseAddress = moto.Server.Uri };
        var data = JsonElement.Parse(await http.GetStringAsync(new Uri("moto-api/data.json", UriKind.Relative), cancellation));
        return [.. data.GetProperty("sns").GetProperty("Topic").EnumerateArray()
            .Where(topic => topic.GetProperty("arn").GetString() == topicArn)
            .SelectMany(topic => topic.GetProperty("sent_notifications").EnumerateArray())];
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40_000)]
    public async Task Send_IsAcceptedWithSubjectBodyAndAttributes(int lines)
    {
        var topic = (await moto.Clients.Sns.CreateTopicAsync(new() { Name = $"notifier-{lines}" }, cancellation)).TopicArn;
        var announcement = Announcement(string.Concat(Enumerable.Repeat("93 of 97 slots & \"more\" €\n", lines)));

        await new Notifier(moto.Clients.Sns, Settings(topic)).SendAsync("connections", announcement, cancellation);

        var sent = Assert.Single(await PublishedAsync(topic));
        var expected = SnsMessageComposer.Compose("connections", announcement);
        Assert.Equal("orders: 93 -> 88 of 97 slots", sent[2].GetString());
        Assert.Equal(expected.Body, sent[1].GetString());
    }

    [Fact]
    public async Task Send_TopicMissing_Throws()
    {
        var notifier = new Notifier(moto.Clients.Sns, Settings("arn:aws:sns:eu-central-1:123456789012:notifier-nowhere"));

        await Assert.ThrowsAsync<Amazon.SimpleNotificationService.Model.NotFoundException>(
            () => notifier.SendAsync("connections", Announcement("text"), cancellation));
    }
}
