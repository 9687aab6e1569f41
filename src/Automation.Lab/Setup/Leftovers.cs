namespace Automation.Lab.Setup;

/// <summary>What this process has started and not ended: looked at before it says that nothing is left, and ended when it exits.</summary>
internal static class Leftovers
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Processes that run and folders that are there, by name.</summary>
    public static IReadOnlyList<string> Names =>
        [.. ChildProcess.StillRunning.Select(child => child.Name), .. LabDirectory.StillThere.Select(directory => directory.Path)];

    /// <summary>
    /// The last resort when the lab exits without disposing (a second Ctrl-C): processes first, because they write into the folders.
    /// After SIGKILL not even this runs: then the next lab finds them (<see cref="OrphanedProcesses"/>).
    /// </summary>
    public static void End()
    {
        ChildProcess.EndAll(Patience);
        OrphanedProcesses.EndOwn();
        foreach (var directory in LabDirectory.StillThere) SpinWait.SpinUntil(directory.TryRemove, Patience);
    }
}
