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

    private LabDirectory(string path) => Path = path;

    public string Path { get; }

    /// <summary>What later runs may use again (downloaded servers, the Python environment).</summary>
    public static string Cache { get; } = System.IO.Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify)
            is { Length: > 0 } local ? local : System.IO.Path.Combine(System.IO.Path.GetTempPath(), "share"),
        "rds-automation-lab");

    public static LabDirectory Create()
    {
        Sweep();
        var path = System.IO.Path.Combine(System.IO.Path.GetTempPath(),
            string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{Stopwatch.GetTimestamp():x}"));
        Directory.CreateDirectory(path);
        // PostgreSQL may run as another user and must reach its data folder below this one.
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return new LabDirectory(path);
    }

    public string Combine(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Remove(Path);

    private static void Sweep()
    {
        foreach (var path in Directory.EnumerateDirectories(System.IO.Path.GetTempPath(), Prefix + "*"))
        {
            var owner = System.IO.Path.GetFileName(path)[Prefix.Length..].Split('-')[0];
            if (int.TryParse(owner, CultureInfo.InvariantCulture, out var pid) && !Directory.Exists($"/proc/{pid}")) Remove(path);
        }
    }

    private static void Remove(string path)
    {
        foreach (var pidFile in Directory.Exists(path) ? Directory.EnumerateFiles(path, "*.pid", new EnumerationOptions
                 { RecurseSubdirectories = true, IgnoreInaccessible = true }) : [])
        {
            // postmaster.pid and our own <name>.pid both hold the process id in their first line.
            if (!int.TryParse(File.ReadLines(pidFile).FirstOrDefault(), CultureInfo.InvariantCulture, out var pid)) continue;
            try
            {
                using var orphan = Process.GetProcessById(pid);
                if (File.ReadAllText($"/proc/{pid}/cmdline").Contains(path, StringComparison.Ordinal)) orphan.Kill(entireProcessTree: true);
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException or IOException)
            {
                // It ended by itself.
            }
        }
        try
        {
            if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A file still open in a process that is ending: the next run sweeps it.
        }
    }
}
