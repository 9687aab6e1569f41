using Automation.Lab.Gate;
using Npgsql;

namespace Automation.LabTests.Gate;

/// <summary>A running gate with its log, and clients that verify its certificate.</summary>
internal sealed class TestGate(DatabaseGate gate, GateLog log, RdsIamRoles roles, string caBundlePath) : IAsyncDisposable
{
    public DatabaseGate Gate => gate;

    public GateLog Log => log;

    public NpgsqlConnectionStringBuilder Settings(string user, string password) => new()
    {
        Host = GateFixture.Host,
        Port = gate.Port,
        Username = user,
        Password = password,
        Database = "postgres",
        SslMode = SslMode.VerifyFull,
        RootCertificate = caBundlePath,
        GssEncryptionMode = GssEncryptionMode.Disable,
        Pooling = false,
        Timeout = 15,
        CommandTimeout = 30,
        // After a cancel request: waits for the server, as these tests do.
        CancellationTimeout = 0,
    };

    public NpgsqlConnectionStringBuilder IamSettings() => Settings(GateFixture.IamUser, GateFixture.Token(gate.Port));

    public NpgsqlConnectionStringBuilder PasswordSettings() => Settings(GateFixture.PasswordUser, GateFixture.Password);

    public Task<NpgsqlConnection> OpenIamAsync(string application = "gate-test")
    {
        var settings = IamSettings();
        settings.ApplicationName = application;
        return OpenAsync(settings);
    }

    public static async Task<NpgsqlConnection> OpenAsync(NpgsqlConnectionStringBuilder settings)
    {
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>The error that the endpoint answers a login with.</summary>
    public static Task<PostgresException> RefusedAsync(NpgsqlConnectionStringBuilder settings) =>
        Assert.ThrowsAsync<PostgresException>(async () =>
        {
            await using var unexpected = await OpenAsync(settings);
        });

    public async ValueTask DisposeAsync()
    {
        await gate.DisposeAsync();
        roles.Dispose();
    }
}
