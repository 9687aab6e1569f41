namespace Automation.Failover;

/// <summary>What the writer says of itself and of what our role may do there.</summary>
internal sealed record ServerFacts
{
    public required ServerIdentity Identity { get; init; }

    /// <summary>It has <c>aurora_db_instance_identifier()</c>.</summary>
    public required bool IsAurora { get; init; }

    /// <summary>CREATE on the database: the test makes a schema of its own.</summary>
    public required bool MayCreateSchema { get; init; }

    /// <summary>Whose the schema is that has the test's name; <c>null</c> when there is none.</summary>
    public required string? SchemaOwner { get; init; }

    /// <summary>Tables, views and functions in it that are not the test's own.</summary>
    public required int StrangersInSchema { get; init; }

    /// <summary>The comment on it: a test's says when it began.</summary>
    public required string? SchemaComment { get; init; }

    /// <summary>The role we are logged in as, and the database.</summary>
    public required string Role { get; init; }

    public required string Database { get; init; }
}
