using System.Net;
using System.Security.Cryptography;
using System.Text;
using Automation.Lab.Gate;
using Automation.LabTests.Postgres;
using Npgsql;

namespace Automation.LabTests.Gate;

/// <summary>What goes through an open session, and how one ends.</summary>
[Collection(nameof(GateFixture))]
public sealed class SessionTests(GateFixture fixture)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(GateKind.Instance)]
    [InlineData(GateKind.Proxy)]
    internal async Task Session_BigResult_ArrivesIntact(GateKind kind)
    {
        await using var gate = fixture.Start(kind);
        await using var session = await gate.OpenIamAsync();
        await using var command = new NpgsqlCommand(
            "SELECT n, repeat(encode(sha256(n::text::bytea), 'hex'), 16) FROM generate_series(1, 50000) n", session);
        await using var reader = await command.ExecuteReaderAsync(Stop);
        var rows = 0;

        while (await reader.ReadAsync(Stop))
        {
            rows++;
            var expected = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"{rows}")));
            Assert.Equal(rows, reader.GetInt32(0));
            Assert.Equal(string.Concat(Enumerable.Repeat(expected, 16)), reader.GetString(1));
        }

        Assert.Equal(50_000, rows);
    }

    [Theory]
    [InlineData(GateKind.Instance)]
    [InlineData(GateKind.Proxy)]
    internal async Task Session_CopyInAndOut_CarriesEveryByte(GateKind kind)
    {
        await using var gate = fixture.Start(kind);
        await using var session = await gate.OpenIamAsync();
        await session.RunAsync("CREATE TEMP TABLE copied (n int, bytes bytea)");
        var sent = Enumerable.Range(0, 200).Select(n => Bytes(n, 50_000)).ToArray();

        await using (var import = await session.BeginBinaryImportAsync("COPY copied FROM STDIN (FORMAT binary)", Stop))
        {
            for (var n = 0; n < sent.Length; n++) await import.WriteRowAsync(Stop, n, sent[n]);
            Assert.Equal((ulong)sent.Length, await import.CompleteAsync(Stop));
        }

        await using var export = await session.BeginBinaryExportAsync("COPY (SELECT bytes FROM copied ORDER BY n) TO STDOUT (FORMAT binary)", Stop);
        for (var n = 0; n < sent.Length; n++)
        {
            Assert.Equal(1, await export.StartRowAsync(Stop));
            Assert.Equal(sent[n], await export.ReadAsync<byte[]>(Stop));
        }
        Assert.Equal(-1, await export.StartRowAsync(Stop));
    }

    [Theory]
    [InlineData(GateKind.Instance)]
    [InlineData(GateKind.Proxy)]
    internal async Task Session_Notification_ReachesAnIdleClient(GateKind kind)
    {
        await using var gate = fixture.Start(kind);
        await using var listener = await gate.OpenIamAsync();
        await using var speaker = await gate.OpenIamAsync();
        var heard = "";
        listener.Notification += (_, notification) => heard = notification.Payload;
        await listener.RunAsync("LISTEN gate_test");

        await speaker.RunAsync("NOTIFY gate_test, 'hello'");

        Assert.True(await listener.WaitAsync(Deadline.Limit, Stop));
        Assert.Equal("hello", heard);
    }

    [Fact]
    public async Task Session_ManyAtOnce_AllWork()
    {
        const int count = 500;
        await using var gate = fixture.Start();
        var sessions = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => gate.OpenIamAsync("gate-many")));

        var pids = await Task.WhenAll(sessions.Select(async session =>
            Convert.ToInt32(await session.ScalarAsync("SELECT pg_backend_pid() FROM generate_series(1, 100) LIMIT 1"), null)));

        Assert.Equal(count, pids.Distinct().Count());
        Assert.Equal(count, await fixture.SessionsAsync("gate-many"));
        Assert.Equal((count, count), (gate.Gate.Counts.Open, (int)gate.Gate.Counts.Authenticated));

        await Task.WhenAll(sessions.Select(session => session.DisposeAsync().AsTask()));
        await gate.Log.WaitAsync(happened => happened.Kind == GateEventKind.Closed, count);
        Assert.All(gate.Log.Events.Where(happened => happened.Kind == GateEventKind.Closed), closed => Assert.Null(closed.Reason));
        await Deadline.UntilAsync(async () => await fixture.SessionsAsync("gate-many") == 0);
    }

    [Fact]
    public async Task Session_ClientAddress_IsTheClientsOwn()
    {
        await using var gate = fixture.Start();
        await using var tunnel = new SourceAddressTunnel(IPAddress.Parse("127.0.0.12"), new IPEndPoint(IPAddress.Loopback, gate.Gate.Port));
        var settings = gate.IamSettings();
        settings.Port = tunnel.Port;

        await using var session = await TestGate.OpenAsync(settings);

        Assert.Equal("127.0.0.12", await session.ScalarAsync(
            "SELECT host(client_addr) FROM pg_stat_activity WHERE pid = pg_backend_pid()"));
    }

    [Theory]
    [InlineData(GateKind.Instance)]
    [InlineData(GateKind.Proxy)]
    internal async Task Session_TerminatedByTheServer_TellsTheClientWhy(GateKind kind)
    {
        await using var gate = fixture.Start(kind);
        await using var session = await gate.OpenIamAsync("gate-terminated");
        var waiting = session.RunAsync("SELECT pg_sleep(600)");

        await Deadline.UntilAsync(async () =>
        {
            await using var admin = await fixture.Server.OpenAdminAsync(Stop);
            return await admin.ScalarAsync("SELECT bool_or(pg_terminate_backend(pid)) FROM pg_stat_activity"
                + " WHERE application_name = 'gate-terminated' AND state = 'active'") is true;
        });

        Assert.Equal("57P01", (await Assert.ThrowsAsync<PostgresException>(() => waiting)).SqlState);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Session_ClientDies_EndsAtTheServer(bool withReset)
    {
        await using var gate = fixture.Start();
        var application = $"gate-death-{withReset}";
        await using var client = new DyingClient(gate.Gate.Port);
        var settings = gate.IamSettings();
        (settings.Port, settings.ApplicationName) = (client.Port, application);
        await using var session = await TestGate.OpenAsync(settings);
        Assert.Equal(1, await fixture.SessionsAsync(application));

        client.Die(withReset);

        await Deadline.UntilAsync(async () => await fixture.SessionsAsync(application) == 0);
        await gate.Log.WaitAsync(happened => happened.Kind == GateEventKind.Closed);
        Assert.Equal(0, gate.Gate.Counts.Open);
    }

    private static byte[] Bytes(int seed, int length)
    {
        var bytes = new byte[length];
        for (var index = 0; index < length; index++) bytes[index] = (byte)((index * 31) + (seed * 7) + (index >> 8));
        return bytes;
    }
}
