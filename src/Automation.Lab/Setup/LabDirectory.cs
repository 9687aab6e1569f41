using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Automation.Lab.Setup;

/// <summary>
/// One run's files, in a folder of its own that is gone afterwards. Folders left by a run that was killed are removed by
/// the next one, together with the servers that still run in them.
/// </summary>
internal sealed class LabDirectory : IDisposable
{
    private const string Prefix = "rds-automation-lab-";
    private const string LockName = "lock";

    // A socket's path has at most 107 bytes (unix(7)); about 80 are for the names below this folder.
    private const int LongestBase = 24;

    private static readonly ConcurrentDictionary<LabDirectory, bool> Open = new();

    private readonly FileStream held;
    private readonly Lock removing = new();

    static LabDirectory() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Leftovers.End();

    private LabDirectory(string path, FileStream held)
    {
        Path = path;
        this.held = held;
    }

    /// <summary>The folder in which runs have theirs.</summary>
    public static string Base { get; } = System.IO.Path.GetTempPath() is { Length: <= LongestBase } temporary ? temporary : "/tmp";

    /// <summary>Those of this process that are not gone.</summary>
    public static IReadOnlyCollection<LabDirectory> StillThere => [.. Open.Keys];

    public string Path { get; }

    /// <summary>
    /// What later runs may use again (downloaded servers, the Python environment). As root not below root's home: servers
    /// run as another user and must be able to read it.
    /// </summary>
    public static string Cache { get; } = System.IO.Path.Combine(CacheBase(), "rds-automation-lab");

    public static LabDirectory Create()
    {
        OrphanedProcesses.End();
        Sweep();
        var path = System.IO.Path.Combine(Base,
            string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{Stopwatch.GetTimestamp():x}"));
        Directory.CreateDirectory(path);
        // Taken before it has its name: whoever sees a lock file that can be taken knows that its owner is gone. The
        // kernel gives the lock up when the process ends, however it ends.
        var held = new FileStream(System.IO.Path.Combine(path, LockName + ".new"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        File.Move(held.Name, System.IO.Path.Combine(path, LockName));
        // PostgreSQL may run as another user and must reach its data folder below this one.
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        var directory = new LabDirectory(path, held);
        Open.TryAdd(directory, true);
        return directory;
    }

    public string Combine(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        TryRemove();
        held.Dispose();
    }

    /// <returns>Whether it is gone: not while a process that is ending still writes into it.</returns>
    public bool TryRemove()
    {
        // By one at a time, or each stumbles over what the other has removed.
        lock (removing)
        {
            Remove(Path);
            if (Directory.Exists(Path)) return false;
        }
        Open.TryRemove(this, out _);
        return true;
    }

    private static string CacheBase()
    {
        if (Environment.IsPrivilegedProcess) return "/var/cache";
        var local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return local.Length > 0 ? local : Base;
    }

    private static void Sweep()
    {
        foreach (var path in Directory.EnumerateDirectories(Base, Prefix + "*"))
        {
            if (IsAbandoned(path)) Remove(path);
        }
    }

    private static bool IsAbandoned(string path)
    {
        var lockFile = System.IO.Path.Combine(path, LockName);
        try
        {
            using var taken = new FileStream(lockFile, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (FileNotFoundException)
        {
            // Killed (or still busy) between making the folder and the lock: the name tells whose it is.
            var owner = System.IO.Path.GetFileName(path)[Prefix.Length..].Split('-')[0];
            return int.TryParse(owner, CultureInfo.InvariantCulture, out var id) && ProcessIdentity.Of(id) is null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Held by a lab that is alive, or another user's.
            return false;
        }
    }

    private static void Remove(string path)
    {
        try
        {
            if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A file still written by a process that is ending: the next run sweeps it.
        }
    }
}
