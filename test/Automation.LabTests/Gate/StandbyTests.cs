using Automation.Lab.Gate;
using Automation.Lab.Postgres;
using Automation.LabTests.Postgres;

namespace Automation.LabTests.Gate;

/// <summary>A proxy's clients never come to a server in recovery.</summary>
[Collection(nameof(GateFixture))]
public sealed class StandbyTests(GateFixture fixture)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Standby_UntilItIsPromoted_IsNotUsed()
    {
        var (_, server) = await fixture.PairAsync();
        await UntilPromotedAsync(server);
    }

    // From 14 on a server reports by itself that it is a standby; before, it has to be asked.
    [Fact]
    public async Task StandbyOf13_UntilItIsPromoted_IsNotUsed()
    {
        await using var server = await fixture.StartServerAsync(maxConnections: 20, major: 13);
        await UntilPromotedAsync(server);
    }

    private async Task UntilPromotedAsync(PostgresServer server)
    {
        await MakeStandbyAsync(server);
        await using var gate = fixture.Start(server, GateKind.Proxy);

        var opening = gate.OpenIamAsync();
        await Eventually.TrueAsync(() => Task.FromResult(
            server.Log.Count(line => line.Contains($"connection authorized: user={GateFixture.IamUser}", StringComparison.Ordinal)) >= 2));
        Assert.False(opening.IsCompleted);
        var byPassword = await TestGate.RefusedAsync(gate.PasswordSettings());
        await server.ExecuteAsync("SELECT pg_promote()", Stop);

        await using var session = await opening;
        Assert.Equal(false, await session.ScalarAsync("SELECT pg_is_in_recovery()"));
        Assert.Equal(("08000", "standby"), (byPassword.SqlState, Assert.Single(gate.Gate.Counts.Refused).Key));
        await using var later = await TestGate.OpenAsync(gate.PasswordSettings());
        Assert.Equal(GateFixture.PasswordUser, await later.ScalarAsync("SELECT current_user::text"));
    }

    private static async Task MakeStandbyAsync(PostgresServer server)
    {
        await server.StopAsync(PostgresShutdown.Fast);
        await File.WriteAllBytesAsync(Path.Combine(server.DataFolder, "standby.signal"), [], Stop);
        await server.StartAsync(Stop);
    }
}
