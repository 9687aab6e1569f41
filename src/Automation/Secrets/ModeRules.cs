using Automation.Outcomes;

namespace Automation.Secrets;

/// <summary>Whether anything may be changed at all.</summary>
internal static class ModeRules
{
    /// <summary>An answer without an error would make Secrets Manager go on, and count the rotation as done.</summary>
    public static Refusal? Check(Mode mode) => mode == Mode.Act
        ? null
        : new(Reasons.ObserveMode, "the function's MODE is observe: everything was checked and nothing was changed; set MODE to act to rotate");
}
