using Amazon.Runtime;

namespace Automation;

/// <summary>
/// Tells a failed AWS call from a defect of ours. The SDK wraps what the service answered; of a connection that broke or a
/// call that ran into its time limit it lets the plain exception of the HTTP client through.
/// </summary>
internal static class AwsFailure
{
    public static bool Is(Exception e, CancellationToken cancellation) => e switch
    {
        AmazonServiceException or AmazonClientException => true,
        TimeoutException or IOException or HttpRequestException => true,
        OperationCanceledException => !cancellation.IsCancellationRequested,
        _ => false,
    };
}
