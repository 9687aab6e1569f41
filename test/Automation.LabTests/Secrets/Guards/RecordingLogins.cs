using System.Collections.Concurrent;
using Automation.Database;
using Automation.Secrets;

namespace Automation.LabTests.Secrets.Guards;

/// <summary>Passes logins on and keeps where to and as whom.</summary>
internal sealed class RecordingLogins(IRoleLogins inner) : IRoleLogins
{
    private readonly ConcurrentQueue<(string Host, int Port, string User)> tried = new();

    public IReadOnlyCollection<(string Host, int Port, string User)> Tried => tried;

    public Task<Attempt<IRoleSession>> OpenAsync(SecretDocument secret, DatabaseLogin login, CancellationToken cancellation)
    {
        tried.Enqueue((secret.Host, secret.Port, login.User));
        return inner.OpenAsync(secret, login, cancellation);
    }
}
