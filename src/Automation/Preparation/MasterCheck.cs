using Automation.Database;

namespace Automation.Preparation;

/// <summary>
/// Sees the master user come in again, while the session that made the role is open and can still mend what it did.
/// </summary>
internal sealed class MasterCheck(IMasterSecrets secrets, PreparationAccess access)
{
    /// <param name="report">What was done.</param>
    /// <param name="name">In which database.</param>
    /// <param name="script">As it was run.</param>
    /// <param name="login">What let the open session in.</param>
    /// <param name="open">The session that made the role; <c>null</c> when it was lost.</param>
    public async Task<MasterLogin> RunAsync(PreparationReport report, string name, BootstrapRequest script, DatabaseLogin login, DatabaseSession? open)
    {
        DatabaseFailure? refused = null;
        var isRevoked = false;
        try
        {
            refused = await access.RefusalAsync(report.Database, name, login);
            // RDS may have rotated the secret since it was read.
            if (refused?.Class == FailureClass.Authentication && await secrets.ReadAsync(report.Database.MasterSecret!, CancellationToken.None) is ({ } current, _))
                refused = await access.RefusalAsync(report.Database, name, login = current);
            if (refused is null) return new MasterLogin.Kept();
            // What this run has not given is not what shuts the master user out.
            if (refused.Class != FailureClass.Authentication || !report.Plan.GrantsIam) return new MasterLogin.Unseen(refused);
            if (open is null) return new MasterLogin.Lost(refused, "the session that could have done it was lost.");

            var revoked = await Bootstrap.RevokeIamAsync(open, script, CancellationToken.None);
            if (!revoked.Succeeded(out isRevoked, out var failure)) return new MasterLogin.Lost(refused, failure.Sentence);
            if (!isRevoked) return new MasterLogin.Lost(refused, "somebody else has granted it too.");
            return await access.RefusalAsync(report.Database, name, login) is { } still ? new MasterLogin.Lost(still, null) : new MasterLogin.GivenBack();
        }
        catch (Exception e)
        {
            // Whatever it is, the change was made.
            return isRevoked
                ? new MasterLogin.Lost(refused!, null)
                : new MasterLogin.Unseen(refused ?? new DatabaseFailure(FailureClass.Other, $"{e.GetType().Name}; it is not known how"));
        }
    }
}
