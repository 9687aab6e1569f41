using Automation.Ledger;
using Automation.Outcomes;

namespace Automation.Notifications;

/// <summary>Lets people hear of something once, however many runs find it.</summary>
internal sealed class ToldOnce(ILedger ledger)
{
    /// <summary>
    /// Leaves the announcement out where it was made before, and keeps it with the claim until it is delivered. When the ledger
    /// does not answer people hear of it now, perhaps twice.
    /// </summary>
    /// <param name="key">What they hear of once.</param>
    /// <param name="claimFor">Longer than the function may run.</param>
    /// <param name="conclusion">How the run ended.</param>
    /// <param name="invocation">Whose run it is.</param>
    public async Task<Conclusion> ApplyAsync(string key, TimeSpan claimFor, Conclusion conclusion, Invocation invocation)
    {
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
