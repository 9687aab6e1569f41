using Amazon.SimpleNotificationService;
using Amazon.SimpleNotificationService.Model;
using Automation.Outcomes;

namespace Automation.Notifications;

/// <summary>Publishes announcements on the function's topic.</summary>
internal sealed class Notifier(IAmazonSimpleNotificationService sns, Settings settings) : INotifier
{
    public async Task SendAsync(string capability, Announcement announcement, CancellationToken cancellation)
    {
        var message = SnsMessageComposer.Compose(capability, announcement);
        await sns.PublishAsync(new PublishRequest
        {
            TopicArn = settings.NotificationTopicArn,
            MessageStructure = "json",
            Subject = message.Subject,
            Message = message.Body,
            MessageAttributes = message.Attributes.ToDictionary(
                attribute => attribute.Key,
                attribute => new MessageAttributeValue { DataType = "String", StringValue = attribute.Value }),
        }, cancellation);
    }
}
