using Npgsql;

namespace Automation.LabTests.Postgres;

public sealed class PostgresServerTests(PostgresFixture postgres)
{
    [Theory]
    [MemberData(nameof(PostgresFixture.Majors), MemberType = typeof(PostgresFixture))]
    public async Task Server_EveryMajor_SpeaksVerifiedTls(int major)
    {
        var server = await postgres.ServerAsync(major);

        await using var connection = new NpgsqlConnection(server.Connection(server.MasterUser, server.MasterPassword).ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(
            "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()", connection);

        Assert.Equal(true, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        Assert.Equal(major, connection.PostgreSqlVersion.Major);
    }
}
