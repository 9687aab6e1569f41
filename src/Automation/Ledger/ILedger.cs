namespace Automation.Ledger;

/// <summary>
/// What was done, what may be done, and who is doing it. Errors of DynamoDB are thrown, except where a method says
/// otherwise: an action that cannot be recorded is not taken.
/// </summary>
internal interface ILedger
{
    /// <summary>Reads the kill switch of everything and of one capability. Never throws but for cancellation.</summary>
    Task<SwitchState> ReadSwitchAsync(string capability, CancellationToken cancellation);

    /// <summary>
    /// Asks for a one-time key. It is granted when nobody had it, when the lease of whoever had it ended, or when it was
    /// the same <paramref name="owner"/> (Lambda's retry keeps its request id): the former holder is then fenced off.
    /// </summary>
    Task<ClaimResult> ClaimAsync(string key, string owner, TimeSpan leaseFor, CancellationToken cancellation);

    /// <summary>
    /// Ends a claim for good and keeps what people must be told, so that a retry can tell them when we die first. May be
    /// repeated. <c>false</c>: another run has taken the claim over and will finish it.
    /// </summary>
    Task<bool> CompleteAsync(Claim claim, string announcement, CancellationToken cancellation);

    /// <summary>Notes that the announcement of a completed claim was delivered.</summary>
    Task MarkNotifiedAsync(Claim claim, CancellationToken cancellation);

    /// <summary>Gives a claim back after a run that did nothing; the key is free at once. Without effect when it is not ours any more.</summary>
    Task ReleaseAsync(Claim claim, CancellationToken cancellation);

    /// <summary>
    /// Writes an action down before it is made, in one transaction with the checks that it may be: both switches on, every
    /// claim still ours and its lease not ended, no such record yet.
    /// </summary>
    Task<RecordResult> RecordAsync(ActionRecord record, IReadOnlyList<Claim> heldClaims, CancellationToken cancellation);

    /// <summary>Notes what came of a recorded action, and its <see cref="ActionRecord.After"/> if there is one.</summary>
    Task ConfirmAsync(ActionRecord record, ActionResult result, CancellationToken cancellation);

    /// <summary>The actions of a capability on a database since a time, oldest first.</summary>
    Task<IReadOnlyList<ActionRecord>> HistoryAsync(string resourceId, string capability, DateTimeOffset since, CancellationToken cancellation);
}
