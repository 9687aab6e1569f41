using Automation.Ledger;
using Automation.Telemetry;

namespace Automation.Outcomes;

/// <summary>How a run on one database ended.</summary>
/// <param name="Outcome">For the result.</param>
/// <param name="Announcement">For people; <c>null</c> where nobody needs a message.</param>
/// <param name="Claim">The completed one-time key that keeps the announcement until it is delivered.</param>
/// <param name="Metrics">What was measured of the database.</param>
/// <param name="About">What of the database it is about, where several of one reason are told apart.</param>
internal sealed record Conclusion(
    Outcome Outcome,
    Announcement? Announcement = null,
    Claim? Claim = null,
    IReadOnlyList<MetricValue>? Metrics = null,
    string About = "")
{
    /// <summary>Of what an earlier run did, which ended before it told: its request is the one to look for.</summary>
    public Conclusion Of(ActionRecord record) =>
        Announcement is { } told ? this with { Announcement = told with { Origin = $"Of request {record.RequestId}, which ended before it could tell" } } : this;

    /// <summary>With where it comes from in its announcement. One that waited in the ledger has its own, which stays.</summary>
    public Conclusion From(Invocation invocation) =>
        invocation.Origin is { } origin && Announcement is { Origin: null } told ? this with { Announcement = told with { Origin = origin } } : this;
}
