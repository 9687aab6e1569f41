using System.Globalization;
using System.Text.RegularExpressions;
using Automation.Lab.Setup;

namespace Automation.Lab.Postgres;

/// <summary>
/// A server's data as they were at one moment: what <c>pg_basebackup</c> wrote (or, where there is none,
/// <see cref="RunningDataCopy"/>), with the WAL that makes it consistent. It lives until <see cref="Remove"/>, whatever
/// becomes of the server.
/// </summary>
internal sealed partial class BaseBackup
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static int last;
    private readonly UnixUser? runAs;

    private BaseBackup(PostgresServerOptions server, string masterPassword, UnixUser? runAs)
    {
        Server = server;
        MasterPassword = masterPassword;
        this.runAs = runAs;
        Folder = server.Directory.Combine(string.Create(CultureInfo.InvariantCulture, $"backup-{Interlocked.Increment(ref last)}"));
    }

    public string Folder { get; }

    /// <summary>The server it was taken of.</summary>
    public PostgresServerOptions Server { get; }

    /// <summary>Passwords are part of the data.</summary>
    public string MasterPassword { get; }

    /// <summary>Takes one of a running server, as its superuser and through its Unix socket.</summary>
    /// <param name="server">Runs, and goes on running.</param>
    /// <param name="progress">Gets percents as they are reached.</param>
    /// <param name="cancellation">Gives up; nothing stays behind.</param>
    /// <exception cref="InvalidOperationException">It did not end well: the message has the program's last lines.</exception>
    public static async Task<BaseBackup> TakeAsync(PostgresServer server, Action<int> progress, CancellationToken cancellation)
    {
        var backup = new BaseBackup(server.Options, server.MasterPassword, UnixUser.ForServers());
        if (server.Binaries.Find("pg_basebackup") is not { } program)
        {
            await backup.FillAsync(() => RunningDataCopy.TakeAsync(server, backup.Folder, backup.runAs, cancellation));
            return backup;
        }
        List<string> arguments =
        [
            "--pgdata", backup.Folder, "--host", server.Folder, "--port", server.Port.ToString(CultureInfo.InvariantCulture),
            "--username", PostgresDataFolder.AdminUser, "--no-password", "--wal-method", "stream", "--checkpoint", "fast", "--progress",
        ];
        if (!server.Options.Durable) arguments.Add("--no-sync");
        await backup.FillAsync(() => backup.RunAsync("pg_basebackup", program, arguments, line =>
        {
            if (PercentPattern().Match(line) is { Success: true } match) progress(int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
        }, cancellation));
        return backup;
    }

    /// <summary>Another one with the same data.</summary>
    /// <exception cref="InvalidOperationException">It could not be copied: the message says why.</exception>
    public async Task<BaseBackup> CopyAsync(CancellationToken cancellation)
    {
        var copy = new BaseBackup(Server, MasterPassword, runAs);
        await copy.FillAsync(() => RunAsync("cp", "cp", CopyTo(copy.Folder), null, cancellation));
        return copy;
    }

    /// <summary>Puts the data where a server expects them.</summary>
    public async Task UnpackAsync(string dataFolder, CancellationToken cancellation) =>
        await RunAsync("cp", "cp", CopyTo(dataFolder), null, cancellation);

    /// <summary>Gives the data to a server; there is no backup any more.</summary>
    public void MoveTo(string dataFolder) => Directory.Move(Folder, dataFolder);

    public void Remove()
    {
        if (Directory.Exists(Folder)) Directory.Delete(Folder, recursive: true);
    }

    private string[] CopyTo(string folder) => ["--archive", "--reflink=auto", "--no-target-directory", Folder, folder];

    private async Task FillAsync(Func<Task> fill)
    {
        try
        {
            PostgresDataFolder.CreatePrivate(Folder, runAs);
            await fill();
        }
        catch
        {
            Remove();
            throw;
        }
    }

    private Task<string> RunAsync(
        string name, string program, IReadOnlyList<string> arguments, Action<string>? onLine, CancellationToken cancellation) =>
        ChildProcess.RunAsync(new ChildProcessOptions
        {
            Name = name,
            FileName = program,
            Arguments = arguments,
            Environment = PostgresDataFolder.ServerEnvironment,
            CleanEnvironment = true,
            UserName = runAs?.Name,
            OnLine = onLine,
        }, Limit, cancellation);

    // "23456/23456 kB (100%), 1/1 tablespace"
    [GeneratedRegex(@"\((\d+)%\)")]
    private static partial Regex PercentPattern();
}
