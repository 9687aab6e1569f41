namespace Automation.Secrets;

/// <summary>What would make a rotation fail half-way, found before anything is stored.</summary>
internal static class PreflightRules
{
    /// <summary>Everything, as seen by the session that will change the password.</summary>
    /// <param name="server">Measured on the host of the secret.</param>
    /// <param name="strategy">Of the secret.</param>
    /// <param name="secret">The current value.</param>
    public static Refusal? Check(ServerFacts server, RotationStrategy strategy, SecretDocument secret) =>
        CheckChange(server, StrategyRules.NextUser(secret), strategy == RotationStrategy.SingleUser)
        ?? (secret.Usernames is { } pair ? PairRules.Check(server, pair) : null);

    /// <summary>Whether this session could change this role's password.</summary>
    public static Refusal? CheckChange(ServerFacts server, string role, bool byRoleItself)
    {
        if (server.IsStandby)
            return new(Reasons.Standby, "the host is a standby or a reader: passwords are changed on the writer; name the writer endpoint in the secret");
        if (server.IsReadOnly)
            return new(Reasons.ReadOnly, "sessions of this login are read-only (default_transaction_read_only): no password can be changed");
        if (server.RestrictsPasswordCommands && !server.WeAreInRdsPassword && !server.WeAreSuperuser)
            return new(Reasons.PasswordCommandsRestricted,
                "rds.restrict_password_commands is on and who changes the password is not in rds_password: GRANT rds_password to it, or use an administrator");
        return Of(server.Role(role)) ?? Rights(server, server.Role(role)!, byRoleItself);
    }

    /// <summary>Whether a password can be of use to the role at all.</summary>
    public static Refusal? Of(RoleFacts? role) => role switch
    {
        null => new(Reasons.RoleNotFound, "there is no such role on this server"),
        { CanLogIn: false } => new(Reasons.NoLogin, "the role is NOLOGIN"),
        { InRdsIam: true } => new(Reasons.RdsIamMember,
            "the role is a member of rds_iam: RDS accepts IAM tokens for it and no password; REVOKE rds_iam, or give up the secret"),
        { Expired: true } => new(Reasons.Expired, "VALID UNTIL of the role has passed: no password logs in"),
        _ => null,
    };

    private static Refusal? Rights(ServerFacts server, RoleFacts role, bool byRoleItself)
    {
        if (server.WeAreSuperuser) return null;
        // Before 16 not even its own.
        if (role.MayReplicate && server.Major < 16)
            return new(Reasons.RoleIsSuperuser, "the role has REPLICATION: before PostgreSQL 16 only a superuser may change its password");
        if (byRoleItself) return null;
        if (server.We == role.Name)
            return new(Reasons.AdministratorIsRotated, "the administrator is the very role: its own secret would go stale; rotate it as a single user");
        if (role.IsSuperuser) return new(Reasons.RoleIsSuperuser, "the role is a superuser: only a superuser may change its password");
        if (!server.WeHaveCreateRole)
            return new(Reasons.NoCreateRole, "the administrator has no CREATEROLE: see automation.rotates in sql/bootstrap.sql");
        // Before 16 CREATEROLE is enough for every role that is not a superuser.
        return server.Major < 16 || role.WeHaveAdminOption
            ? null
            : new(Reasons.NoAdminOption, "the administrator has no ADMIN OPTION on the role, which PostgreSQL 16 and later ask for: see automation.rotates in sql/bootstrap.sql");
    }
}
