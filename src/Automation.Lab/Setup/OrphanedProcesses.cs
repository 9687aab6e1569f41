using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Automation.Lab.Setup;

/// <summary>
/// Servers whose lab was killed before it could stop them. Every process the lab starts carries the lab's identity in its
/// environment and hands it down, so orphans are found whatever they are, and another lab's servers are never taken for one.
/// </summary>
internal static class OrphanedProcesses
{
    public const string OwnerVariable = "RDS_AUTOMATION_LAB_OWNER";

    /// <summary>Ends what labs that are no longer alive left running.</summary>
    public static void End() => End(owner => !owner.IsAlive);

    /// <summary>Ends what this lab's processes have started and not ended, now that they are gone: <c>initdb</c> runs shells.</summary>
    public static void EndOwn() => End(owner => owner == ProcessIdentity.Current);

    private static void End(Func<ProcessIdentity, bool> isOf)
    {
        var orphans = Find(isOf);
        foreach (var orphan in orphans) Signals.Send(orphan.Id, EndsAtOnceOn(orphan.Id));
        foreach (var orphan in orphans)
        {
            if (!WaitForEnd(orphan, TimeSpan.FromSeconds(5))) Signals.Send(orphan.Id, Signals.Kill);
        }
    }

    /// <summary>
    /// The signal to end a process at once with. A PostgreSQL server that is killed outright leaves its shared memory
    /// behind: SIGQUIT makes it end as quickly and tidy up. The others have nothing to tidy.
    /// </summary>
    public static int EndsAtOnceOn(int processId)
    {
        try
        {
            return File.ReadAllText($"/proc/{processId}/comm").Trim() == "postgres" ? Signals.Quit : Signals.Kill;
        }
        catch (IOException)
        {
            return Signals.Kill;
        }
    }

    private static bool WaitForEnd(ProcessIdentity orphan, TimeSpan patience)
    {
        try
        {
            using var process = Process.GetProcessById(orphan.Id);
            return !orphan.IsAlive || process.WaitForExit(patience);
        }
        catch (ArgumentException)
        {
            // It is gone already.
            return true;
        }
    }

    private static List<ProcessIdentity> Find(Func<ProcessIdentity, bool> isOf)
    {
        var orphans = new List<ProcessIdentity>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id)) continue;
            if (ProcessIdentity.Of(id) is { } process && OwnerOf(id) is { } owner && isOf(owner)) orphans.Add(process);
        }
        return orphans;
    }

    private static ProcessIdentity? OwnerOf(int processId)
    {
        const string Prefix = OwnerVariable + "=";
        try
        {
            var variable = Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{processId}/environ")).Split('\0')
                .FirstOrDefault(v => v.StartsWith(Prefix, StringComparison.Ordinal));
            return variable is null ? null : ProcessIdentity.Parse(variable[Prefix.Length..]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile, or belongs to somebody else.
            return null;
        }
    }
}
