using System.Net;
using System.Security.Cryptography;
using Automation.Lab.Setup;
using Npgsql;

namespace Automation.Lab.Postgres;

/// <summary>
/// A real PostgreSQL server that looks like an RDS instance: TLS with the lab's certificate, RDS's roles, a master user that
/// is no superuser. It listens on loopback alone and never runs as root.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>Where a server of the lab listens unless told otherwise.</summary>
    public const string Host = "127.0.0.1";

    // All of an incident's: what is not in the log is proven from it too.
    private const int KeptLogLines = 5_000;
    private const int PortAttempts = 5;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);
    private readonly PostgresServerOptions options;
    private readonly UnixUser? runAs;
    private ChildProcess? process;

    private PostgresServer(PostgresServerOptions options, UnixUser? runAs)
    {
        this.options = options;
        this.runAs = runAs;
    }

    public string Name => options.Name;

    public int Major => options.Binaries.Major;

    public Version Version => options.Binaries.Version;

    public PostgresBinaries Binaries => options.Binaries;

    /// <inheritdoc cref="PostgresServerOptions.Address"/>
    public string Address => options.Address;

    public int Port { get; private set; }

    /// <summary>For the lab's gates, which it trusts.</summary>
    public IPEndPoint EndPoint => new(IPAddress.Parse(Address), Port);

    /// <summary>Holds the data folder <c>data</c> and the Unix socket.</summary>
    public string Folder => options.Directory.Combine(Name);

    public string DataFolder => Path.Combine(Folder, "data");

    /// <summary>PEM bundle that a client verifies the server with.</summary>
    public string CaBundlePath => options.Authority.BundlePath;

    public string MasterUser => options.MasterUser;

    public string MasterPassword { get; private init; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    public PostgresServerOptions Options => options;

    public bool IsRunning => process is { HasExited: false };

    /// <summary>The last lines of its log, oldest first.</summary>
    public IReadOnlyCollection<string> Log => process?.Lines ?? [];

    /// <summary>Makes a new server and starts it; ready for connections when the task ends.</summary>
    /// <exception cref="InvalidOperationException">It did not start; the message has the last lines of its log.</exception>
    public static async Task<PostgresServer> CreateAsync(PostgresServerOptions options, CancellationToken cancellation)
    {
        ExpectShortName(options.Name);
        var server = new PostgresServer(options, UnixUser.ForServers());
        await PostgresDataFolder.CreateAsync(options, server.Folder, server.runAs, cancellation);
        try
        {
            await server.StartOnFreePortAsync(cancellation);
            await using var admin = await server.OpenAdminAsync(cancellation);
            await RdsRoles.CreateAsync(admin, server.Major, server.MasterUser, server.MasterPassword, cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts another server on the data of a base backup, which stays as it is; the caller removes <see cref="Folder"/>.</summary>
    /// <exception cref="InvalidOperationException">It did not start; the message has the last lines of its log.</exception>
    public static async Task<PostgresServer> RestoreAsync(BaseBackup backup, string name, CancellationToken cancellation)
    {
        ExpectShortName(name);
        var server = new PostgresServer(backup.Server with { Name = name }, UnixUser.ForServers()) { MasterPassword = backup.MasterPassword };
        try
        {
            PostgresDataFolder.CreatePrivate(server.Folder, server.runAs);
            await backup.UnpackAsync(server.DataFolder, cancellation);
            await server.StartOnFreePortAsync(cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            Directory.Delete(server.Folder, recursive: true);
            throw;
        }
    }

    /// <summary>Starts a standby of a running server on a base backup of it, which is used up.</summary>
    /// <param name="backup">Of the server to follow.</param>
    /// <param name="options">The standby's name, address and whom it follows; the data bring the rest.</param>
    /// <param name="port">Taken if it is free at the address.</param>
    /// <param name="cancellation">Gives up; nothing stays behind.</param>
    /// <exception cref="InvalidOperationException">It did not start; the message has the last lines of its log.</exception>
    public static async Task<PostgresServer> FollowAsync(
        BaseBackup backup, PostgresServerOptions options, int port, CancellationToken cancellation)
    {
        ExpectShortName(options.Name);
        var server = new PostgresServer(options, UnixUser.ForServers()) { MasterPassword = backup.MasterPassword };
        try
        {
            PostgresDataFolder.CreatePrivate(server.Folder, server.runAs);
            backup.MoveTo(server.DataFolder);
            await PostgresDataFolder.MakeStandbyAsync(options, server.Folder, server.runAs, cancellation);
            await server.StartOnFreePortAsync(cancellation, port);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            Directory.Delete(server.Folder, recursive: true);
            throw;
        }
    }

    /// <summary>Starts it again where it was, after <see cref="StopAsync"/>.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        if (IsRunning) throw new InvalidOperationException($"The server {Name} runs already.");
        if (process is not null) await process.DisposeAsync();

        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process = ChildProcess.Start(new ChildProcessOptions
        {
            Name = $"PostgreSQL {Version} ({Name})",
            FileName = options.Binaries.Postgres,
            Arguments = ["-D", DataFolder],
            Environment = PostgresDataFolder.ServerEnvironment,
            CleanEnvironment = true,
            UserName = runAs?.Name,
            KeptLines = KeptLogLines,
            OnLine = line =>
            {
                options.OnLine?.Invoke(line);
                if (line.Contains("database system is ready to accept", StringComparison.Ordinal)) ready.TrySetResult();
            },
        });
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(StartLimit);
        await Task.WhenAny(ready.Task, process.Exited, Task.Delay(Timeout.Infinite, limit.Token));
        if (ready.Task.IsCompleted) return;
        // Its last words may still be on their way through the pipe.
        await process.DisposeAsync();
        cancellation.ThrowIfCancellationRequested();
        throw new InvalidOperationException($"{process.Name} did not start.\n{process.Tail()}");
    }

    /// <summary>Stops it; its data stay until it is disposed.</summary>
    public async Task StopAsync(PostgresShutdown shutdown)
    {
        if (process is not null) await process.StopAsync(StopLimit, (int)shutdown);
    }

    /// <summary>An unpooled session as the superuser <c>rdsadmin</c>, through the Unix socket: gets in on reserved slots.</summary>
    public Task<NpgsqlConnection> OpenAdminAsync(CancellationToken cancellation) => OpenAdminAsync("postgres", cancellation);

    /// <inheritdoc cref="OpenAdminAsync(CancellationToken)"/>
    public async Task<NpgsqlConnection> OpenAdminAsync(string database, CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder
        {
            Host = Folder,
            Port = Port,
            Username = PostgresDataFolder.AdminUser,
            Database = database,
            ApplicationName = "lab",
            Pooling = false,
        }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellation);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs statements as <c>rdsadmin</c>.</summary>
    public async Task ExecuteAsync(string sql, CancellationToken cancellation)
    {
        await using var admin = await OpenAdminAsync(cancellation);
        await using var command = new NpgsqlCommand(sql, admin);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Creates a role that logs in with a password (SCRAM).</summary>
    /// <param name="name">Quoted as needed.</param>
    /// <param name="password">Its password.</param>
    /// <param name="attributes">More attributes as in CREATE ROLE: <c>CONNECTION LIMIT 5</c>.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task CreateLoginAsync(string name, string password, string attributes, CancellationToken cancellation)
    {
        await using var admin = await OpenAdminAsync(cancellation);
        await RdsRoles.CreateLoginAsync(admin, name, password, attributes, cancellation);
    }

    /// <summary>How a client comes in over verified TLS, unpooled; IAM users (members of <c>rds_iam</c>) have no password here.</summary>
    public NpgsqlConnectionStringBuilder Connection(string user, string? password = null, string database = "postgres") =>
        new()
        {
            Host = Address,
            Port = Port,
            Username = user,
            Password = password,
            Database = database,
            SslMode = SslMode.VerifyFull,
            RootCertificate = CaBundlePath,
            GssEncryptionMode = GssEncryptionMode.Disable,
            Pooling = false,
        };

    /// <summary>Ends it at once, as in a crash: nobody reads its data again.</summary>
    public async ValueTask DisposeAsync()
    {
        if (process is null) return;
        await StopAsync(PostgresShutdown.Immediate);
        await process.DisposeAsync();
    }

    private static void ExpectShortName(string name)
    {
        if (name.Length is 0 or > 20)
            throw new ArgumentException($"The name of a server has 1 to 20 characters, not '{name}': it is part of its socket's path.", nameof(name));
    }

    private async Task StartOnFreePortAsync(CancellationToken cancellation, int? wished = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            Port = attempt == 1 && wished is { } port ? port : FreePort.Next();
            await PostgresDataFolder.ConfigureAsync(options, Folder, Port, runAs, cancellation);
            try
            {
                await StartAsync(cancellation);
                return;
            }
            catch (InvalidOperationException) when (attempt < PortAttempts && process is { } failed && PortWasTaken(failed))
            {
                // Somebody else took it between our look and the server's start.
            }
        }
    }

    private static bool PortWasTaken(ChildProcess failed) =>
        failed.Lines.Any(line => line.Contains("Address already in use", StringComparison.Ordinal));
}
