namespace Automation.Ledger;

/// <summary>How a run that may act begins: with the incident's one-time key and the lock of what it works on, or with neither.</summary>
internal abstract record IncidentStart
{
    private IncidentStart()
    {
    }

    /// <param name="Claim">The incident's one-time key.</param>
    /// <param name="Lease">The lock.</param>
    public sealed record Begun(Claim Claim, Claim Lease) : IncidentStart;

    /// <summary>Another run has, or had, the incident, or has the lock for another one: then this one's key is free again.</summary>
    public sealed record Taken(ClaimResult By, bool IsLock) : IncidentStart;

    /// <param name="ledger">Keeps both.</param>
    /// <param name="incident">The same however often it is delivered.</param>
    /// <param name="key">Of the lock.</param>
    /// <param name="owner">AWS request id.</param>
    /// <param name="lease">How long both are kept without an end.</param>
    /// <param name="cancellation">The run's deadline.</param>
    public static async Task<IncidentStart> ClaimAsync(ILedger ledger, string incident, string key, string owner, TimeSpan lease, CancellationToken cancellation)
    {
        var asked = await ledger.ClaimAsync(incident, owner, lease, cancellation);
        if (asked is not ClaimResult.Claimed(var claim)) return new Taken(asked, IsLock: false);
        asked = await ledger.ClaimAsync(key, owner, lease, cancellation);
        if (asked is ClaimResult.Claimed(var held)) return new Begun(claim, held);
        await ledger.ReleaseAsync(claim, cancellation);
        return new Taken(asked, IsLock: true);
    }
}
