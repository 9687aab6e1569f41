namespace Automation.Lab;

/// <summary>What differs between two labs.</summary>
internal sealed record LocalLabOptions
{
    /// <summary>The program of the functions: by default as it was built with the lab.</summary>
    public string Executable { get; init; } = LocalLab.Executable;

    /// <summary>Value of the database's tag <c>automation:connections</c>.</summary>
    public required string ConnectionsTag { get; init; }

    /// <summary>Value of the database's tag <c>automation:snapshots</c>; <c>null</c>: it asks for none.</summary>
    public string? SnapshotsTag { get; init; }

    /// <summary>
    /// Value of the database's tag <c>automation:failover-test</c>; <c>null</c>: it has none. With it the database is tagged
    /// as staging too, has a standby in another zone and an RDS Proxy.
    /// </summary>
    public string? FailoverTag { get; init; }

    /// <summary>Value of the tag <c>automation:storage</c> of another instance, whose disk can fill; <c>null</c>: there is none.</summary>
    public string? StorageTag { get; init; }

    /// <summary>Whether the stack is deployed with <c>MODE=observe</c>.</summary>
    public bool Observe { get; init; }

    /// <summary>For everything in the account that is random.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The server's <c>max_connections</c>.</summary>
    public int MaxConnections { get; init; } = 100;
}
