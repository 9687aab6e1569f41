using Automation.Lab.Gate;
using Automation.LabTests.Postgres;
using Npgsql;

namespace Automation.LabTests.Gate;

/// <summary>Whether a proxy follows what a real driver says: a session that is idle again goes where the writer is.</summary>
[Collection(nameof(GateFixture))]
public sealed class TrafficTests(GateFixture fixture)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("large-statement")]
    [InlineData("batch")]
    [InlineData("prepared")]
    [InlineData("failed-batch")]
    [InlineData("copy")]
    [InlineData("failed-copy")]
    [InlineData("rolled-back")]
    public async Task Session_AfterTraffic_IsIdleAgain(string traffic)
    {
        var (former, promoted) = await fixture.PairAsync();
        await using var gate = fixture.Start(former, GateKind.Proxy);
        await using var session = await gate.OpenIamAsync();

        await RunAsync(session, traffic);
        gate.Gate.Backend = GateFixture.BackendOf(promoted);

        Assert.Equal(promoted.Port, await session.ScalarAsync("SELECT inet_server_port()"));
        Assert.Equal(1, gate.Gate.Counts.Accepted);
    }

    private static async Task RunAsync(NpgsqlConnection session, string traffic)
    {
        switch (traffic)
        {
            case "large-statement":
                var large = new string('x', 300_000);
                Assert.Equal(large, await session.ScalarAsync($"SELECT '{large}' || $1", ""));
                break;
            case "batch":
                await using (var batch = new NpgsqlBatch(session))
                {
                    for (var n = 0; n < 200; n++) batch.BatchCommands.Add(new NpgsqlBatchCommand($"SELECT {n}, repeat('y', 5000)"));
                    await using var reader = await batch.ExecuteReaderAsync(Stop);
                    for (var n = 0; n < 200; n++)
                    {
                        Assert.True(await reader.ReadAsync(Stop));
                        Assert.Equal((n, 5000), (reader.GetInt32(0), reader.GetString(1).Length));
                        await reader.NextResultAsync(Stop);
                    }
                }
                break;
            case "prepared":
                await using (var command = new NpgsqlCommand("SELECT $1 + 1", session) { Parameters = { new NpgsqlParameter<int> { TypedValue = 1 } } })
                {
                    await command.PrepareAsync(Stop);
                    Assert.Equal(2, await command.ExecuteScalarAsync(Stop));
                }
                break;
            case "failed-batch":
                await using (var batch = new NpgsqlBatch(session) { BatchCommands = { new("SELECT 1"), new("SELECT 1 / 0"), new("SELECT 2") } })
                    Assert.Equal("22012", await Sessions.RefusalAsync(() => batch.ExecuteNonQueryAsync(Stop)));
                break;
            case "copy":
                await session.RunAsync("CREATE TEMP TABLE copied (n int)");
                await using (var import = await session.BeginBinaryImportAsync("COPY copied FROM STDIN (FORMAT binary)", Stop))
                {
                    for (var n = 0; n < 50_000; n++) await import.WriteRowAsync(Stop, n);
                    Assert.Equal(50_000UL, await import.CompleteAsync(Stop));
                }
                break;
            case "failed-copy":
                await session.RunAsync("CREATE TEMP TABLE copied (n int PRIMARY KEY)");
                await using (var import = await session.BeginBinaryImportAsync("COPY copied FROM STDIN (FORMAT binary)", Stop))
                {
                    for (var n = 0; n < 50_000; n++) await import.WriteRowAsync(Stop, n % 40_000);
                    Assert.Equal("23505", await Sessions.RefusalAsync(() => import.CompleteAsync(Stop).AsTask()));
                }
                break;
            case "rolled-back":
                await using (var transaction = await session.BeginTransactionAsync(Stop))
                {
                    await session.RunAsync("SELECT 1");
                    await transaction.RollbackAsync(Stop);
                }
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(traffic), traffic, "Traffic without statements.");
        }
    }
}
