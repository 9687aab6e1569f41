namespace Automation.Failover;

/// <summary>Judges the evidence of a switch. Pure.</summary>
internal static class SwitchRules
{
    /// <param name="before">The writer at the baseline.</param>
    /// <param name="after">The writer that answered last; <c>null</c> when none did.</param>
    /// <param name="failed">Whether any client failed after the call.</param>
    /// <param name="writerBefore">Of a cluster: the member that RDS named as writer; <c>null</c> for an instance.</param>
    /// <param name="writerAfter">The same afterwards; <c>null</c> for an instance, or when RDS named none.</param>
    public static Switch Of(ServerIdentity before, ServerIdentity? after, bool failed, string? writerBefore, string? writerAfter)
    {
        if (after is null) return new Switch.Unproven("no writer answered, so nobody could say who it is");
        if (after.InRecovery) return new Switch.Unproven("the server that answered last takes no writes");
        if (!after.IsAnother(before))
        {
            return after.IsRestartOf(before) || failed ? new Switch.CameBack()
                : after.Address == before.Address ? new Switch.None()
                : new Switch.Unproven("the writer answers from another address, and says that it was not restarted");
        }
        if (writerBefore is null) return new Switch.Proven(after);
        return writerAfter is null ? new Switch.Unproven("RDS names no writer of the cluster")
            : string.Equals(writerAfter, writerBefore, StringComparison.OrdinalIgnoreCase)
                ? new Switch.Unproven($"another server answers, but RDS still names {writerBefore} as the writer")
                : new Switch.Proven(after);
    }
}
