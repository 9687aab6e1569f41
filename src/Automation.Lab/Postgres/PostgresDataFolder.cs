using System.Globalization;
using System.Text;
using Automation.Lab.Setup;
using Automation.Lab.Storage;

namespace Automation.Lab.Postgres;

/// <summary>A server's files: made by <c>initdb</c>, then configured.</summary>
internal static class PostgresDataFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The superuser that RDS keeps for itself.</summary>
    public const string AdminUser = "rdsadmin";

    public static async Task CreateAsync(
        PostgresServerOptions options, string folder, UnixUser? runAs, CancellationToken cancellation)
    {
        CreatePrivate(folder, runAs);
        var data = Path.Combine(folder, "data");
        await ChildProcess.RunAsync(new ChildProcessOptions
        {
            Name = "initdb",
            FileName = options.Binaries.InitDb,
            Arguments =
            [
                "--pgdata", data, "--username", AdminUser, "--encoding", "UTF8", "--no-locale", "--no-sync",
                // Replaced by our own pg_hba.conf before the first start.
                "--auth", "reject",
                .. WalSegments(options),
            ],
            Environment = ServerEnvironment,
            CleanEnvironment = true,
            UserName = runAs?.Name,
        }, TimeSpan.FromMinutes(2), cancellation);

        if (options.WalSegmentMegabytes is not null)
        {
            // initdb wrote all of the first, large segment; the few records at its start are all that is in it.
            foreach (var segment in Directory.EnumerateFiles(Path.Combine(data, "pg_wal"))) SparseFile.DigHoles(segment);
        }
        await WriteAsync(data, "pg_hba.conf", AccessRules(options.MasterUser), runAs, cancellation);
        await CertifyAsync(options, folder, runAs, cancellation);
    }

    /// <summary>Makes the data those of a standby: it follows whom its settings name until it is promoted.</summary>
    public static async Task MakeStandbyAsync(
        PostgresServerOptions options, string folder, UnixUser? runAs, CancellationToken cancellation)
    {
        await CertifyAsync(options, folder, runAs, cancellation);
        await WriteAsync(Path.Combine(folder, "data"), "standby.signal", "", runAs, cancellation);
    }

    /// <summary>Makes a folder that its owner alone enters, as PostgreSQL demands.</summary>
    public static void CreatePrivate(string folder, UnixUser? owner)
    {
        Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        owner?.Own(folder);
    }

    /// <summary>Our settings, in the file that is read last: what is there wins over <c>postgresql.conf</c>.</summary>
    public static Task ConfigureAsync(
        PostgresServerOptions options, string folder, int port, UnixUser? runAs, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in Settings(options, folder, port))
            text.AppendLine(CultureInfo.InvariantCulture, $"{name} = '{value.Replace("'", "''", StringComparison.Ordinal)}'");
        return WriteAsync(Path.Combine(folder, "data"), "postgresql.auto.conf", text.ToString(), runAs, cancellation);
    }

    /// <summary>
    /// Nothing of the developer's own environment: PGDATA, PGPORT or a locale would change what the server does.
    /// </summary>
    public static IReadOnlyDictionary<string, string?> ServerEnvironment { get; } = new Dictionary<string, string?>
    {
        ["PATH"] = "/usr/local/bin:/usr/bin:/bin",
        ["LC_ALL"] = "C",
        ["TZ"] = "UTC",
    };

    private static IEnumerable<string> WalSegments(PostgresServerOptions options) => options.WalSegmentMegabytes is { } size
        ? [string.Create(CultureInfo.InvariantCulture, $"--wal-segsize={size}")]
        : [];

    private static async Task CertifyAsync(
        PostgresServerOptions options, string folder, UnixUser? runAs, CancellationToken cancellation)
    {
        var data = Path.Combine(folder, "data");
        string[] names = ["localhost", PostgresServer.Host, options.Address, .. options.HostNames];
        var certificate = options.Authority.Issue([.. names.Distinct()]);
        await WriteAsync(data, "server.pem", await File.ReadAllTextAsync(certificate.CertificatePath, cancellation), runAs, cancellation);
        await WriteAsync(data, "server.key", await File.ReadAllTextAsync(certificate.KeyPath, cancellation), runAs, cancellation);
    }

    private static Dictionary<string, string> Settings(PostgresServerOptions options, string folder, int port)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["listen_addresses"] = options.Address,
            ["port"] = port.ToString(CultureInfo.InvariantCulture),
            ["unix_socket_directories"] = folder,
            ["ssl"] = "on",
            ["ssl_cert_file"] = "server.pem",
            ["ssl_key_file"] = "server.key",
            // 13 still defaults to md5, RDS and we do not.
            ["password_encryption"] = "scram-sha-256",
            ["max_connections"] = "100",
            ["superuser_reserved_connections"] = "3",
            ["shared_buffers"] = "16MB",
            ["lc_messages"] = "C",
            ["timezone"] = "UTC",
            ["log_timezone"] = "UTC",
            ["log_line_prefix"] = "%m [%p] %q%u@%d ",
            // RDS's own reserve is a patch of theirs: this PostgreSQL would only repeat the number, and who subtracts it
            // would be two short. From 16 on reserved_connections is the real thing and stands for it (role
            // pg_use_reserved_connections); before 16 the lab has no such reserve.
            ["rds.rds_superuser_reserved_connections"] = "0",
        };
        if (options.Binaries.Major >= 16) settings["reserved_connections"] = "2";
        if (!options.Durable)
        {
            // Commits still reach the operating system: the end of the server alone, however sudden, loses nothing.
            settings["fsync"] = "off";
            settings["full_page_writes"] = "off";
        }
        foreach (var (name, value) in options.Settings) settings[name] = value;
        return settings;
    }

    /// <summary>Who may come in and how. The first line that fits decides.</summary>
    private static string AccessRules(string masterUser) => $"""
        # The lab itself, through a socket in a folder that only the server's user (and root) can enter.
        local   all          {AdminUser}                    trust
        # Base backups: "all" above is every database, and replication is none.
        local   replication  {AdminUser}                    trust
        # RDS lets nobody in from outside as its own superuser.
        host    all          {AdminUser}    all             reject
        # Before the line for rds_iam: from 16 on a role is a member of those it created, and so of rds_iam at one remove.
        host    all          "{masterUser}" 127.0.0.0/8     scram-sha-256
        # IAM users: the lab's gate stands in front, verified the token, and the server believes it.
        host    all          +rds_iam       127.0.0.0/8     trust
        host    all          all            127.0.0.0/8     scram-sha-256
        host    replication  all            127.0.0.0/8     scram-sha-256

        """;

    private static async Task WriteAsync(string folder, string name, string text, UnixUser? owner, CancellationToken cancellation)
    {
        var path = Path.Combine(folder, name);
        File.Delete(path);
        await using (var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = OwnerOnly,
        }))
        {
            await file.WriteAsync(Encoding.UTF8.GetBytes(text), cancellation);
        }
        owner?.Own(path);
    }
}
