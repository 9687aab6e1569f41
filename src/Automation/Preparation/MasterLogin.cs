using Automation.Database;

namespace Automation.Preparation;

/// <summary>
/// Whether the master user still comes in with its password once the role is made. From PostgreSQL 16 on whoever makes a role is a
/// member of it, and so of <c>rds_iam</c> at one remove; where a server follows that, a password no longer lets the master user in.
/// </summary>
internal abstract record MasterLogin
{
    private MasterLogin()
    {
    }

    /// <summary>It does.</summary>
    public sealed record Kept : MasterLogin;

    /// <summary>It could not be tried.</summary>
    public sealed record Unseen(DatabaseFailure Why) : MasterLogin;

    /// <summary>It was refused, and is no longer since <c>rds_iam</c> was taken back from the role.</summary>
    public sealed record GivenBack : MasterLogin;

    /// <summary>It is refused.</summary>
    /// <param name="Now">What the server said last.</param>
    /// <param name="NotRevoked">Why <c>rds_iam</c> could not be taken back; <c>null</c> when it was.</param>
    public sealed record Lost(DatabaseFailure Now, string? NotRevoked) : MasterLogin;

    /// <summary>Whether the role was made and has no <c>rds_iam</c> any more.</summary>
    public bool IsUndone => this is GivenBack or Lost { NotRevoked: null };
}
