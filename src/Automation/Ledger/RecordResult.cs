namespace Automation.Ledger;

/// <summary>What came of recording an action. Only <see cref="Recorded"/> allows the mutation that it announces.</summary>
internal abstract record RecordResult
{
    private RecordResult()
    {
    }

    internal sealed record Recorded : RecordResult;

    /// <param name="Which"><c>all</c> or the capability.</param>
    internal sealed record Stopped(string Which) : RecordResult;

    /// <summary>The lease ended, or another run took the claim over.</summary>
    internal sealed record ClaimLost(string Key) : RecordResult;

    /// <summary>There is a record of the same database, time, capability and key.</summary>
    internal sealed record Duplicate : RecordResult;
}
