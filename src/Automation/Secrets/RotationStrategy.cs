namespace Automation.Secrets;

/// <summary>How the next password comes into force; chosen by the secret's JSON.</summary>
internal enum RotationStrategy
{
    /// <summary>The role changes its own password. Between that and the moved label the current secret does not log in.</summary>
    SingleUser,

    /// <summary>
    /// <c>usernames</c> names two login roles that both act as one owner role; the one that is not in use gets the next
    /// password, so the current secret logs in throughout.
    /// </summary>
    AlternatingUsers,

    /// <summary>An administrator changes the role's password: by <c>masterarn</c>, or with an IAM token (<c>"administrator":"iam"</c>).</summary>
    Administrator,
}
