using Automation.Ledger;
using Automation.Outcomes;

namespace Automation.Notifications;

/// <summary>How a run on one database ends, that an alarm or an event set off.</summary>
internal static class IncidentEnd
{
    /// <summary>
    /// Gives the lease back, and closes the incident together with what people must hear, before they hear it: if we die in
    /// between, the retry tells them. A failed run is tried again by Lambda, so its key stays open. Without the run's deadline,
    /// because this is what its margin is for.
    /// </summary>
    /// <param name="ledger">Keeps both.</param>
    /// <param name="conclusion">How the run ended.</param>
    /// <param name="invocation">Whose run it was.</param>
    /// <param name="claim">The incident's one-time key.</param>
    /// <param name="lease">The database's.</param>
    public static async Task<Conclusion> CloseAsync(ILedger ledger, Conclusion conclusion, Invocation invocation, Claim claim, Claim lease)
    {
        conclusion = conclusion.From(invocation);
        try
        {
            await ledger.ReleaseAsync(lease, CancellationToken.None);
            if (conclusion.Outcome.Decision == Decision.Failed) return conclusion;
            var announcement = conclusion.Announcement is { } told ? StoredAnnouncement.Write(told) : "";
            return await ledger.CompleteAsync(claim, announcement, CancellationToken.None) ? conclusion with { Claim = claim } : conclusion;
        }
        catch (Exception e) when (AwsFailure.Is(e, CancellationToken.None))
        {
            // The work is over and people will hear of it now. A later delivery finds the key open, measures anew, and what was
            // recorded counts: it cannot do the work a second time.
            return conclusion;
        }
    }
}
