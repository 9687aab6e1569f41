namespace Automation.Secrets;

/// <summary>What the secret's JSON asks for.</summary>
internal static class StrategyRules
{
    public static RotationStrategy Of(SecretDocument secret) => secret switch
    {
        { Usernames: not null } => RotationStrategy.AlternatingUsers,
        { AdministratorArn: not null } or { IamAdministrator: true } => RotationStrategy.Administrator,
        _ => RotationStrategy.SingleUser,
    };

    /// <summary>The role that gets the next password: the other one of the pair, else the same.</summary>
    public static string NextUser(SecretDocument current) => current.Usernames is { } pair
        ? pair.Single(name => name != current.Username)
        : current.Username;

    /// <summary>As README "Result of a function" spells it.</summary>
    public static string NameOf(RotationStrategy strategy) => strategy switch
    {
        RotationStrategy.SingleUser => "single-user",
        RotationStrategy.AlternatingUsers => "alternating-users",
        RotationStrategy.Administrator => "administrator",
        _ => throw new ArgumentOutOfRangeException(nameof(strategy), strategy, null),
    };
}
