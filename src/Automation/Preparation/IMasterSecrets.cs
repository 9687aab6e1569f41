using Automation.Database;
using Automation.Fleet;

namespace Automation.Preparation;

/// <summary>The secrets in which RDS keeps master passwords.</summary>
internal interface IMasterSecrets
{
    /// <summary>The login of a master user, or why there is none. An AWS call that was not answered is thrown.</summary>
    Task<(PasswordLogin? Login, Obstacle? Obstacle)> ReadAsync(MasterSecret secret, CancellationToken cancellation);
}
