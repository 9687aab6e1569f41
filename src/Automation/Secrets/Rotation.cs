namespace Automation.Secrets;

/// <summary>One rotation as a step finds it: labels, and the values they lead to, checked against each other.</summary>
internal sealed record Rotation
{
    /// <summary>Id of the version that the rotation makes.</summary>
    public required string Token { get; init; }

    public required SecretState Secret { get; init; }

    /// <summary>The version that applications use now.</summary>
    public required string CurrentVersion { get; init; }

    public required SecretDocument Current { get; init; }

    /// <summary><c>null</c>: the pending version has no value yet.</summary>
    public required SecretDocument? Pending { get; init; }

    public RotationStrategy Strategy => StrategyRules.Of(Current);

    /// <summary>The role that gets the next password.</summary>
    public string NextUser => StrategyRules.NextUser(Current);
}
