namespace Automation.Ledger;

/// <summary>What came of asking for a one-time key.</summary>
internal abstract record ClaimResult
{
    private ClaimResult()
    {
    }

    /// <summary>Ours. <see cref="Claim.Attempt"/> above 1: somebody began before us and did not finish.</summary>
    internal sealed record Claimed(Claim Claim) : ClaimResult;

    /// <summary>The work is done; people may still have to be told.</summary>
    /// <param name="Claim">The finished claim, to be passed to <see cref="ILedger.MarkNotifiedAsync"/>.</param>
    /// <param name="Announcement">What was stored with <see cref="ILedger.CompleteAsync"/>.</param>
    /// <param name="Notified">Whether it was delivered.</param>
    internal sealed record Done(Claim Claim, string Announcement, bool Notified) : ClaimResult;

    /// <summary>Another run holds it.</summary>
    internal sealed record InFlight(DateTimeOffset Until) : ClaimResult;
}
