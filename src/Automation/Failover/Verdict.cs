namespace Automation.Failover;

internal enum Verdict
{
    /// <summary>Another writer took over, nothing was lost, and clients were back within the budget.</summary>
    Passed,

    /// <summary>It was a failover, and not good enough.</summary>
    Failed,

    /// <summary>Whatever it was, it proves nothing about a failover.</summary>
    Void,
}
