using Automation.Database;
using Npgsql;

namespace Automation.Secrets;

/// <summary>What a failed login, or a failed statement, means for a rotation.</summary>
internal static class LoginRules
{
    /// <summary>
    /// Only a server that looked at the credential refuses it. A login that was not tried (it would not have been SCRAM) or a
    /// full server (53300 comes after the password was checked, or before; either way nothing can be done now) says nothing.
    /// </summary>
    public static LoginState StateOf(DatabaseFailure failure) => failure is
    {
        Class: FailureClass.Authentication,
        SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification,
    }
        ? LoginState.Refused
        : LoginState.Unavailable;

    /// <summary>Why one of the rotation's credentials did not log in.</summary>
    public static Refusal Explain(DatabaseFailure failure, RotationLogin which)
    {
        var (name, refused) = which switch
        {
            RotationLogin.Current => ("the current version", Reasons.CurrentRefused),
            RotationLogin.Pending => ("the pending version", Reasons.PendingRefused),
            RotationLogin.Previous => ("the previous version", Reasons.CurrentRefused),
            RotationLogin.Administrator => ("the administrator", Reasons.AdministratorRefused),
            _ => throw new ArgumentOutOfRangeException(nameof(which), which, null),
        };
        // Statements have codes of their own meaning: 42501 at a login is a role that may not connect to the database.
        if (failure.Class == FailureClass.Other && failure.SqlState != PostgresErrorCodes.TooManyConnections)
            return new(Reasons.DatabaseError, $"the login of {name} failed{Code(failure)}");
        if (StateOf(failure) != LoginState.Refused) return Explain(failure, $"the login of {name}");
        return failure.Sentence.Contains("is not permitted to log in", StringComparison.Ordinal)
            ? new(Reasons.NoLogin, $"the role of {name} is NOLOGIN")
            : new(refused, $"the login of {name} was refused (SQLSTATE {failure.SqlState})");
    }

    /// <summary>
    /// Why nothing is known. In our own words: the server's may hold a role's name, which comes from the secret.
    /// </summary>
    /// <param name="failure">Of a login or a statement.</param>
    /// <param name="what">What was tried: the subject of the sentence.</param>
    public static Refusal Explain(DatabaseFailure failure, string what)
    {
        var code = Code(failure);
        return failure.Class switch
        {
            FailureClass.SlotsExhausted or FailureClass.RoleLimit or FailureClass.DatabaseLimit =>
                new(Reasons.NoSlots, $"{what} found no free connection slot{code}: the rotation waits"),
            FailureClass.Authentication when failure.SqlState is null => new(Reasons.LoginNotScram,
                $"{what} was not tried: the server did not ask for SCRAM-SHA-256 (a role in rds_iam, or a password stored as md5)"),
            FailureClass.Authentication => new(Reasons.DatabaseError, $"{what} was refused{code}"),
            FailureClass.ReadOnly => new(Reasons.Standby, $"{what} met a server that takes no writes{code}: a standby, a reader or a demoted writer"),
            FailureClass.TlsNotVerified => new(Reasons.TlsNotVerified,
                $"{what} was not tried: the server could not prove to be the one asked for, and nothing secret was sent"),
            FailureClass.UnknownOutcome => new(Reasons.UnknownOutcome, $"{what} broke off and may have happened{code}"),
            FailureClass.ShuttingDown or FailureClass.StartingUp or FailureClass.Unreachable =>
                new(Reasons.DatabaseUnavailable, $"{what} got no answer from the server{code}"),
            _ => failure.SqlState switch
            {
                // From something that says it in words of its own.
                PostgresErrorCodes.TooManyConnections => Explain(failure with { Class = FailureClass.SlotsExhausted }, what),
                PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled =>
                    new(Reasons.RotationInProgress, $"{what} waited too long: another session holds the lock on rotating the role, or somebody cancelled it"),
                // "tuple concurrently updated": the role was changed by somebody who does not take our lock.
                PostgresErrorCodes.InternalError => new(Reasons.ConcurrentChange, $"{what} met another change of the same role"),
                PostgresErrorCodes.InsufficientPrivilege =>
                    new(Reasons.NoAdminOption, $"{what} is not permitted{code}: see automation.rotates in sql/bootstrap.sql"),
                _ => new(Reasons.DatabaseError, $"{what} failed{code}"),
            },
        };
    }

    private static string Code(DatabaseFailure failure) => failure.SqlState is { } state ? $" (SQLSTATE {state})" : "";
}
