namespace Automation.Fleet;

/// <summary>What RDS knows about a secret: the database that it made it for, and the proxies that log in with it.</summary>
internal interface ISecretTargets
{
    /// <summary>The writer endpoint of an instance or cluster, or <c>null</c> when RDS does not know it.</summary>
    /// <param name="arn">ARN of an instance or a cluster.</param>
    /// <param name="cancellation">The caller's wish to stop.</param>
    Task<string?> EndpointOfAsync(string arn, CancellationToken cancellation);

    /// <summary>The proxies that have the secret among their credentials.</summary>
    Task<IReadOnlyList<SecretProxy>> ProxiesOfAsync(string secretArn, CancellationToken cancellation);
}

/// <summary>A proxy that uses a secret.</summary>
internal sealed record SecretProxy
{
    public required string Name { get; init; }

    /// <summary>Its default endpoint, which reads and writes.</summary>
    public required string Host { get; init; }

    public required int Port { get; init; }

    /// <summary>Whether its clients may log in with a password at all; else IAM is required of them.</summary>
    public required bool TakesPasswords { get; init; }

    /// <summary>The users its credentials are for, as far as it names them.</summary>
    public required IReadOnlyList<string> Users { get; init; }
}
