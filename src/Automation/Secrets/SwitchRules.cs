using Automation.Ledger;

namespace Automation.Secrets;

/// <summary>What the kill switch refuses.</summary>
internal static class SwitchRules
{
    public static Refusal? Check(SwitchState state) => state switch
    {
        SwitchState.Running => null,
        SwitchState.Stopped stopped => new(Reasons.Stopped, SwitchSentences.Of(stopped)),
        SwitchState.Unreadable unreadable => new(Reasons.SwitchUnreadable, SwitchSentences.Of(unreadable)),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    public static Refusal? Check(RecordResult result) => result switch
    {
        RecordResult.Recorded => null,
        RecordResult.Stopped stopped => new(Reasons.Stopped, SwitchSentences.Of(stopped)),
        RecordResult.ClaimLost or RecordResult.Duplicate => new(Reasons.RotationInProgress, "this very change is being recorded by another run"),
        _ => throw new ArgumentOutOfRangeException(nameof(result), result, null),
    };
}
