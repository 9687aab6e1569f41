using System.Globalization;
using System.Text.Json;
using Automation.Lab.Account;

namespace Automation.Lab.Secrets;

/// <summary>The events that Secrets Manager sends about a rotation, by way of CloudTrail and EventBridge.</summary>
/// <remarks>"Log AWS Secrets Manager events with AWS CloudTrail", "CloudTrail entries for rotation".</remarks>
internal static class RotationEvent
{
    public const string Started = "RotationStarted", Succeeded = "RotationSucceeded", Failed = "RotationFailed", Abandoned = "RotationAbandoned";

    public const string TestStarted = "TestRotationStarted", TestSucceeded = "TestRotationSucceeded", TestFailed = "TestRotationFailed";

    private const string Service = "secretsmanager.amazonaws.com";

    /// <param name="name">One of this type's names.</param>
    /// <param name="secretArn">Tells account and Region too.</param>
    /// <param name="token">The version of the rotation.</param>
    /// <param name="at">When.</param>
    /// <param name="error">What failed, as CloudTrail says it: never the function's own words.</param>
    public static JsonElement Create(string name, string secretArn, string token, DateTimeOffset at, string? error = null)
    {
        // arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME
        var (region, account) = secretArn.Split(':') is [_, _, _, var r, var a, ..]
            ? (r, a)
            : throw new ArgumentException("expected the ARN of a secret", nameof(secretArn));
        var time = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var id = EventId.Of($"{name} {secretArn} {token} {at.UtcTicks}");
        var detail = new Dictionary<string, object?>
        {
            ["eventVersion"] = "1.08",
            ["userIdentity"] = new { accountId = account, invokedBy = Service },
            ["eventTime"] = time,
            ["eventSource"] = Service,
            ["eventName"] = name,
            ["awsRegion"] = region,
            ["sourceIPAddress"] = Service,
            ["userAgent"] = Service,
            ["requestParameters"] = null,
            ["responseElements"] = null,
            ["additionalEventData"] = new { SecretId = secretArn, ClientRequestToken = token },
            ["eventID"] = id,
            ["readOnly"] = false,
            ["eventType"] = "AwsServiceEvent",
            ["managementEvent"] = true,
            ["recipientAccountId"] = account,
            ["eventCategory"] = "Management",
        };
        if (error is not null) detail["errorMessage"] = error;
        return JsonSerializer.SerializeToElement(new Dictionary<string, object>
        {
            ["version"] = "0",
            ["id"] = id,
            ["detail-type"] = "AWS Service Event via CloudTrail",
            ["source"] = "aws.secretsmanager",
            ["account"] = account,
            ["time"] = time,
            ["region"] = region,
            ["resources"] = Array.Empty<string>(),
            ["detail"] = detail,
        });
    }
}
