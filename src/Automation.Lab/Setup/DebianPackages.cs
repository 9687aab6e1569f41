namespace Automation.Lab.Setup;

/// <summary>Packages of the operating system. Only root may install them; anyone else is told the command.</summary>
internal static class DebianPackages
{
    private const string AptGet = "/usr/bin/apt-get";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private static readonly Dictionary<string, string?> Quietly = new() { ["DEBIAN_FRONTEND"] = "noninteractive" };

    /// <exception cref="InvalidOperationException">Not possible here; the message has the command to run.</exception>
    public static async Task InstallAsync(IReadOnlyList<string> packages, Action<string> report, CancellationToken cancellation)
    {
        var names = string.Join(' ', packages);
        if (!File.Exists(AptGet))
            throw new InvalidOperationException($"The lab needs what Debian calls: {names}. Install it with this system's package manager.");
        if (!Environment.IsPrivilegedProcess)
            throw new InvalidOperationException($"The lab needs packages that only root may install. Run: sudo apt-get install --yes {names}");

        report($"Installing {names} with apt");
        await RunAsync(["update"], cancellation);
        await RunAsync(["install", "--yes", "--no-install-recommends", .. packages], cancellation);
    }

    private static Task<string> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation) =>
        ChildProcess.RunAsync(new() { Name = "apt-get", FileName = AptGet, Arguments = arguments, Environment = Quietly }, Limit, cancellation);
}
