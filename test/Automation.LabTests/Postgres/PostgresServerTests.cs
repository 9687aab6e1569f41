using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Automation.Lab.Postgres;
using Automation.Lab.Setup;
using Npgsql;
using static Automation.LabTests.Postgres.Sessions;

namespace Automation.LabTests.Postgres;

public sealed class PostgresServerTests(PostgresFixture postgres)
{
    private static readonly CancellationToken None = CancellationToken.None;

    public static TheoryData<int> Majors => PostgresFixture.Majors;

    [Theory, MemberData(nameof(Majors))]
    public async Task Server_EveryMajor_SpeaksVerifiedTls(int major)
    {
        var server = await postgres.ServerAsync(major);

        await using var master = await server.OpenMasterAsync();

        Assert.Equal(true, await master.ScalarAsync("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"));
        Assert.Equal(major, master.PostgreSqlVersion.Major);
    }

    [Fact]
    public async Task Server_ClientTrustsAnotherAuthority_ClientRefuses()
    {
        var server = await postgres.ServerAsync();
        using var other = Lab.Tls.LabCertificateAuthority.Create(postgres.Directory, TimeProvider.System, "other-ca");
        var target = server.Connection(server.MasterUser, server.MasterPassword);
        target.RootCertificate = other.BundlePath;
        await using var connection = new NpgsqlConnection(target.ConnectionString);

        var refusal = await Assert.ThrowsAsync<NpgsqlException>(() => connection.OpenAsync(TestContext.Current.CancellationToken));

        Assert.IsType<System.Security.Authentication.AuthenticationException>(refusal.InnerException);
    }

    [Fact]
    public async Task Server_StartedByRoot_RunsAsAnotherUser()
    {
        var server = await postgres.ServerAsync();
        await using var admin = await server.OpenAdminAsync(None);
        var owner = (await File.ReadAllLinesAsync($"/proc/{admin.ProcessID}/status", TestContext.Current.CancellationToken))
            .Single(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1];

        Assert.NotEqual("0", owner);
    }

    [Fact]
    public async Task Master_LikeOnRds_NoSuperuserButMayCreateRoles()
    {
        var server = await postgres.ServerAsync();
        await using var master = await server.OpenMasterAsync();

        Assert.Equal("f,t,t,t", await master.ScalarAsync("""
            SELECT concat_ws(',', rolsuper, rolcreaterole, rolcreatedb, pg_has_role('rds_superuser', 'USAGE')) FROM pg_roles WHERE rolname = current_user
            """));
        Assert.Equal("42501", await RefusalAsync(() => master.RunAsync("ALTER ROLE rdsadmin NOLOGIN")));
    }

    [Fact]
    public async Task Admin_FromTheNetwork_Refused()
    {
        var server = await postgres.ServerAsync();

        Assert.Equal("28000", await RefusalAsync(() => server.OpenAsync("rdsadmin", "whatever")));
    }

    [Fact]
    public async Task IamUser_BehindTheGate_EntersWithoutPassword()
    {
        var server = await postgres.ServerAsync();
        await server.ExecuteAsync("CREATE ROLE iam_user LOGIN; GRANT rds_iam TO iam_user; CREATE ROLE other_user LOGIN", None);

        await using var iam = await server.OpenAsync("iam_user");
        Assert.Equal("28P01", await RefusalAsync(() => server.OpenAsync("other_user", "any")));
    }

    [Fact]
    public async Task Settings_FromTheCaller_WinOverTheLabs()
    {
        await using var server = await postgres.StartOwnAsync(settings: new Dictionary<string, string>
        {
            ["max_connections"] = "37",
            ["rds.rds_superuser_reserved_connections"] = "2",
        });
        await using var admin = await server.OpenAdminAsync(None);

        Assert.Equal("37,2", await admin.ScalarAsync(
            "SELECT concat_ws(',', current_setting('max_connections'), current_setting('rds.rds_superuser_reserved_connections'))"));
    }

    [Fact]
    public async Task Settings_Wrong_ErrorHasTheServersOwnWords()
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            postgres.StartOwnAsync(settings: new Dictionary<string, string> { ["max_connections"] = "many" }));

        Assert.Contains("invalid value for parameter \"max_connections\": \"many\"", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_PortTakenMeanwhile_ErrorNamesItAndServerStaysStopped()
    {
        await using var server = await postgres.StartOwnAsync();
        await server.StopAsync(PostgresShutdown.Fast);
        using var squatter = new TcpListener(IPAddress.Loopback, server.Port);
        squatter.Start();

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => server.StartAsync(None));

        Assert.Contains("Address already in use", refusal.Message, StringComparison.Ordinal);
        Assert.False(server.IsRunning);
    }

    [Theory]
    [InlineData((int)PostgresShutdown.Fast)]
    [InlineData((int)PostgresShutdown.Immediate)]
    public async Task Server_StoppedAndStarted_KeepsDataAndPort(int shutdown)
    {
        await using var server = await postgres.StartOwnAsync();
        await server.ExecuteAsync("CREATE TABLE kept AS SELECT 42 AS answer", None);
        var port = server.Port;

        await server.StopAsync((PostgresShutdown)shutdown);
        Assert.False(server.IsRunning);
        await server.StartAsync(None);

        await using var admin = await server.OpenAdminAsync(None);
        Assert.Equal(42, await admin.ScalarAsync("SELECT answer FROM kept"));
        Assert.Equal(port, server.Port);
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task WalReceiver_Streaming_IsARealWalsender(int major)
    {
        var server = await postgres.ServerAsync(major);
        await using var receiver = await WalReceiver.StartAsync(server, "streamer", "a password", None);
        await using var admin = await server.OpenAdminAsync(None);

        Assert.Equal("walsender", await admin.ScalarAsync("SELECT backend_type FROM pg_stat_activity WHERE pid = $1", receiver.ProcessId));
        await admin.RunAsync("CREATE TABLE streamed AS SELECT generate_series(1, 1000)");
        await Eventually.TrueAsync(async () => await admin.ScalarAsync(
            "SELECT sent_lsn = pg_current_wal_lsn() FROM pg_stat_replication WHERE pid = $1", receiver.ProcessId) is true);
        Assert.True(receiver.IsStreaming);

        await admin.ScalarAsync("SELECT pg_terminate_backend($1)", receiver.ProcessId);
        await Eventually.TrueAsync(() => Task.FromResult(!receiver.IsStreaming));
    }

    [Fact]
    public async Task Bootstrap_ThroughPsql_Works()
    {
        var server = await postgres.ServerAsync();
        var psql = server.Binaries.Find("psql");
        Assert.NotNull(psql);
        var script = Path.Combine(postgres.Directory.Path, "bootstrap.sql");
        await File.WriteAllTextAsync(script, AutomationRole.BootstrapSql, TestContext.Current.CancellationToken);

        await ChildProcess.RunAsync(new ChildProcessOptions
        {
            Name = "psql",
            FileName = psql,
            Arguments =
            [
                string.Create(CultureInfo.InvariantCulture, $"host={PostgresServer.Host} port={server.Port} user={server.MasterUser} ")
                    + $"dbname=postgres sslmode=verify-full sslrootcert={server.CaBundlePath}",
                "--no-psqlrc", "-v", "ON_ERROR_STOP=1", "-c", "SET automation.role = 'psql_automation'", "-f", script,
            ],
            Environment = new Dictionary<string, string?> { ["PGPASSWORD"] = server.MasterPassword },
        }, TimeSpan.FromSeconds(30), None);

        await using var automation = await server.OpenAsync("psql_automation");
        Assert.Equal(true, await automation.ScalarAsync("SELECT pg_has_role('pg_monitor', 'USAGE')"));
    }

    [Fact]
    public async Task OrphanOfADeadLab_NextSweep_EndsItAndNoOther()
    {
        var neighbour = await postgres.ServerAsync();
        await using var server = await postgres.StartOwnAsync();
        await server.StopAsync(PostgresShutdown.Fast);
        // The same server, as a lab started it that was killed since.
        var start = new ProcessStartInfo(server.Binaries.Postgres, ["-D", server.DataFolder, "-c", "log_min_messages=panic"])
        {
            UserName = UnixUser.ForServers()?.Name ?? "",
        };
        start.Environment[OrphanedProcesses.OwnerVariable] = DeadProcess().ToString();
        using var orphan = Process.Start(start)!;
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                await server.ExecuteAsync("SELECT 1", None);
                return true;
            }
            catch (NpgsqlException)
            {
                return false;
            }
        });

        OrphanedProcesses.End();

        Assert.True(orphan.WaitForExit(TimeSpan.FromSeconds(30)));
        // It tidied up: a server that was killed leaves this file and its shared memory.
        Assert.False(File.Exists(Path.Combine(server.DataFolder, "postmaster.pid")));
        Assert.True(neighbour.IsRunning);
    }

    private static ProcessIdentity DeadProcess()
    {
        using var process = Process.Start(new ProcessStartInfo("sleep", ["60"]))!;
        var identity = ProcessIdentity.Of(process.Id)!.Value;
        process.Kill();
        process.WaitForExit();
        return identity;
    }
}
