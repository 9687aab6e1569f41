namespace Automation.Ledger;

/// <summary>The right to work on a one-time key until a time. Every take-over counts up, so an old holder can be told apart.</summary>
/// <param name="Key">The one-time key.</param>
/// <param name="Owner">Who holds it: the AWS request id, the same in Lambda's retries.</param>
/// <param name="Attempt">1 for the first holder, counted up with every take-over (a fencing token).</param>
/// <param name="Until">When the right ends, UTC.</param>
internal sealed record Claim(string Key, string Owner, long Attempt, DateTimeOffset Until);
