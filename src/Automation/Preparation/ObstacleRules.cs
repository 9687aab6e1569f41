using Automation.Database;
using Automation.Fleet;
using Npgsql;

namespace Automation.Preparation;

/// <summary>What a login or a statement that failed means for a person. Pure.</summary>
internal static class ObstacleRules
{
    /// <summary>Of the master user's login or session, before anything was asked to be committed, or while it was.</summary>
    public static Obstacle Of(RdsDatabase database, DatabaseFailure failure) => failure.Class switch
    {
        FailureClass.Authentication when failure.SqlState is null => Obstacle.Refused(Reasons.LoginNotScram,
            "the server did not ask the master user for SCRAM-SHA-256, so nothing was sent: its password is stored as md5, or it is a member of rds_iam. "
            + "With password_encryption = scram-sha-256 in the parameter group, let RDS rotate the secret"),
        FailureClass.Authentication => Obstacle.Refused(Reasons.MasterRefused,
            $"the server refused the master user with the password of its secret: {failure.Sentence} Somebody may have set it by hand; let RDS rotate the secret"),
        FailureClass.TlsNotVerified => Obstacle.Refused(Reasons.TlsNotVerified, failure.Sentence),
        FailureClass.SlotsExhausted or FailureClass.RoleLimit or FailureClass.DatabaseLimit =>
            Obstacle.Failed(Reasons.NoSlots, $"no connection slot is free for the master user: {failure.Sentence}"),
        FailureClass.ReadOnly => Standby(failure.Sentence),
        FailureClass.Unreachable or FailureClass.ShuttingDown or FailureClass.StartingUp => Obstacle.Failed(Reasons.Unreachable,
            $"{database.Host}:{database.Port}: {failure.Sentence} Nothing was changed (security groups, subnets, or the database itself)"),
        FailureClass.UnknownOutcome => Obstacle.Failed(Reasons.UnknownOutcome,
            $"the server was asked to commit and its answer was lost: ask again with mode observe, which shows whether anything is left to do. {failure.Sentence}"),
        FailureClass.Other => Obstacle.Failed(Reasons.DatabaseError, failure.Sentence),
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure.Class, "Not a class of failures."),
    };

    /// <summary>Of the script, which says itself what is in its way.</summary>
    public static Obstacle Of(BootstrapRun.Refused refused)
    {
        var said = string.IsNullOrEmpty(refused.Hint) ? refused.Message : $"{refused.Message} ({refused.Hint.ReplaceLineEndings("; ")})";
        return refused.SqlState switch
        {
            PostgresErrorCodes.InvalidParameterValue => Obstacle.Refused(Reasons.ScriptRefused, said),
            PostgresErrorCodes.InsufficientPrivilege => Obstacle.Refused(Reasons.NotPermitted, said),
            PostgresErrorCodes.ReadOnlySqlTransaction => Standby(said),
            // The last is "tuple concurrently updated": the role was changed by somebody who does not take the script's lock.
            PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.InternalError =>
                Obstacle.Failed(Reasons.Locked, $"another session is changing the same role or database, and it was not waited for: {said} ({refused.SqlState})"),
            _ => Obstacle.Failed(Reasons.DatabaseError, $"{said} ({refused.SqlState})"),
        };
    }

    /// <summary>Of the master user's next login, once the role is made; <c>null</c> when nothing is known to be wrong.</summary>
    public static Obstacle? Of(string role, MasterLogin master) => master switch
    {
        MasterLogin.Kept or MasterLogin.Unseen => null,
        MasterLogin.GivenBack => Obstacle.Failed(Reasons.MasterShutOut,
            $"once role {role} was made, the server no longer let the master user in with its password, so rds_iam was taken back from {role} at once, and the master user "
            + $"comes in again. Without rds_iam {role} cannot log in: have it granted by a role that did not make {role}, or ask AWS support"),
        MasterLogin.Lost(var now, null) => Obstacle.Failed(Reasons.MasterShutOut,
            $"once role {role} was made, the server no longer let the master user in with its password; rds_iam was taken back from {role}, and it still does not: {now.Sentence} "
            + $"Let RDS rotate its secret. {role} cannot log in until rds_iam is granted again: ask for the change once more when the master user comes in"),
        MasterLogin.Lost(var now, { } why) => Obstacle.Failed(Reasons.MasterShutOut,
            $"once role {role} was made, the server no longer let the master user in with its password ({now.Sentence}), and rds_iam could not be taken back from {role}: {why} "
            + $"Log in as the master user with an IAM token (rds-db:connect on it) and run: REVOKE rds_iam FROM {role}"),
        _ => throw new ArgumentOutOfRangeException(nameof(master), master.GetType(), "Not an answer."),
    };

    /// <summary>Of the automation's own login, once the role is as it should be.</summary>
    /// <param name="role">Its name.</param>
    /// <param name="failure">Why not.</param>
    public static string LoginSentence(string role, DatabaseFailure failure) => failure.Class == FailureClass.Authentication
        ? $"but {role} cannot log in with an IAM token: {failure.Sentence} (the function needs rds-db:connect on this role, and a permissions boundary or policy of the organization may deny it)"
        : $"but {role} could not be tried: {failure.Sentence}";

    private static Obstacle Standby(string said) =>
        Obstacle.Refused(Reasons.ReadOnly, $"the server takes no writes: {said} A replica gets its roles from its source: name that one");
}
