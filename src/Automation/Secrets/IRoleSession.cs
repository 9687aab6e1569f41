using Automation.Database;

namespace Automation.Secrets;

/// <summary>A session that may change a password. Ending it gives its lock back.</summary>
internal interface IRoleSession : IAsyncDisposable
{
    /// <summary>What the server says of itself and of roles.</summary>
    Task<Attempt<ServerFacts>> ReadFactsAsync(IReadOnlyList<string> roles, CancellationToken cancellation);

    /// <summary>
    /// Takes the lock on rotating a role, held until the session ends: two rotations of one role would fail with XX000 (tuple
    /// concurrently updated), or each set a password the other does not know of. Somebody may have had it first: what was known
    /// before may have changed.
    /// </summary>
    /// <returns><c>true</c>, or the failure; SQLSTATE 55P03: it was not given back in time.</returns>
    Task<Attempt<bool>> LockAsync(string role, CancellationToken cancellation);

    /// <summary>Sets a role's password to that of a verifier.</summary>
    /// <param name="role">Any name.</param>
    /// <param name="verifier">As <see cref="ScramVerifier"/> makes it; anything else is refused, since the server would take it for a password.</param>
    /// <param name="cancellation">The run's deadline.</param>
    Task<Attempt<bool>> SetPasswordAsync(string role, string verifier, CancellationToken cancellation);
}
