using Automation.Database;
using Automation.Fleet;
using Automation.Lab.Postgres;
using Automation.LabTests.Postgres;
using Automation.Storage.Bytes;

namespace Automation.LabTests.Storage.Bytes;

/// <summary>Measures a real server as the role that sql/bootstrap.sql makes.</summary>
internal static class ByteReading
{
    public const string Password = "bytes-password";

    private const long MiB = 1L << 20;

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    /// <summary>By password, because nobody stands before the server here; what a role may do does not depend on how it logged in.</summary>
    public static async Task CreateRoleAsync(PostgresServer server, string role)
    {
        await AutomationRole.CreateAsync(server, role, Test);
        await server.ExecuteAsync($"REVOKE rds_iam FROM {role}{(server.Major >= 16 ? $" GRANTED BY {server.MasterUser}" : "")}; ALTER ROLE {role} PASSWORD '{Password}'", Test);
    }

    public static async Task<ByteTable> ReadAsync(PostgresServer server, string role) =>
        Of(await new ByteTableReader(AccessTo(server.CaBundlePath, new PasswordLogin(role, Password), []), TimeProvider.System).ReadAsync(DatabaseAt(server.Address, server.Port), Test));

    /// <summary>A table and what was used when it was read: the server makes and removes segments of WAL when it likes.</summary>
    public static async Task<(ByteTable Table, long Used)> ReadWithUsedAsync(PostgresServer server, string role)
    {
        (ByteTable Table, long Used) read = default;
        await Eventually.TrueAsync(async () =>
        {
            var before = UsedBy(server);
            read = (await ReadAsync(server, role), before);
            return Math.Abs(UsedBy(server) - before) < MiB;
        });
        return read;
    }

    public static StorageAccess AccessTo(string roots, DatabaseLogin login, IReadOnlyList<DatabaseProxy> proxies) =>
        new(new Proxies(proxies), login, TrustedRoots.FromFile(roots, "CA_BUNDLE_PATH"), TimeProvider.System);

    public static RdsDatabase DatabaseAt(string host, int port) => new()
    {
        Id = "measured",
        Kind = DatabaseKind.Instance,
        Arn = "arn",
        ResourceId = "db-MEASURED",
        Engine = "postgres",
        EngineVersion = "any",
        Status = "available",
        Host = host,
        Port = port,
        Tags = new Dictionary<string, string>(),
        MultiAz = false,
        IamAuthenticationEnabled = true,
    };

    /// <summary>What is used on the lab's volume: the apparent sizes of all files of the data directory.</summary>
    public static long UsedBy(PostgresServer server) => new DirectoryInfo(server.DataFolder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file =>
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            // PostgreSQL removed it since it was listed.
            return 0;
        }
    });

    public static T Of<T>(Attempt<T> attempt) => attempt.Succeeded(out var value, out var failure) ? value : throw new InvalidOperationException(failure.Sentence);

    private sealed class Proxies(IReadOnlyList<DatabaseProxy> proxies) : IDatabaseProxies
    {
        public Task<IReadOnlyList<DatabaseProxy>> OfAsync(RdsDatabase database, CancellationToken cancellation) => Task.FromResult(proxies);
    }
}
