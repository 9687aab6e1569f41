using System.Net;
using System.Net.Sockets;
using System.Text;
using Automation.Lab.Gate;
using Automation.LabTests.Postgres;
using Npgsql;

namespace Automation.LabTests.Gate;

/// <summary>Logins with a password, refusals before any, and the server's own.</summary>
[Collection(nameof(GateFixture))]
public sealed class LoginTests(GateFixture fixture)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(GateKind.Instance)]
    [InlineData(GateKind.Proxy)]
    internal async Task Login_ScramPassword_IsPassedThrough(GateKind kind)
    {
        await using var gate = fixture.Start(kind);
        var settings = gate.PasswordSettings();
        settings.RequireAuth = "ScramSHA256";

        await using var session = await TestGate.OpenAsync(settings);

        Assert.Equal(GateFixture.PasswordUser, await session.ScalarAsync("SELECT current_user::text"));
        Assert.Equal(1, gate.Gate.Counts.Authenticated);
    }

    // Of PostgreSQL 16 and later the master user administers rds_iam, which makes it a member that needs no token.
    [Theory]
    [InlineData(15)]
    [InlineData(18)]
    public async Task Login_MasterUser_IsPassedThrough(int major)
    {
        await using var server = await fixture.StartServerAsync(maxConnections: 20, major);
        await using var gate = fixture.Start(server);

        await using var session = await TestGate.OpenAsync(gate.Settings(server.MasterUser, server.MasterPassword));

        Assert.Equal(server.MasterUser, await session.ScalarAsync("SELECT current_user::text"));
    }

    [Fact]
    public async Task Login_WrongPassword_IsTheServersOwnRefusal()
    {
        await using var gate = fixture.Start();

        var refusal = await TestGate.RefusedAsync(gate.Settings(GateFixture.PasswordUser, "guess"));

        Assert.Equal(("28P01", "password authentication failed for user \"gate_app\""), (refusal.SqlState, refusal.MessageText));
        Assert.Equal("backend-28P01", Assert.Single(gate.Gate.Counts.Refused).Key);
    }

    [Theory]
    [InlineData(GateKind.Instance, "no pg_hba.conf entry for host \"127.0.0.1\", user \"gate_app\", database \"postgres\", no encryption")]
    [InlineData(GateKind.Proxy, "This RDS Proxy requires TLS connections")]
    internal async Task Login_Plaintext_IsRefusedBeforeThePassword(GateKind kind, string message)
    {
        await using var gate = fixture.Start(kind);
        var settings = gate.PasswordSettings();
        (settings.SslMode, settings.RootCertificate) = (SslMode.Disable, null);

        var refusal = await TestGate.RefusedAsync(settings);

        Assert.Equal(("28000", message), (refusal.SqlState, refusal.MessageText));
    }

    [Fact]
    public async Task Login_AfterARefusedGssRequest_GoesOnWithTls()
    {
        await using var gate = fixture.Start();
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, gate.Gate.Port, Stop);
        var stream = socket.GetStream();

        Assert.Equal('N', await AskAsync(stream, 80877104));
        Assert.Equal('S', await AskAsync(stream, 80877103));
    }

    [Theory]
    [InlineData("options", "command-line options")]
    [InlineData("search_path", "the option search_path")]
    public async Task Login_ParameterThatTheProxyLacks_IsRefusedByProxyAlone(string parameter, string words)
    {
        await using var proxy = fixture.Start(GateKind.Proxy);
        await using var instance = fixture.Start();

        var refusal = await TestGate.RefusedAsync(With(proxy.PasswordSettings()));
        await using var session = await TestGate.OpenAsync(With(instance.PasswordSettings()));

        Assert.Equal(("0A000", $"Feature not supported: RDS Proxy currently doesn’t support {words}."), (refusal.SqlState, refusal.MessageText));
        Assert.Equal("pg_catalog", await session.ScalarAsync("SHOW search_path"));

        NpgsqlConnectionStringBuilder With(NpgsqlConnectionStringBuilder settings)
        {
            if (parameter == "options") settings.Options = "-c search_path=pg_catalog";
            else settings.SearchPath = "pg_catalog";
            return settings;
        }
    }

    // The server trusts members of rds_iam. A gate that takes one for an ordinary user must not hand that trust on.
    [Fact]
    public async Task Login_ServerTrustsWhomTheGateHasNotChecked_IsRefused()
    {
        await using var gate = fixture.Start(change: options => options with { IsIamUser = (_, _) => ValueTask.FromResult(false) });

        var refusal = await TestGate.RefusedAsync(gate.Settings(GateFixture.IamUser, ""));

        Assert.Equal("58000", refusal.SqlState);
        Assert.Equal("unexpected-login", Assert.Single(gate.Gate.Counts.Refused).Key);
    }

    [Fact]
    public async Task Login_ServerAsksWhoShowedAToken_IsRefused()
    {
        await using var gate = fixture.Start(change: options => options with { IsIamUser = (_, _) => ValueTask.FromResult(true) });

        var refusal = await TestGate.RefusedAsync(
            gate.Settings(GateFixture.PasswordUser, GateFixture.Token(gate.Gate.Port, GateFixture.PasswordUser)));

        Assert.Equal("58000", refusal.SqlState);
        Assert.Equal("unexpected-login", Assert.Single(gate.Gate.Counts.Refused).Key);
    }

    [Theory]
    [InlineData(GateFixture.IamUser)]
    [InlineData(GateFixture.PasswordUser)]
    public async Task Login_MembershipCannotBeTold_IsRefusedWhoeverItIs(string user)
    {
        await using var gate = fixture.Start(change: options => options with { IsIamUser = (_, _) => throw new TimeoutException() });

        var refusal = await TestGate.RefusedAsync(gate.Settings(user, GateFixture.Password));

        Assert.Equal("58000", refusal.SqlState);
        Assert.Equal("membership-unknown", Assert.Single(gate.Gate.Counts.Refused).Key);
    }

    [Fact]
    public async Task Login_EverySlotTaken_IsTheServersOwn53300()
    {
        await using var server = await fixture.StartServerAsync(maxConnections: 8);
        await using var gate = fixture.Start(server);
        var sessions = new List<NpgsqlConnection>();
        try
        {
            // 8 slots, 3 of them for superusers.
            for (var slot = 0; slot < 5; slot++) sessions.Add(await gate.OpenIamAsync());

            var byPassword = await TestGate.RefusedAsync(gate.PasswordSettings());
            var byToken = await TestGate.RefusedAsync(gate.IamSettings());
            var direct = await Assert.ThrowsAsync<PostgresException>(
                () => server.OpenAsync(GateFixture.PasswordUser, GateFixture.Password));

            Assert.Equal("53300", direct.SqlState);
            Assert.All([byPassword, byToken], refusal => Assert.Equal(
                (direct.Severity, direct.SqlState, direct.MessageText, direct.Routine, direct.File),
                (refusal.Severity, refusal.SqlState, refusal.MessageText, refusal.Routine, refusal.File)));
        }
        finally
        {
            foreach (var session in sessions) await session.DisposeAsync();
        }
    }

    // Also before it can tell who is a member of what, a server's refusal reaches the client.
    [Fact]
    public async Task Login_ServerRefusesBeforeItAsks_ReachesTheClientByteByByte()
    {
        byte[] error = [(byte)'E', 0, 0, 0, 66, .. "SFATAL\0VFATAL\0C57P03\0Mthe database system is shutting down\0Fx.c\0\0"u8];
        error[4] = (byte)(error.Length - 1);
        using var dying = new TcpListener(IPAddress.Loopback, 0);
        dying.Start();
        var answered = AnswerAsync();
        await using var gate = fixture.Start(change: options => options with
        {
            Backend = (IPEndPoint)dying.LocalEndpoint,
            IsIamUser = (_, _) => throw new TimeoutException(),
        });

        var refusal = await TestGate.RefusedAsync(gate.PasswordSettings());

        Assert.Equal(("57P03", "the database system is shutting down", "x.c"), (refusal.SqlState, refusal.MessageText, refusal.File));
        Assert.Equal("backend-57P03", Assert.Single(gate.Gate.Counts.Refused).Key);
        Assert.Contains("gate_app", Encoding.UTF8.GetString(await answered), StringComparison.Ordinal);

        async Task<byte[]> AnswerAsync()
        {
            using var client = await dying.AcceptSocketAsync(Stop);
            var startup = new byte[1000];
            var count = await client.ReceiveAsync(startup, Stop);
            await client.SendAsync(error, Stop);
            return startup[..count];
        }
    }

    [Fact]
    public async Task Login_NobodyListensBehind_BreaksTheConnection()
    {
        await using var gate = fixture.Start(change: options => options with
        {
            // Port 1 of loopback: nobody listens there on a machine that runs tests.
            Backend = new IPEndPoint(IPAddress.Loopback, 1),
        });

        var broken = await Assert.ThrowsAsync<NpgsqlException>(() => TestGate.OpenAsync(gate.IamSettings()));

        Assert.IsAssignableFrom<IOException>(broken.InnerException);
        await gate.Log.WaitAsync(happened => happened is { Kind: GateEventKind.Closed, Reason: "broken-connection" });
    }

    [Fact]
    public async Task Login_ClientThatSaysNothing_IsCutOffAfterTheLimit()
    {
        var time = new HeldTimers();
        await using var gate = fixture.Start(change: options => options with { Time = time });
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, gate.Gate.Port, Stop);

        Assert.Equal(TimeSpan.FromSeconds(60), await time.FireFirstAsync());

        await gate.Log.WaitAsync(happened => happened is { Kind: GateEventKind.Closed, Reason: "login-timeout" });
    }

    [Fact]
    public async Task Login_BytesThatAreNoRequest_AreCutOff()
    {
        await using var gate = fixture.Start();
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, gate.Gate.Port, Stop);

        await socket.GetStream().WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), Stop);

        await gate.Log.WaitAsync(happened => happened is { Kind: GateEventKind.Closed, Reason: "malformed-message" });
    }

    private static async Task<char> AskAsync(NetworkStream stream, int code)
    {
        byte[] request = [0, 0, 0, 8, (byte)(code >> 24), (byte)(code >> 16), (byte)(code >> 8), (byte)code];
        await stream.WriteAsync(request, Stop);
        var answer = new byte[1];
        await stream.ReadExactlyAsync(answer, Stop);
        return (char)answer[0];
    }
}
