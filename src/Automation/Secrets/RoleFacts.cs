namespace Automation.Secrets;

/// <summary>A role as the server's catalog has it.</summary>
internal sealed record RoleFacts
{
    public required string Name { get; init; }
    public required bool CanLogIn { get; init; }

    /// <summary>VALID UNTIL has passed: the server then says 28P01, as for a wrong password.</summary>
    public required bool Expired { get; init; }

    /// <summary>A member of <c>rds_iam</c>, directly or not: RDS asks IAM and no password logs in.</summary>
    public required bool InRdsIam { get; init; }

    public required bool IsSuperuser { get; init; }

    /// <summary>REPLICATION; on RDS roles get rds_replication instead.</summary>
    public required bool MayReplicate { get; init; }

    /// <summary>Whether the session's own role has ADMIN OPTION on it.</summary>
    public required bool WeHaveAdminOption { get; init; }

    /// <summary>INHERIT, CREATEDB, CONNECTION LIMIT and so on in one text, for comparing two roles.</summary>
    public required string Attributes { get; init; }

    /// <summary>What it is a member of, with options, in order.</summary>
    public required IReadOnlyList<string> Memberships { get; init; }

    /// <summary>Names of the roles it is a direct member of.</summary>
    public required IReadOnlyList<string> MemberOf { get; init; }

    /// <summary>Its settings (<c>ALTER ROLE … SET</c>), with the database they are for, in order.</summary>
    public required IReadOnlyList<string> Settings { get; init; }

    /// <summary>The role it acts as from its login on (<c>ALTER ROLE … SET role</c>, in every database).</summary>
    public required string? ActsAs { get; init; }

    /// <summary>Objects it owns, in all databases.</summary>
    public required long OwnedObjects { get; init; }
}

/// <summary>A server as the session that asked sees it.</summary>
internal sealed record ServerFacts
{
    public required bool IsStandby { get; init; }
    public required bool IsReadOnly { get; init; }

    /// <summary>13 to 18.</summary>
    public required int Major { get; init; }

    /// <summary>RDS parameter <c>rds.restrict_password_commands</c>: only members of <c>rds_password</c> may change passwords.</summary>
    public required bool RestrictsPasswordCommands { get; init; }

    public required bool WeAreInRdsPassword { get; init; }
    public required bool WeAreSuperuser { get; init; }
    public required bool WeHaveCreateRole { get; init; }

    /// <summary>The role the session logged in as.</summary>
    public required string We { get; init; }

    public required IReadOnlyList<RoleFacts> Roles { get; init; }

    public RoleFacts? Role(string name) => Roles.FirstOrDefault(role => role.Name == name);
}
