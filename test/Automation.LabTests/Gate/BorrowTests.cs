using System.Net;
using Automation.Lab.Gate;
using Automation.LabTests.Database;
using Automation.LabTests.Postgres;
using Npgsql;

namespace Automation.LabTests.Gate;

/// <summary>How a proxy lets its clients wait for a writer, and for what it does not wait.</summary>
[Collection(nameof(GateFixture))]
public sealed class BorrowTests(GateFixture fixture)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static readonly byte[] Nobody = Messages.Error("57P03", "the database system is starting up");

    [Theory]
    [InlineData("closes")]
    [InlineData("57P03")]
    [InlineData("57P01-after-login")]
    [InlineData("silent")]
    public async Task NewConnection_NoWriterYet_WaitsAndGoesOn(string outage)
    {
        await using var dead = NotTheWriter(outage);
        await using var gate = fixture.Start(GateKind.Proxy, options => options with
        {
            Backend = AddressOf(dead),
            // The attempt at a silent server must end because the writer is another.
            Time = new OnlyShortTimers(),
        });

        var opening = gate.OpenIamAsync();
        await dead.NextAsync();
        if (outage != "silent") await dead.NextAsync();
        Assert.False(opening.IsCompleted);
        gate.Gate.Backend = GateFixture.BackendOf(fixture.Server);

        await using var session = await opening;
        Assert.Equal(fixture.Server.Port, await session.ScalarAsync("SELECT inet_server_port()"));
        Assert.Empty(gate.Gate.Counts.Refused);
    }

    [Fact]
    public async Task NewConnectionByPassword_NoWriterYet_WaitsAndGoesOn()
    {
        await using var dead = NotTheWriter("57P03");
        await using var gate = fixture.Start(GateKind.Proxy, options => options with { Backend = AddressOf(dead) });

        var opening = TestGate.OpenAsync(gate.PasswordSettings());
        await dead.NextAsync();
        await dead.NextAsync();
        gate.Gate.Backend = GateFixture.BackendOf(fixture.Server);

        await using var session = await opening;
        Assert.Equal(GateFixture.PasswordUser, await session.ScalarAsync("SELECT current_user::text"));
    }

    [Fact]
    public async Task NewConnection_MembershipCannotBeToldYet_WaitsAndGoesOn()
    {
        var asked = 0;
        await using var gate = fixture.Start(GateKind.Proxy, options => options with
        {
            IsIamUser = (_, _) => Interlocked.Increment(ref asked) < 3 ? throw new NpgsqlException("gone") : ValueTask.FromResult(true),
        });

        await using var session = await gate.OpenIamAsync();

        Assert.Equal((1, 3), (await session.ScalarAsync("SELECT 1"), asked));
    }

    [Fact]
    public async Task Request_NoWriterYet_WaitsAndGoesOnWithAllItsBytes()
    {
        await using var dead = NotTheWriter("57P03");
        await using var gate = fixture.Start(GateKind.Proxy);
        await using var session = await gate.OpenIamAsync();
        var large = new string('z', 200_000);

        gate.Gate.Backend = AddressOf(dead);
        var request = session.ScalarAsync($"SELECT '{large}' || $1", "end");
        await dead.NextAsync();
        await dead.NextAsync();
        Assert.False(request.IsCompleted);
        gate.Gate.Backend = GateFixture.BackendOf(fixture.Server);

        Assert.Equal(large + "end", await request);
    }

    [Fact]
    public async Task NewConnection_NoWriterInTime_IsRefusedInTheProxysWords()
    {
        await using var dead = NotTheWriter("57P03");
        await using var gate = fixture.Start(GateKind.Proxy, options => options with
        {
            Backend = AddressOf(dead), BorrowTimeout = TimeSpan.FromMilliseconds(200),
        });

        var refusal = await TestGate.RefusedAsync(gate.IamSettings());

        Assert.Equal(("08000", "FATAL", "Timed-out waiting to acquire database connection."),
            (refusal.SqlState, refusal.Severity, refusal.MessageText));
        Assert.Equal("borrow-timeout", Assert.Single(gate.Gate.Counts.Refused).Key);
    }

    [Fact]
    public async Task NewConnection_MembershipNeverTold_IsRefusedInTheProxysWords()
    {
        await using var gate = fixture.Start(GateKind.Proxy, options => options with
        {
            IsIamUser = (_, _) => throw new TimeoutException(), BorrowTimeout = TimeSpan.FromMilliseconds(200),
        });

        Assert.Equal("08000", (await TestGate.RefusedAsync(gate.IamSettings())).SqlState);
    }

    [Fact]
    public async Task Request_NoWriterInTime_EndsTheSessionInTheProxysWords()
    {
        await using var dead = NotTheWriter("closes");
        await using var gate = fixture.Start(GateKind.Proxy, change: options => options with { BorrowTimeout = TimeSpan.FromMilliseconds(200) });
        await using var session = await gate.OpenIamAsync();
        gate.Gate.Backend = AddressOf(dead);

        var error = await Assert.ThrowsAsync<PostgresException>(() => session.RunAsync("SELECT 1"));

        Assert.Equal(("08000", "FATAL"), (error.SqlState, error.Severity));
        await gate.Log.WaitAsync(happened => happened is { Kind: GateEventKind.Closed, Reason: null });
        Assert.Equal(0, gate.Gate.Counts.Open);
    }

    [Fact]
    public async Task NewConnection_ServerHasAnotherReason_IsRefusedAtOnce()
    {
        await using var gate = fixture.Start(GateKind.Proxy);
        var settings = gate.IamSettings();
        settings.Database = "no_such_database";

        Assert.Equal("3D000", (await TestGate.RefusedAsync(settings)).SqlState);

        Assert.Equal("backend-3D000", Assert.Single(gate.Gate.Counts.Refused).Key);
    }

    [Fact]
    public async Task Request_ServerHasAnotherReason_EndsTheSessionWithIt()
    {
        byte[] refusal = Messages.Error("53300", "sorry, too many clients already");
        await using var full = ScriptedServer.Start(async client =>
        {
            await client.ReadUntypedAsync();
            await client.WriteAsync(refusal);
        });
        await using var gate = fixture.Start(GateKind.Proxy);
        await using var session = await gate.OpenIamAsync();

        gate.Gate.Backend = AddressOf(full);

        Assert.Equal("53300", await Sessions.RefusalAsync(() => session.RunAsync("SELECT 1")));
        Assert.Single(full.Conversations);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WaitingConnection_ClientLeaves_LeavesNothingOpen(bool withReset)
    {
        await using var dead = NotTheWriter("silent");
        await using var gate = fixture.Start(GateKind.Proxy, options => options with { Backend = AddressOf(dead) });
        await using var client = new DyingClient(gate.Gate.Port);
        var settings = gate.IamSettings();
        settings.Port = client.Port;
        var opening = TestGate.OpenAsync(settings);
        var attempt = await dead.NextAsync();

        client.Die(withReset);

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => opening);
        await gate.Log.WaitAsync(happened => happened.Kind == GateEventKind.Closed);
        Assert.Equal(0, gate.Gate.Counts.Open);
        await attempt.DrainAsync();
    }

    [Fact]
    public async Task WaitingRequest_ClientLeaves_LeavesNothingOpen()
    {
        await using var dead = NotTheWriter("silent");
        await using var gate = fixture.Start(GateKind.Proxy);
        await using var client = new DyingClient(gate.Gate.Port);
        var settings = gate.IamSettings();
        settings.Port = client.Port;
        await using var session = await TestGate.OpenAsync(settings);
        gate.Gate.Backend = AddressOf(dead);
        var request = session.RunAsync("SELECT 1");
        var attempt = await dead.NextAsync();

        client.Die(withReset: false);

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => request);
        await gate.Log.WaitAsync(happened => happened is { Kind: GateEventKind.Closed, Reason: "client-gone" });
        Assert.Equal(0, gate.Gate.Counts.Open);
        await attempt.DrainAsync();
    }

    // A pool that shrinks during the outage must not wait for a writer to say goodbye to.
    [Fact]
    public async Task IdleSession_ClientSaysGoodbyeWithoutAWriter_EndsAtOnce()
    {
        await using var dead = NotTheWriter("silent");
        await using var gate = fixture.Start(GateKind.Proxy);
        var session = await gate.OpenIamAsync();
        gate.Gate.Backend = AddressOf(dead);

        await session.DisposeAsync();

        await gate.Log.WaitAsync(happened => happened is { Kind: GateEventKind.Closed, Reason: null });
        Assert.Empty(dead.Conversations);
    }

    [Fact]
    public async Task WaitingConnection_GateIsDisposed_Ends()
    {
        await using var dead = NotTheWriter("silent");
        var gate = fixture.Start(GateKind.Proxy, options => options with { Backend = AddressOf(dead) });
        var opening = gate.OpenIamAsync();
        await dead.NextAsync();

        await gate.DisposeAsync();

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => opening);
        Assert.Equal("dropped", Assert.Single(gate.Log.Events, happened => happened.Kind == GateEventKind.Closed).Reason);
    }

    private static ScriptedServer NotTheWriter(string outage) => ScriptedServer.Start(async client =>
    {
        await client.ReadUntypedAsync();
        switch (outage)
        {
            case "closes":
                await client.DisposeAsync();
                break;
            case "57P03":
                await client.WriteAsync(Nobody);
                break;
            case "57P01-after-login":
                await client.AskForAuthenticationAsync(Messages.Ok);
                await client.WriteAsync(Messages.Error("57P01", "terminating connection due to administrator command"));
                break;
        }
    });

    private static IPEndPoint AddressOf(ScriptedServer server) => new(IPAddress.Loopback, server.Port);
}
