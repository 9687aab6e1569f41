namespace Automation.Lab;

/// <summary>How the program ends.</summary>
internal static class LabExit
{
    public const int Succeeded = 0, CheckFailed = 1, SetupFailed = 2;

    /// <summary>As a shell reports a program ended by Ctrl-C.</summary>
    public const int Interrupted = 130;
}
