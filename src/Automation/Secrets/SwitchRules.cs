using Automation.Ledger;
using Automation.Telemetry;

namespace Automation.Secrets;

/// <summary>The kill switch, in words.</summary>
internal static class SwitchRules
{
    public static Refusal? Check(SwitchState state) => state switch
    {
        SwitchState.Running => null,
        SwitchState.Stopped(var which, var why) => new(Reasons.Stopped, $"the kill switch ({which}) is on{(why is null ? "" : $": {Printable.Line(why)}")}"),
        SwitchState.Unreadable(var error) => new(Reasons.SwitchUnreadable, $"the kill switch could not be read ({error}), which counts as stopped"),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    public static Refusal? Check(RecordResult result) => result switch
    {
        RecordResult.Recorded => null,
        RecordResult.Stopped(var which) => new(Reasons.Stopped, $"the kill switch ({which}) is on"),
        RecordResult.ClaimLost or RecordResult.Duplicate => new(Reasons.RotationInProgress, "this very change is being recorded by another run"),
        _ => throw new ArgumentOutOfRangeException(nameof(result), result, null),
    };
}
