using Automation.Database;
using Automation.Fleet;

namespace Automation.Connections;

/// <summary>
/// The way in when applications cannot get in: one unpooled session on the instance's own endpoint. RDS Proxy borrows the
/// very slots that are taken.
/// </summary>
internal sealed class RemediationLogin(DatabaseLogin login, TrustedRoots roots, TimeProvider time)
{
    // Covers two logins, the second with a fresh token, within an incident; RDS answers in well under a second.
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(8);

    /// <summary>The PostgreSQL role.</summary>
    public string Role => login.User;

    public Task<Attempt<DatabaseSession>> OpenAsync(RdsDatabase database, CancellationToken cancellation) =>
        DatabaseSession.OpenUnpooledAsync(
            new DatabaseEndpoint(database.Host!, database.Port, EndpointKind.Instance), login, roots, OwnSessions.Options, Limit, time, cancellation);
}
