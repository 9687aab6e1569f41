namespace Automation.Secrets;

/// <summary>
/// What the values must say before a socket is opened (Secrets Manager user guide, "set_secret", the confused deputy):
/// whoever can write a pending version must not be able to point the function at a host or a role of their choice.
/// </summary>
internal static class DocumentRules
{
    /// <summary>Whether this is an endpoint at which a password can be changed and at once be tested.</summary>
    public static Refusal? Check(SecretDocument current)
    {
        // RDS Proxy knows the AWSCURRENT password only, so a pending one must fail through it.
        if (current.Host.Contains(".proxy-", StringComparison.OrdinalIgnoreCase))
            return new(Reasons.ProxyEndpoint, $"host {current.Host} is an RDS Proxy: name the instance's or the cluster's writer endpoint in the secret");
        // A custom endpoint spreads over readers and writer; the lock and the proofs must meet on one server.
        if (current.Host.Contains(".cluster-ro-", StringComparison.OrdinalIgnoreCase) || current.Host.Contains(".cluster-custom-", StringComparison.OrdinalIgnoreCase))
            return new(Reasons.ReaderEndpoint, $"host {current.Host} is a reader or custom endpoint: name the writer endpoint in the secret");
        // Taking a change back means setting this password again, for which no verifier could be made.
        return current.Usernames is null && !ScramVerifier.IsPossibleFor(current.Password)
            ? new(Reasons.MalformedSecret, "the current version: password: expected printable ASCII; set one such password by hand, and rotations will make the next")
            : null;
    }

    /// <summary>Whether a pending value is the next one of this current value: another password and nothing else but the alternating name.</summary>
    public static Refusal? CheckPending(SecretDocument current, SecretDocument pending)
    {
        if (!IsSameTarget(current, pending))
            return new(Reasons.PendingHostDiffers, $"the pending version is for another host or port than {current.Host}:{current.Port}; nothing was connected to");
        if (pending.Username != StrategyRules.NextUser(current))
            return new(Reasons.PendingUserDiffers, "the pending version is for another role than the next one of the current version; nothing was connected to");
        if (!ScramVerifier.IsPossibleFor(pending.Password))
            return new(Reasons.MalformedSecret, "the pending version: password: expected printable ASCII");
        return AreAlike(current, pending)
            ? null
            : new(Reasons.PendingDiffers, "the pending version differs from the current one in more than the password; nothing was connected to");
    }

    /// <summary>Whether two values say the same of everything that we read but user and password.</summary>
    public static bool AreAlike(SecretDocument one, SecretDocument other) => IsSameTarget(one, other)
        && (one.Engine, one.Database, one.AdministratorArn, one.IamAdministrator) == (other.Engine, other.Database, other.AdministratorArn, other.IamAdministrator)
        && (one.Usernames ?? []).SequenceEqual(other.Usernames ?? []);

    /// <summary>Whether two values lead to the same server.</summary>
    public static bool IsSameTarget(SecretDocument one, SecretDocument other) =>
        string.Equals(one.Host, other.Host, StringComparison.OrdinalIgnoreCase) && one.Port == other.Port;

    /// <summary>Whether the administrator's secret is for the same database.</summary>
    public static Refusal? CheckAdministrator(SecretDocument current, string? administratorHost) =>
        string.Equals(current.Host, administratorHost, StringComparison.OrdinalIgnoreCase)
            ? null
            : new(Reasons.AdministratorHostDiffers, administratorHost is null
                ? "the administrator's secret names no host, and its tags name no database"
                : $"the administrator's secret is for another host than {current.Host}; nothing was connected to");
}
