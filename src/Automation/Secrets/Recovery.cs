namespace Automation.Secrets;

/// <summary>One version of a secret and what its login proved.</summary>
/// <param name="Version">Which.</param>
/// <param name="Secret">Its value; <c>null</c> where it was not tried.</param>
/// <param name="State"><c>null</c>: not tried, because the value is for another host or role, or cannot be read.</param>
/// <param name="Why">Where it did not log in.</param>
internal sealed record TriedVersion(SecretVersion Version, SecretDocument? Secret, LoginState? State, Refusal? Why);

/// <summary>What would make applications log in again.</summary>
internal abstract record RecoveryPlan
{
    private RecoveryPlan()
    {
    }

    /// <summary>The current version logs in.</summary>
    internal sealed record Nothing : RecoveryPlan;

    /// <summary>Another version has the database's password: make it the current one. The database is not touched.</summary>
    internal sealed record MoveLabel(TriedVersion To) : RecoveryPlan;

    /// <summary>No version logs in: an administrator gives the role the current version's password.</summary>
    internal sealed record SetCurrent : RecoveryPlan;

    internal sealed record No(Refusal Refusal) : RecoveryPlan;
}

/// <summary>Chooses the least change that makes the current version log in.</summary>
internal static class RecoveryRules
{
    /// <param name="tried">In the order of trying, the current version first, up to the first that logs in.</param>
    /// <param name="administrator">Why nobody could set a password; <c>null</c> when an administrator can.</param>
    public static RecoveryPlan Decide(IReadOnlyList<TriedVersion> tried, Refusal? administrator) => tried switch
    {
        [{ State: LoginState.LoggedIn }, ..] => new RecoveryPlan.Nothing(),
        _ when tried.FirstOrDefault(version => version.State == LoginState.Unavailable) is { } unknown => new RecoveryPlan.No(unknown.Why!),
        _ when tried.FirstOrDefault(version => version.State == LoginState.LoggedIn) is { } good => new RecoveryPlan.MoveLabel(good),
        // Nothing is proven here but that somebody could write the secret. A version for another host or role says that it was
        // not always for this one.
        _ when tried.FirstOrDefault(version => version.State is null) is { } foreign => new RecoveryPlan.No(new(Reasons.NoVersionLogsIn,
            $"none of {tried.Count} versions logs in, and version {foreign.Version.Id} is for another host or role, or cannot be read: "
            + "whether the current one names the right role is for a person to say, and to set its password by hand")),
        _ when administrator is null => new RecoveryPlan.SetCurrent(),
        _ => new RecoveryPlan.No(new(Reasons.NoVersionLogsIn,
            $"none of {tried.Count} versions logs in, and no administrator can set a password ({administrator.Reason}: {administrator.Sentence})")),
    };
}
