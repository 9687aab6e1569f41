namespace Automation.Lab.Secrets;

/// <summary>One rotation to be driven.</summary>
internal sealed record RotationRequest
{
    /// <summary>The secret's full ARN: functions are never given a name.</summary>
    public required string SecretArn { get; init; }

    /// <summary><c>ClientRequestToken</c>: the id of the new version.</summary>
    public required string Token { get; init; }

    /// <summary>Proves to Secrets Manager on whose behalf the function writes; a secret itself. Absent from the event when <c>null</c>.</summary>
    public string? RotationToken { get; init; }

    /// <summary>Asked before every step; <c>false</c> when the rotation was abandoned meanwhile.</summary>
    public Func<Task<bool>> IsStillWanted { get; init; } = () => Task.FromResult(true);
}
