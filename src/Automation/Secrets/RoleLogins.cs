using Automation.Database;

namespace Automation.Secrets;

/// <summary>One unpooled session for every login: a kept connection would prove nothing about a password.</summary>
internal sealed class RoleLogins(TrustedRoots roots, TimeProvider time) : IRoleLogins
{
    /// <summary>For name resolution, TLS and both tries of an IAM login.</summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public async Task<Attempt<IRoleSession>> OpenAsync(SecretDocument secret, DatabaseLogin login, CancellationToken cancellation)
    {
        var opened = await DatabaseSession.OpenUnpooledAsync(
            new DatabaseEndpoint(secret.Host, secret.Port, EndpointKind.Instance), login, roots,
            OwnSessions.Options with { Database = secret.Database }, Limit, time, cancellation);
        return opened.Succeeded(out var session, out var failure)
            ? new Attempt<IRoleSession>(new RoleSession(session))
            : new Attempt<IRoleSession>(failure);
    }
}
