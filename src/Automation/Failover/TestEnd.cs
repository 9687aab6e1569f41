using Automation.Ledger;

namespace Automation.Failover;

/// <summary>What a test came to.</summary>
internal abstract record TestEnd
{
    private TestEnd()
    {
    }

    /// <summary>Nothing was asked of RDS.</summary>
    /// <param name="Finding">Why.</param>
    /// <param name="Checks">What the guards saw last.</param>
    public sealed record NotCalled(Finding Finding, IReadOnlyList<Check> Checks) : TestEnd;

    /// <summary>RDS was asked, and what followed was watched.</summary>
    /// <param name="Report">What was found.</param>
    /// <param name="Record">The ledger's record of the call, to be confirmed.</param>
    /// <param name="LeftBehind">Why the schema is still there; <c>null</c> when it is gone.</param>
    public sealed record Called(FailoverReport Report, ActionRecord Record, string? LeftBehind) : TestEnd;

    /// <summary>RDS was asked, and then the watching itself broke.</summary>
    /// <param name="Sentence">What is known.</param>
    public sealed record Broken(string Sentence) : TestEnd;
}
