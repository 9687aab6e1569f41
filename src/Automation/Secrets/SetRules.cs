namespace Automation.Secrets;

/// <summary>The credentials a rotation knows.</summary>
internal enum RotationLogin
{
    Pending,
    Current,
    Previous,
    Administrator,
}

/// <summary>What is known of the credentials; <c>null</c> where nobody asked yet.</summary>
internal sealed record KnownLogins
{
    public LoginState? Pending { get; init; }
    public LoginState? Current { get; init; }
    public LoginState? Previous { get; init; }
    public LoginState? Administrator { get; init; }
}

/// <summary>What setSecret does next.</summary>
internal abstract record SetDecision
{
    private SetDecision()
    {
    }

    /// <summary>Try this credential, then ask again.</summary>
    internal sealed record Ask(RotationLogin Login) : SetDecision;

    /// <summary>The database has the pending password already: an earlier attempt set it.</summary>
    internal sealed record AlreadySet : SetDecision;

    /// <summary>Set the pending password.</summary>
    internal sealed record Change : SetDecision;

    /// <summary>A credential that decides could not be tried; why is in its failure. Nothing is written.</summary>
    internal sealed record Wait(RotationLogin Login) : SetDecision;

    /// <summary>Abandon, with the reason.</summary>
    internal sealed record Abandon(string Reason) : SetDecision;
}

/// <summary>
/// When setSecret may write, as a table over what pending, current, previous and administrator credential prove. A write needs
/// a proven AWSCURRENT (confused deputy), and "unavailable" is never read as "refused".
/// </summary>
internal static class SetRules
{
    public static SetDecision Next(RotationStrategy strategy, KnownLogins known) => strategy switch
    {
        RotationStrategy.SingleUser => SameRole(known, new SetDecision.Change()),
        RotationStrategy.Administrator => SameRole(known, ByAdministrator(known)),
        RotationStrategy.AlternatingUsers => OtherRole(known),
        _ => throw new ArgumentOutOfRangeException(nameof(strategy), strategy, null),
    };

    /// <summary>A role has one password: where the current one logs in, the pending one is not set.</summary>
    private static SetDecision SameRole(KnownLogins known, SetDecision change) => known switch
    {
        { Current: null } => new SetDecision.Ask(RotationLogin.Current),
        { Current: LoginState.LoggedIn } => change,
        { Current: LoginState.Unavailable } => new SetDecision.Wait(RotationLogin.Current),
        { Pending: null } => new SetDecision.Ask(RotationLogin.Pending),
        { Pending: LoginState.LoggedIn } => new SetDecision.AlreadySet(),
        { Pending: LoginState.Unavailable } => new SetDecision.Wait(RotationLogin.Pending),
        { Previous: null } => new SetDecision.Ask(RotationLogin.Previous),
        // Changing it from here would heal the symptom and hide that somebody else changes labels or passwords.
        { Previous: LoginState.LoggedIn } => new SetDecision.Abandon(Reasons.PreviousLogsIn),
        { Previous: LoginState.Refused } => new SetDecision.Abandon(Reasons.NoVersionLogsIn),
        _ => new SetDecision.Abandon(Reasons.CurrentRefused),
    };

    /// <summary>Two roles: a pending login says nothing about the current one. Previous is the pending role's old password.</summary>
    private static SetDecision OtherRole(KnownLogins known) => known switch
    {
        { Current: null } => new SetDecision.Ask(RotationLogin.Current),
        { Current: LoginState.Unavailable } => new SetDecision.Wait(RotationLogin.Current),
        { Pending: null } => new SetDecision.Ask(RotationLogin.Pending),
        { Pending: LoginState.LoggedIn } => new SetDecision.AlreadySet(),
        { Current: LoginState.Refused } => new SetDecision.Abandon(Reasons.CurrentRefused),
        { Pending: LoginState.Unavailable } => new SetDecision.Wait(RotationLogin.Pending),
        _ => ByAdministrator(known),
    };

    private static SetDecision ByAdministrator(KnownLogins known) => known.Administrator switch
    {
        null => new SetDecision.Ask(RotationLogin.Administrator),
        LoginState.LoggedIn => new SetDecision.Change(),
        LoginState.Refused => new SetDecision.Abandon(Reasons.AdministratorRefused),
        _ => new SetDecision.Wait(RotationLogin.Administrator),
    };
}
