using Automation.Database;
using Automation.Fleet;

namespace Automation.Connections;

/// <summary>What a failed login means for a person, with what to grant or to look at.</summary>
internal static class LoginFailures
{
    public static (string Reason, string Sentence) Explain(RdsDatabase database, string role, DatabaseFailure failure) => failure.Class switch
    {
        FailureClass.SlotsExhausted => ("slots-exhausted",
            $"not even role {role} gets in: its reserved slots are taken, or it may not use them (PostgreSQL 16 and later: GRANT "
            + $"pg_use_reserved_connections TO {role}; before: GRANT rds_superuser TO {role}; see sql/bootstrap.sql)"),
        FailureClass.RoleLimit => ("role-limit", $"role {role} is at its own CONNECTION LIMIT: is another run in progress?"),
        FailureClass.DatabaseLimit => ("database-limit", "database postgres is at its own CONNECTION LIMIT"),
        FailureClass.Authentication => ("authentication-failed",
            $"role {role} could not log in: {failure.Sentence} "
            + (database.IamAuthenticationEnabled
                ? "(it needs GRANT rds_iam, and the function rds-db:connect on it)"
                : "(IAM database authentication is off on this instance: turn it on)")),
        FailureClass.TlsNotVerified => ("tls-not-verified", failure.Sentence),
        FailureClass.Unreachable => ("unreachable",
            $"{database.Host}:{database.Port} did not answer: {failure.Sentence} (security groups, subnets, or the instance itself)"),
        FailureClass.StartingUp or FailureClass.ShuttingDown => ("restarting", failure.Sentence),
        FailureClass.ReadOnly or FailureClass.UnknownOutcome or FailureClass.Other => ("login-failed", failure.Sentence),
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure.Class, null),
    };
}
