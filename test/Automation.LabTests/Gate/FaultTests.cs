using System.Net.Sockets;
using Automation.Lab.Gate;
using Automation.Lab.Postgres;
using Automation.LabTests.Postgres;
using Npgsql;

namespace Automation.LabTests.Gate;

/// <summary>The ways in which an endpoint of RDS is seen to fail.</summary>
[Collection(nameof(GateFixture))]
public sealed class FaultTests(GateFixture fixture)
{
    [Fact]
    public async Task Silent_NewAndOpenConnections_HearNothingAnyMore()
    {
        await using var gate = fixture.Start();
        await using var open = await gate.OpenIamAsync();

        gate.Gate.Mode = GateMode.Silent;
        var lost = open.ScalarAsync("SELECT 1");
        var settings = gate.IamSettings();
        settings.Timeout = 1;
        var unanswered = await Assert.ThrowsAnyAsync<NpgsqlException>(() => TestGate.OpenAsync(settings));
        gate.Gate.Mode = GateMode.Serving;
        await using var fresh = await gate.OpenIamAsync();
        Assert.Equal(2, await fresh.ScalarAsync("SELECT 2"));

        Assert.IsType<TimeoutException>(unanswered.InnerException);
        // A statement sent after it, over the same gate, has been answered since: this one never will be.
        Assert.False(lost.IsCompleted);
        gate.Gate.DropConnections();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => lost);
    }

    [Fact]
    public async Task Silent_ClientGivesUp_IsForgotten()
    {
        await using var gate = fixture.Start();
        gate.Gate.Mode = GateMode.Silent;
        var settings = gate.IamSettings();
        settings.Timeout = 1;

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => TestGate.OpenAsync(settings));

        await gate.Log.WaitAsync(happened => happened is { Kind: GateEventKind.Closed, Reason: "silent" });
        await Deadline.UntilAsync(() => Task.FromResult(gate.Gate.Counts.Open == 0));
    }

    [Fact]
    public async Task Refusing_NewConnections_AreRefusedAndOpenOnesGoOn()
    {
        await using var gate = fixture.Start();
        var port = gate.Gate.Port;
        await using var open = await gate.OpenIamAsync();

        gate.Gate.Mode = GateMode.Refusing;
        var refused = await Assert.ThrowsAsync<NpgsqlException>(() => TestGate.OpenAsync(gate.IamSettings()));

        Assert.Equal(SocketError.ConnectionRefused, Assert.IsType<SocketException>(refused.InnerException).SocketErrorCode);
        Assert.Equal(1, await open.ScalarAsync("SELECT 1"));
        gate.Gate.Mode = GateMode.Serving;
        await using var fresh = await gate.OpenIamAsync();
        Assert.Equal((port, 2), (gate.Gate.Port, await fresh.ScalarAsync("SELECT 2")));
    }

    [Fact]
    public async Task Refusing_ThenSilentThenRefusingAgain_ChangesEachTime()
    {
        await using var gate = fixture.Start();
        var settings = gate.IamSettings();
        settings.Timeout = 1;

        gate.Gate.Mode = GateMode.Refusing;
        gate.Gate.Mode = GateMode.Silent;
        var unanswered = await Assert.ThrowsAnyAsync<NpgsqlException>(() => TestGate.OpenAsync(settings));
        gate.Gate.Mode = GateMode.Refusing;
        var refused = await Assert.ThrowsAsync<NpgsqlException>(() => TestGate.OpenAsync(settings));

        Assert.IsType<TimeoutException>(unanswered.InnerException);
        Assert.IsType<SocketException>(refused.InnerException);
    }

    [Fact]
    public async Task StartingUp_NewConnections_Get57P03AndOpenOnesGoOn()
    {
        await using var gate = fixture.Start();
        await using var open = await gate.OpenIamAsync();

        gate.Gate.Mode = GateMode.StartingUp;
        var refusal = await TestGate.RefusedAsync(gate.IamSettings());

        Assert.Equal(("57P03", "FATAL", "the database system is starting up"), (refusal.SqlState, refusal.Severity, refusal.MessageText));
        Assert.Equal(1, await open.ScalarAsync("SELECT 1"));
        Assert.Equal("starting-up", Assert.Single(gate.Gate.Counts.Refused).Key);
    }

    [Fact]
    public async Task DropConnections_OpenSessions_BreakAtBothEnds()
    {
        await using var gate = fixture.Start();
        await using var session = await gate.OpenIamAsync("gate-dropped");
        var waiting = session.RunAsync("SELECT pg_sleep(600)");

        gate.Gate.DropConnections();

        var broken = await Assert.ThrowsAsync<NpgsqlException>(() => waiting);
        Assert.IsAssignableFrom<IOException>(broken.InnerException);
        await gate.Log.WaitAsync(happened => happened is { Kind: GateEventKind.Closed, Reason: "dropped" });
        await using var fresh = await gate.OpenIamAsync();
        Assert.Equal(1, await fresh.ScalarAsync("SELECT 1"));
    }

    [Fact]
    public async Task Backend_Changed_TakesNewSessionsAndLeavesOpenOnes()
    {
        var (promoted, _) = await fixture.PairAsync();
        await using var gate = fixture.Start();
        await using var before = await gate.OpenIamAsync();

        gate.Gate.Backend = GateFixture.BackendOf(promoted);
        await using var after = await gate.OpenIamAsync();

        Assert.Equal(fixture.Server.Port, await before.ScalarAsync("SELECT inet_server_port()"));
        Assert.Equal(promoted.Port, await after.ScalarAsync("SELECT inet_server_port()"));
    }

    // What clients of RDS see of a Multi-AZ failover, one after the other.
    [Fact]
    public async Task Instance_DuringAFailover_IsSilentThenRefusesThenStartsAtTheNewWriter()
    {
        var (former, promoted) = await fixture.PairAsync();
        await using var gate = fixture.Start(former);
        await using var open = await gate.OpenIamAsync();

        gate.Gate.Mode = GateMode.Silent;
        var lost = open.ScalarAsync("SELECT 1");
        await former.StopAsync(PostgresShutdown.Immediate);
        gate.Gate.Mode = GateMode.Refusing;
        var refused = await Assert.ThrowsAsync<NpgsqlException>(() => TestGate.OpenAsync(gate.IamSettings()));
        gate.Gate.Backend = GateFixture.BackendOf(promoted);
        gate.Gate.Mode = GateMode.StartingUp;
        var starting = await TestGate.RefusedAsync(gate.IamSettings());
        gate.Gate.Mode = GateMode.Serving;
        await using var fresh = await gate.OpenIamAsync();

        Assert.IsType<SocketException>(refused.InnerException);
        Assert.Equal("57P03", starting.SqlState);
        Assert.Equal(promoted.Port, await fresh.ScalarAsync("SELECT inet_server_port()"));
        Assert.False(lost.IsCompleted);
        gate.Gate.DropConnections();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => lost);
        await former.StartAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Dispose_OpenSilentAndWaitingConnections_EndsThemAll()
    {
        var gate = fixture.Start();
        await using var idle = await gate.OpenIamAsync("gate-disposed");
        await using var silenced = await gate.OpenIamAsync("gate-disposed");
        using var waiting = new TcpClient("localhost", gate.Gate.Port);
        gate.Gate.Mode = GateMode.Silent;
        await gate.Log.WaitAsync(happened => happened.Kind == GateEventKind.Accepted, 3);

        await gate.DisposeAsync();

        Assert.Equal(3, gate.Log.Events.Count(happened => happened.Kind == GateEventKind.Closed));
        await Deadline.UntilAsync(async () => await fixture.SessionsAsync("gate-disposed") == 0);
    }
}
