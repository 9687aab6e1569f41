namespace Automation.Lab.Setup;

/// <summary>Installs Debian packages that the lab needs, where it may: as root, or through sudo without a password.</summary>
internal static class AptPackages
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    // Two labs may start at once, and other programs use apt as well: wait for its lock instead of failing on it.
    private static readonly string[] Quietly = ["-qq", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=240"];

    private static readonly Dictionary<string, string?> Environment = new() { ["DEBIAN_FRONTEND"] = "noninteractive" };

    /// <summary>Installs the packages; those installed already are left as they are.</summary>
    /// <exception cref="InvalidOperationException">It may not, or it did not work: the message has the command for a person.</exception>
    public static async Task InstallAsync(IReadOnlyList<string> packages, Action<string>? progress, CancellationToken cancellation)
    {
        await RequireAsync(packages, cancellation);
        progress?.Invoke($"installing {string.Join(", ", packages)} (Debian)");
        try
        {
            await RunAsync(["apt-get", "install", .. Quietly, "--no-upgrade", .. packages], cancellation);
        }
        catch (InvalidOperationException)
        {
            // The usual cause on a fresh machine: the lists of packages are missing or too old.
            await RunAsync(["apt-get", "update", "-qq", "-o", "DPkg::Lock::Timeout=240"], cancellation);
            await RunAsync(["apt-get", "install", .. Quietly, "--no-upgrade", .. packages], cancellation);
        }
    }

    /// <summary>Whether <see cref="InstallAsync"/> can work at all; asks before anything is changed.</summary>
    /// <exception cref="InvalidOperationException">No: the message has the command for a person.</exception>
    public static async Task RequireAsync(IReadOnlyList<string> packages, CancellationToken cancellation)
    {
        var names = string.Join(", ", packages);
        var byHand = $"sudo apt-get install --no-install-recommends {string.Join(' ', packages)}";
        if (!File.Exists("/usr/bin/apt-get"))
            throw new InvalidOperationException($"The lab needs {names}; install with this system's package manager (Debian: {byHand}).");
        if (!await MayInstallAsync(cancellation))
            throw new InvalidOperationException($"The lab needs {names} and may not install packages here. Run: {byHand}");
    }

    /// <summary>Runs one command as root.</summary>
    public static Task<string> RunAsync(IReadOnlyList<string> command, CancellationToken cancellation)
    {
        var isRoot = System.Environment.IsPrivilegedProcess;
        return ChildProcess.RunAsync(new ChildProcessOptions
        {
            Name = command[0],
            FileName = isRoot ? "/usr/bin/env" : "sudo",
            Arguments = isRoot ? command : ["-n", "--preserve-env=DEBIAN_FRONTEND", .. command],
            Environment = Environment,
        }, Limit, cancellation);
    }

    private static async Task<bool> MayInstallAsync(CancellationToken cancellation)
    {
        if (System.Environment.IsPrivilegedProcess) return true;
        try
        {
            await RunAsync(["true"], cancellation);
            return true;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
