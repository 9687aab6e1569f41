using Automation.Database;
using Automation.Fleet;
using Automation.Outcomes;

namespace Automation.Connections;

/// <summary>
/// The way in when applications cannot get in: one unpooled session on the instance's own endpoint. RDS Proxy borrows the
/// very slots that are taken.
/// </summary>
internal sealed class RemediationLogin(DatabaseLogin login, TrustedRoots roots, TimeProvider time)
{
    // Covers two logins, the second with a fresh token, within an incident; RDS answers in well under a second.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(8);

    private static readonly DataSourceOptions Options = new() { ApplicationName = "rds-automation" };

    /// <summary>The PostgreSQL role.</summary>
    public string Role => login.User;

    public Task<Attempt<DatabaseSession>> OpenAsync(RdsDatabase database, CancellationToken cancellation) =>
        DatabaseSession.OpenUnpooledAsync(
            new DatabaseEndpoint(database.Host!, database.Port, EndpointKind.Instance), login, roots, Options, Limit, time, cancellation);

    /// <summary>What a failed login means for a person, with what to grant.</summary>
    public (string Reason, string Sentence) Explain(RdsDatabase database, DatabaseFailure failure) => failure.Class switch
    {
        FailureClass.SlotsExhausted => ("slots-exhausted",
            $"not even role {Role} gets in: its reserved slots are taken, or it may not use them (PostgreSQL 16 and later: GRANT "
            + $"pg_use_reserved_connections TO {Role}; before: GRANT rds_superuser TO {Role}; see sql/bootstrap.sql)"),
        FailureClass.RoleLimit => ("role-limit", $"role {Role} is at its own CONNECTION LIMIT: is another run in progress?"),
        FailureClass.DatabaseLimit => ("database-limit", "database postgres is at its own CONNECTION LIMIT"),
        FailureClass.Authentication => ("authentication-failed", $"role {Role} could not log in: {failure.Sentence} "
            + (database.IamAuthenticationEnabled
                ? "(it needs GRANT rds_iam, and the function rds-db:connect for it)"
                : "(IAM database authentication is off on this instance: turn it on)")),
        FailureClass.TlsNotVerified => ("tls-not-verified", failure.Sentence),
        FailureClass.Unreachable => ("unreachable",
            $"{database.Host}:{database.Port} does not answer: {failure.Sentence} (security groups, subnets, or the instance itself)"),
        FailureClass.StartingUp or FailureClass.ShuttingDown => ("restarting", failure.Sentence),
        FailureClass.ReadOnly or FailureClass.UnknownOutcome or FailureClass.Other => ("login-failed", failure.Sentence),
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure.Class, null),
    };

    /// <summary>Whoever has to act must hear of it; a restart answers itself.</summary>
    public static Severity SeverityOf(DatabaseFailure failure) =>
        failure.Class is FailureClass.StartingUp or FailureClass.ShuttingDown ? Severity.Warning : Severity.Critical;
}
