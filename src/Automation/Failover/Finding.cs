using Automation.Ledger;

namespace Automation.Failover;

/// <summary>Why a test did not go on.</summary>
/// <param name="Reason">One of <see cref="Reasons"/>.</param>
/// <param name="Sentence">What a person should know.</param>
/// <param name="Record">The record of a call that RDS refused, to be confirmed as such.</param>
internal sealed record Finding(string Reason, string Sentence, ActionRecord? Record = null)
{
    /// <summary>Why a call that was to be recorded may not be made.</summary>
    public static Finding Of(RecordResult result) => result switch
    {
        RecordResult.Stopped stopped => new(Reasons.Stopped, SwitchSentences.Of(stopped)),
        RecordResult.ClaimLost => new(Reasons.InProgress, "another run took the test over"),
        RecordResult.Duplicate => new(Reasons.InProgress, "another run is doing the same"),
        _ => throw new ArgumentOutOfRangeException(nameof(result), result, "It was recorded."),
    };
}
