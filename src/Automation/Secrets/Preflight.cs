using Automation.Fleet;

namespace Automation.Secrets;

/// <summary>
/// Whether a rotation would succeed, found out without writing anything: before a value is stored, and as the answer to
/// <c>RotateImmediately=false</c>.
/// </summary>
internal sealed class Preflight(RotationLogins logins, ISecretTargets targets)
{
    /// <returns>Why it would not, or <c>null</c>.</returns>
    public async Task<Refusal?> CheckAsync(Rotation rotation, CancellationToken cancellation)
    {
        if (await CheckProxiesAsync(rotation, cancellation) is { } lacking) return lacking;

        await using var current = await logins.OpenAsync(rotation, RotationLogin.Current, cancellation);
        if (current.State != LoginState.LoggedIn)
            // An earlier attempt may have come as far as the database: then this one goes on from there.
            return rotation.Pending is not null && (await logins.ProveAsync(rotation, RotationLogin.Pending, cancellation)).State == LoginState.LoggedIn
                ? null
                : await DiagnoseAsync(rotation.Current, current.Why!, cancellation);

        if (rotation.Strategy == RotationStrategy.SingleUser) return await CheckAsync(rotation, current.Session!, cancellation);

        await using var administrator = await logins.OpenAsync(rotation, RotationLogin.Administrator, cancellation);
        return administrator.Why ?? await CheckAsync(rotation, administrator.Session!, cancellation);
    }

    /// <summary>Whether an administrator could set the password of the current version's role.</summary>
    /// <returns>Why not, or <c>null</c>.</returns>
    public async Task<Refusal?> CheckAdministratorAsync(Rotation rotation, CancellationToken cancellation)
    {
        await using var administrator = await logins.OpenAsync(rotation, RotationLogin.Administrator, cancellation);
        if (administrator.Session is not { } session) return administrator.Why;
        var facts = await session.ReadFactsAsync([rotation.Current.Username], cancellation);
        return facts.Succeeded(out var server, out var failure)
            ? PreflightRules.CheckChange(server, rotation.Current.Username, byRoleItself: false)
            : LoginRules.Explain(failure, "reading the server's catalog");
    }

    /// <summary>Whether this session could make the change.</summary>
    /// <returns>Why not, or <c>null</c>.</returns>
    public static async Task<Refusal?> CheckAsync(Rotation rotation, IRoleSession changer, CancellationToken cancellation)
    {
        var facts = await changer.ReadFactsAsync(rotation.Current.Usernames ?? [rotation.NextUser], cancellation);
        return facts.Succeeded(out var server, out var failure)
            ? PreflightRules.Check(server, rotation.Strategy, rotation.Current)
            : LoginRules.Explain(failure, "reading the server's catalog");
    }

    /// <summary>A proxy logs in with the secrets it has; one that has only this one loses a user at every turn.</summary>
    private async Task<Refusal?> CheckProxiesAsync(Rotation rotation, CancellationToken cancellation)
    {
        if (rotation.Current.Usernames is not { } pair) return null;
        var proxies = await targets.ProxiesOfAsync(rotation.Secret.Arn, cancellation);
        return proxies.FirstOrDefault(proxy => !pair.All(proxy.Users.Contains)) is { } lacking
            ? new(Reasons.ProxyLacksUser, $"RDS Proxy {lacking.Name} uses this secret and does not name both users in its credentials: its clients would lose one user at every turn. "
                + "Register both, rotate a single user, or give the proxy end-to-end IAM authentication (DefaultAuthScheme=IAM_AUTH) and no secret at all")
            : null;
    }

    /// <summary>A server says "password authentication failed" to much that is not a wrong password; the catalog tells more.</summary>
    private async Task<Refusal> DiagnoseAsync(SecretDocument secret, Refusal why, CancellationToken cancellation)
    {
        if (why.Reason is not (Reasons.CurrentRefused or Reasons.LoginNotScram)) return why;
        await using var ours = await logins.OpenIamAsync(secret, cancellation);
        if (ours.Session is not { } session) return why;
        var facts = await session.ReadFactsAsync([secret.Username], cancellation);
        return facts.Succeeded(out var server, out _) ? PreflightRules.Of(server.Role(secret.Username)) ?? why : why;
    }
}
