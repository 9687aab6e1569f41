using Automation.Database;
using Automation.Fleet;

namespace Automation.Secrets;

/// <summary>
/// After a rotation: do clients get in through the proxies that use the secret? A proxy reads it anew at its own pace, so a
/// refusal is asked again for a while.
/// </summary>
internal sealed class ProxyCheck(ISecretTargets targets, TrustedRoots roots, TimeProvider time)
{
    /// <summary>How long a proxy may take to learn the new password; RDS documents no figure.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    /// <returns>A sentence for each proxy.</returns>
    public async Task<IReadOnlyList<string>> CheckAsync(Rotation rotation, DateTimeOffset deadline, CancellationToken cancellation)
    {
        var notes = new List<string>();
        foreach (var proxy in await targets.ProxiesOfAsync(rotation.Secret.Arn, cancellation))
            notes.Add(await CheckAsync(proxy, rotation.Pending!, deadline, cancellation));
        return notes;
    }

    private async Task<string> CheckAsync(SecretProxy proxy, SecretDocument secret, DateTimeOffset deadline, CancellationToken cancellation)
    {
        if (!proxy.TakesPasswords)
            return $"RDS Proxy {proxy.Name} requires IAM of its clients, so no login with the new password was tried through it.";
        var until = time.GetUtcNow() + Patience;
        if (until > deadline - RoleLogins.Limit) until = deadline - RoleLogins.Limit;
        while (true)
        {
            var failure = await TryAsync(proxy, secret, cancellation);
            if (failure is null) return $"A fresh login through RDS Proxy {proxy.Name} works.";
            if (time.GetUtcNow() + Between > until)
                return $"WARNING: no fresh login through RDS Proxy {proxy.Name}: {LoginRules.Explain(failure, "the login through it").Sentence}. "
                    + "It may not have read the new password yet. With end-to-end IAM authentication (DefaultAuthScheme=IAM_AUTH) a proxy needs no secret.";
            await Task.Delay(Between, time, cancellation);
        }
    }

    private async Task<DatabaseFailure?> TryAsync(SecretProxy proxy, SecretDocument secret, CancellationToken cancellation)
    {
        var opened = await DatabaseSession.OpenUnpooledAsync(
            new DatabaseEndpoint(proxy.Host, proxy.Port, EndpointKind.Proxy), new PasswordLogin(secret.Username, secret.Password.Value), roots,
            OwnSessions.Options with { Database = secret.Database }, RoleLogins.Limit, time, cancellation);
        if (!opened.Succeeded(out var session, out var failure)) return failure;
        await session.DisposeAsync();
        return null;
    }
}
