using Automation.Ledger;
using Automation.Outcomes;

namespace Automation.Notifications;

/// <summary>
/// What is found again and again, people hear of once. When the ledger does not answer they hear of it now, perhaps twice.
/// </summary>
internal sealed class ToldOnce(ILedger ledger)
{
    /// <summary>Leaves the announcement where this run is the one that tells, and takes it away where another has or does.</summary>
    /// <param name="key">The same for what is the same to people, for example <c>secrets/ARN/token/step/reason</c>.</param>
    /// <param name="claimFor">Longer than a run may take: until then nobody else tells.</param>
    /// <param name="conclusion">Without an announcement it is returned as it is.</param>
    /// <param name="invocation">Whose run it is; Lambda's retry of it tells again what it had not told to the end.</param>
    public async Task<Conclusion> ApplyAsync(string key, TimeSpan claimFor, Conclusion conclusion, Invocation invocation)
    {
        conclusion = conclusion.From(invocation);
        if (conclusion.Announcement is not { } announcement) return conclusion;
        try
        {
            switch (await ledger.ClaimAsync(key, invocation.RequestId, claimFor, CancellationToken.None))
            {
                case ClaimResult.Claimed(var claim):
                    return await ledger.CompleteAsync(claim, StoredAnnouncement.Write(announcement), CancellationToken.None)
                        ? conclusion with { Claim = claim }
                        : conclusion;
                case ClaimResult.Done(var done, _, false):
                    return conclusion with { Claim = done };
                case ClaimResult.Done or ClaimResult.InFlight:
                    return conclusion with { Announcement = null };
                case var other:
                    throw new InvalidOperationException($"No case for {other.GetType().Name}.");
            }
        }
        catch (Exception e) when (AwsFailure.Is(e, CancellationToken.None))
        {
            return conclusion;
        }
    }
}
