using Amazon.Runtime;

namespace Automation.Lab.Lambda;

/// <summary>Temporary credentials of a function's role.</summary>
internal sealed record FunctionCredentials(string AccessKeyId, string SecretAccessKey, string? SessionToken)
{
    /// <summary>For clients in this process.</summary>
    public AWSCredentials ForSdk() => new SessionAWSCredentials(AccessKeyId, SecretAccessKey, SessionToken);

    public override string ToString() => $"{nameof(FunctionCredentials)} {AccessKeyId}";
}
