using Amazon.Runtime;
using Automation.Telemetry;

namespace Automation;

/// <summary>What an AWS call throws when it has no good answer.</summary>
internal static class AwsFailure
{
    /// <summary>
    /// Refused by the service, given up by the SDK, or never answered: SDK v4 lets the HTTP client's own exceptions
    /// through, and a time-out of its own is a cancellation that nobody asked for.
    /// </summary>
    public static bool Is(Exception e, CancellationToken asked) => e switch
    {
        AmazonServiceException or AmazonClientException or HttpRequestException or TimeoutException or IOException => true,
        OperationCanceledException => !asked.IsCancellationRequested,
        _ => false,
    };

    /// <summary>The service's error code, or the type of what was thrown where there is none; on one line.</summary>
    public static string CodeOf(Exception e) =>
        Printable.Line(e is AmazonServiceException { ErrorCode.Length: > 0 } answered ? answered.ErrorCode : e.GetType().Name);
}
