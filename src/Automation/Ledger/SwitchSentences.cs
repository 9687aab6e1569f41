using Automation.Telemetry;

namespace Automation.Ledger;

/// <summary>The kill switch in words, the same for every capability.</summary>
internal static class SwitchSentences
{
    public static string Of(SwitchState.Stopped state) => IsOn(state.Which) + (state.Why is null ? "" : $": {Printable.Line(state.Why)}");

    public static string Of(SwitchState.Unreadable state) => $"the kill switch could not be read ({state.Error}), which counts as stopped";

    public static string Of(RecordResult.Stopped result) => IsOn(result.Which);

    private static string IsOn(string which) => $"the kill switch ({which}) is on";
}
