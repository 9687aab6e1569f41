namespace Automation.Lab.Lambda;

/// <summary>Temporary credentials of a function's role.</summary>
internal sealed record FunctionCredentials(string AccessKeyId, string SecretAccessKey, string? SessionToken)
{
    public override string ToString() => $"{nameof(FunctionCredentials)} {AccessKeyId}";
}
