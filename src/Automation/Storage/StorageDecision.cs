namespace Automation.Storage;

/// <summary>What is to be done about a volume.</summary>
internal abstract record StorageDecision
{
    private StorageDecision()
    {
    }

    /// <param name="Step">What to ask RDS for.</param>
    /// <param name="IsStopgap">Growing is not the cure, and buys a person the time for it.</param>
    public sealed record Grow(Step.Legal Step, bool IsStopgap) : StorageDecision;

    public sealed record Nothing(string Reason, string Sentence) : StorageDecision;

    public sealed record Refused(string Reason, string Sentence) : StorageDecision;
}
