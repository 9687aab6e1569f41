using Automation.Lab.Postgres;
using Automation.LabTests.Postgres;

namespace Automation.LabTests.Storage.Bytes;

/// <summary>A server of their own for tests that weigh a whole data directory; they run one after the other.</summary>
public sealed class ByteFixture(PostgresFixture postgres) : IAsyncLifetime
{
    internal const string Role = "automation", Stranger = "stranger", App = "shop_app", Password = "shop-password";

    private PostgresServer? server;

    internal PostgresServer Server => server ?? throw new InvalidOperationException("The fixture has not been started.");

    public async ValueTask InitializeAsync()
    {
        server = await postgres.StartOwnAsync(18, new Dictionary<string, string>
        {
            // What a test leaves behind changes no other's numbers while they are taken.
            ["autovacuum"] = "off",
            ["wal_level"] = "logical",
            ["max_prepared_transactions"] = "2",
        });
        await ByteReading.CreateRoleAsync(server, Role);
        await server.CreateLoginAsync(Stranger, ByteReading.Password, "", CancellationToken.None);
        await server.CreateLoginAsync(App, Password, "", CancellationToken.None);
        await server.ExecuteAsync($"CREATE DATABASE shop OWNER {App}", CancellationToken.None);
    }

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
