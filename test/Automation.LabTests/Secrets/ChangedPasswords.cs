using Automation.Database;
using Automation.Secrets;

namespace Automation.LabTests.Secrets;

/// <summary>Runs something right after each password that a rotation sets, before the rotation does anything else.</summary>
internal sealed class ChangedPasswords(IRoleLogins logins, Func<int, string, Task> afterChange) : IRoleLogins
{
    private int changes;

    public async Task<Attempt<IRoleSession>> OpenAsync(SecretDocument secret, DatabaseLogin login, CancellationToken cancellation)
    {
        var attempt = await logins.OpenAsync(secret, login, cancellation);
        return attempt.Succeeded(out var session, out _) ? new(new Session(session, this)) : attempt;
    }

    private Task ChangedAsync(string role) => afterChange(Interlocked.Increment(ref changes), role);

    private sealed class Session(IRoleSession session, ChangedPasswords outer) : IRoleSession
    {
        public Task<Attempt<ServerFacts>> ReadFactsAsync(IReadOnlyList<string> roles, CancellationToken cancellation) => session.ReadFactsAsync(roles, cancellation);

        public Task<Attempt<bool>> LockAsync(string role, CancellationToken cancellation) => session.LockAsync(role, cancellation);

        public async Task<Attempt<bool>> SetPasswordAsync(string role, string verifier, CancellationToken cancellation)
        {
            var attempt = await session.SetPasswordAsync(role, verifier, cancellation);
            await outer.ChangedAsync(role);
            return attempt;
        }

        public ValueTask DisposeAsync() => session.DisposeAsync();
    }
}
