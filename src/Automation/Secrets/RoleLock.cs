namespace Automation.Secrets;

/// <summary>The lock on rotating a role, and why it was not had.</summary>
internal static class RoleLock
{
    /// <returns>Why not, or <c>null</c> when the session holds it.</returns>
    public static async Task<Refusal?> TakeAsync(IRoleSession session, string role, CancellationToken cancellation) =>
        (await session.LockAsync(role, cancellation)).Succeeded(out _, out var failure)
            ? null
            : LoginRules.Explain(failure, "taking the lock on the role");
}
