namespace Automation.Lab.Gate.Iam;

/// <summary>What a token must say to be good for one login.</summary>
internal sealed record IamTokenExpectation
{
    public required string Host { get; init; }

    public required int Port { get; init; }

    /// <summary>The user of the startup message.</summary>
    public required string User { get; init; }

    public required string Region { get; init; }

    /// <summary>The credential behind an access key id, or <c>null</c>.</summary>
    public required Func<string, GateCredential?> Credentials { get; init; }
}
