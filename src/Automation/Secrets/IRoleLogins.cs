using Automation.Database;

namespace Automation.Secrets;

/// <summary>Logs in to the database of a secret.</summary>
internal interface IRoleLogins
{
    /// <param name="secret">Says where.</param>
    /// <param name="login">As whom.</param>
    /// <param name="cancellation">The run's deadline.</param>
    Task<Attempt<IRoleSession>> OpenAsync(SecretDocument secret, DatabaseLogin login, CancellationToken cancellation);
}
