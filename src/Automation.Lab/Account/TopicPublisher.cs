using Amazon.Runtime;
using Amazon.SimpleNotificationService;
using Amazon.SimpleNotificationService.Model;

namespace Automation.Lab.Account;

/// <summary>Publishes an event's message to a topic; gives <c>null</c>, or why the topic did not take it.</summary>
internal delegate Task<HandOverRefusal?> PublishToTopic(string topicArn, string message, CancellationToken cancellation);

/// <summary>EventBridge as a caller of SNS: by the endpoint that functions use too, so that faults of SNS meet it as well.</summary>
/// <param name="endpoint">The AWS API.</param>
/// <param name="region">The Region to sign for.</param>
internal sealed class TopicPublisher(Uri endpoint, string region) : IDisposable
{
    /// <summary>Who the calls are from, in the endpoint's record.</summary>
    public const string AccessKeyId = "EVENTBRIDGE";

    // One try a call: retrying is for the rule's policy to say.
    private readonly AmazonSimpleNotificationServiceClient sns = new(
        new BasicAWSCredentials(AccessKeyId, "lab-only-not-a-real-secret"),
        new AmazonSimpleNotificationServiceConfig
        {
            ServiceURL = endpoint.AbsoluteUri,
            AuthenticationRegion = region,
            MaxErrorRetry = 0,
            Timeout = TimeSpan.FromSeconds(5),
        });

    public async Task<HandOverRefusal?> PublishAsync(string topicArn, string message, CancellationToken cancellation)
    {
        try
        {
            await sns.PublishAsync(new PublishRequest { TopicArn = topicArn, Message = message }, cancellation);
            return null;
        }
        catch (AmazonServiceException refusal) when (refusal.ErrorCode is { Length: > 0 } code)
        {
            return code switch
            {
                "NotFound" => new HandOverRefusal("NO_RESOURCE", refusal.Message, IsFinal: true),
                "AuthorizationError" => new HandOverRefusal("NO_PERMISSIONS", refusal.Message, IsFinal: true),
                "InvalidParameter" => new HandOverRefusal("INVALID_PARAMETER", refusal.Message, IsFinal: true),
                "Throttled" or "Throttling" or "ThrottlingException" => HandOverRefusal.Throttled,
                _ => new HandOverRefusal("ERROR_FROM_TARGET", refusal.Message),
            };
        }
        // No answer at all; the SDK has several exceptions for that.
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            return new HandOverRefusal("CONNECTION_FAILURE", e.Message);
        }
    }

    public void Dispose() => sns.Dispose();
}
