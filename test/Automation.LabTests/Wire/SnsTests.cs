using System.Net;
using System.Text.Json;
using System.Web;
using Amazon.SimpleNotificationService;
using Amazon.SimpleNotificationService.Model;
using Automation.Lab.Aws;
using Automation.LabTests.Fixtures;

namespace Automation.LabTests.Wire;

public sealed class SnsTests(MotoFixture moto)
{
    private readonly IAmazonSimpleNotificationService sns = moto.Clients.Sns;
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task CreateTopic_WithAttributesAndTags_HasAnArn()
    {
        var response = await sns.CreateTopicAsync(new CreateTopicRequest
        {
            Name = Given.Name("topic"),
            Attributes = new Dictionary<string, string> { ["DisplayName"] = Given.AwkwardText },
            Tags = [new Tag { Key = "owner", Value = Given.AwkwardText }],
        }, cancellation);

        var attributes = await AttributesAsync(response.TopicArn);
        Assert.Equal(Given.AwkwardText, attributes["DisplayName"]);
    }

    [Fact]
    public async Task GetTopicAttributes_OfANewTopic_NamesItsOwner()
    {
        var arn = await TopicAsync(sns);

        var attributes = await AttributesAsync(arn);

        Assert.Equal(arn, attributes["TopicArn"]);
        Assert.Equal(MotoServer.AccountId, attributes["Owner"]);
        Assert.True(attributes.Count > 3);
    }

    [Fact]
    public async Task GetTopicAttributes_UnknownTopic_IsTyped()
    {
        var error = await Assert.ThrowsAsync<NotFoundException>(() => AttributesAsync("arn:aws:sns:eu-central-1:123456789012:nothing"));

        Assert.Equal("NotFound", error.ErrorCode);
        Assert.IsAssignableFrom<AmazonSimpleNotificationServiceException>(error);
    }

    [Fact]
    public async Task SetTopicAttributes_DisplayName_IsChanged()
    {
        var arn = await TopicAsync(sns);

        await sns.SetTopicAttributesAsync(
            new SetTopicAttributesRequest { TopicArn = arn, AttributeName = "DisplayName", AttributeValue = "Alarm & more" }, cancellation);

        Assert.Equal("Alarm & more", (await AttributesAsync(arn))["DisplayName"]);
    }

    [Fact]
    public async Task Publish_Structured_ArrivesAtASubscriber()
    {
        await using var subscriber = await ScriptedServer.StartAsync(cancellation, new ScriptedAnswer(HttpStatusCode.OK, ""));
        var arn = await TopicAsync(sns);
        await SubscribeAsync(arn, subscriber, filterPolicy: "{}");

        var response = await sns.PublishAsync(new PublishRequest
        {
            TopicArn = arn,
            Subject = "orders: 5 of 98 sessions & more",
            Message = JsonSerializer.Serialize(new Dictionary<string, string> { ["default"] = "d", ["http"] = Given.AwkwardText }),
            MessageStructure = "json",
        }, cancellation);

        using var notification = JsonDocument.Parse(subscriber.Received[^1].Text);
        Assert.Equal(response.MessageId, notification.RootElement.GetProperty("MessageId").GetString());
        Assert.Equal("orders: 5 of 98 sessions & more", notification.RootElement.GetProperty("Subject").GetString());
        Assert.Equal(Given.AwkwardText, notification.RootElement.GetProperty("Message").GetString());
    }

    [Fact]
    public async Task Publish_WithAttributes_ReachesWhoFiltersForThem()
    {
        await using var wanting = await ScriptedServer.StartAsync(cancellation, new ScriptedAnswer(HttpStatusCode.OK, ""));
        await using var other = await ScriptedServer.StartAsync(cancellation, new ScriptedAnswer(HttpStatusCode.OK, ""));
        var arn = await TopicAsync(sns);
        await SubscribeAsync(arn, wanting, JsonSerializer.Serialize(new { capability = new[] { "connections" }, note = new[] { Given.AwkwardText } }));
        await SubscribeAsync(arn, other, JsonSerializer.Serialize(new { capability = new[] { "snapshots" } }));
        var before = (wanting.Received.Count, other.Received.Count);

        await sns.PublishAsync(new PublishRequest
        {
            TopicArn = arn,
            Message = "m",
            MessageAttributes = new Dictionary<string, MessageAttributeValue>
            {
                ["capability"] = new() { DataType = "String", StringValue = "connections" },
                ["note"] = new() { DataType = "String", StringValue = Given.AwkwardText },
            },
        }, cancellation);

        Assert.Equal((before.Item1 + 1, before.Item2), (wanting.Received.Count, other.Received.Count));
    }

    [Fact]
    public async Task Publish_BinaryAttribute_IsBase64OnTheWire()
    {
        await using var server = await ScriptedServer.StartAsync(cancellation, new ScriptedAnswer(HttpStatusCode.OK,
            "<PublishResponse><PublishResult><MessageId>m-1</MessageId></PublishResult></PublishResponse>"));
        using var clients = new LabClients(server.Uri, LabClients.Anybody, MotoFixture.Region);

        var response = await clients.Sns.PublishAsync(new PublishRequest
        {
            Message = "m",
            MessageAttributes = new Dictionary<string, MessageAttributeValue>
            {
                ["evidence"] = new() { DataType = "Binary", BinaryValue = new MemoryStream([0, 1, 254, 255]) },
            },
        }, cancellation);

        Assert.Equal("m-1", response.MessageId);
        var sent = HttpUtility.ParseQueryString(Assert.Single(server.Received).Text);
        Assert.Equal("evidence", sent["MessageAttributes.entry.1.Name"]);
        Assert.Equal("Binary", sent["MessageAttributes.entry.1.Value.DataType"]);
        Assert.Equal(Convert.ToBase64String([0, 1, 254, 255]), sent["MessageAttributes.entry.1.Value.BinaryValue"]);
    }

    [Fact]
    public async Task Publish_UnknownTopic_IsTyped() =>
        await Assert.ThrowsAsync<NotFoundException>(() => sns.PublishAsync(
            new PublishRequest { TopicArn = "arn:aws:sns:eu-central-1:123456789012:nothing", Message = "m" }, cancellation));

    [Fact]
    public async Task Publish_SubjectTooLong_IsTyped()
    {
        var arn = await TopicAsync(sns);

        await Assert.ThrowsAsync<InvalidParameterException>(() => sns.PublishAsync(
            new PublishRequest { TopicArn = arn, Message = "m", Subject = new string('s', 101) }, cancellation));
    }

    [Fact]
    public async Task Subscribe_WithFilterPolicy_HasAnArn()
    {
        var arn = await TopicAsync(sns);

        var response = await sns.SubscribeAsync(new SubscribeRequest
        {
            TopicArn = arn,
            Protocol = "https",
            Endpoint = "https://example.com/hook?a=1&b=2",
            ReturnSubscriptionArn = true,
            Attributes = new Dictionary<string, string> { ["FilterPolicy"] = "{\"severity\":[\"critical\"]}" },
        }, cancellation);

        Assert.StartsWith(arn, response.SubscriptionArn, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListSubscriptionsByTopic_TwoProtocols_AreBothThere()
    {
        var arn = await TopicAsync(sns);
        await sns.SubscribeAsync(new SubscribeRequest { TopicArn = arn, Protocol = "https", Endpoint = "https://example.com/a?b=1&c=2" }, cancellation);
        await sns.SubscribeAsync(new SubscribeRequest { TopicArn = arn, Protocol = "email", Endpoint = "on-call@example.com" }, cancellation);

        var found = await sns.Paginators.ListSubscriptionsByTopic(new ListSubscriptionsByTopicRequest { TopicArn = arn })
            .Subscriptions.ToListAsync(cancellation);

        Assert.Equal(["https://example.com/a?b=1&c=2", "on-call@example.com"], found.Select(s => s.Endpoint).Order());
    }

    [Fact]
    public async Task ListTopics_MoreThanAPage_PaginatorGivesEachOnce()
    {
        using var own = new LabClients(moto.Server.Uri, LabClients.Anybody, "eu-south-2");
        var arns = new List<string>();
        for (var i = 0; i < 105; i++) arns.Add(await TopicAsync(own.Sns));

        var found = await own.Sns.Paginators.ListTopics(new ListTopicsRequest()).Topics.ToListAsync(cancellation);

        Assert.Equal(arns.Order(), found.Select(t => t.TopicArn).Order());
    }

    [Fact]
    public async Task DeleteTopic_ThenAttributes_IsNotFound()
    {
        var arn = await TopicAsync(sns);

        await sns.DeleteTopicAsync(new DeleteTopicRequest { TopicArn = arn }, cancellation);

        await Assert.ThrowsAsync<NotFoundException>(() => AttributesAsync(arn));
    }

    private Task<SubscribeResponse> SubscribeAsync(string arn, ScriptedServer subscriber, string filterPolicy) =>
        sns.SubscribeAsync(new SubscribeRequest
        {
            TopicArn = arn,
            Protocol = "http",
            Endpoint = subscriber.Uri.AbsoluteUri,
            Attributes = new Dictionary<string, string> { ["FilterPolicy"] = filterPolicy },
        }, cancellation);

    private async Task<string> TopicAsync(IAmazonSimpleNotificationService client) =>
        (await client.CreateTopicAsync(new CreateTopicRequest { Name = Given.Name("topic") }, cancellation)).TopicArn;

    private async Task<Dictionary<string, string>> AttributesAsync(string arn) =>
        (await sns.GetTopicAttributesAsync(new GetTopicAttributesRequest { TopicArn = arn }, cancellation)).Attributes;
}
