using Automation.Ledger;

namespace Automation.Outcomes;

/// <summary>How a run on one database ended.</summary>
/// <param name="Outcome">For the result.</param>
/// <param name="Announcement">For people; <c>null</c> where nobody needs a message.</param>
/// <param name="Claim">The completed one-time key that keeps the announcement until it is delivered.</param>
/// <param name="Metrics">Measured values, by the name of the metric.</param>
internal sealed record Conclusion(
    Outcome Outcome,
    Announcement? Announcement = null,
    Claim? Claim = null,
    IReadOnlyDictionary<string, double>? Metrics = null);
