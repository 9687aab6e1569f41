using System.Text;
using Automation.Database;
using Automation.Lab;
using Automation.Lab.Account;
using Automation.Lab.Gate;
using Automation.Lab.Postgres;
using Automation.Lab.Tls;
using Automation.Outcomes;

namespace Automation.LabTests.Connections;

/// <summary>Databases that are not touched, each with the reason a person gets.</summary>
[Collection(nameof(ReliefFixture))]
public sealed class RefusalTests(ReliefFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, "not-opted-in", "automation:connections")]
    [InlineData("off", "off", "off")]
    [InlineData("act target=lots", "malformed-tag", "target=lots")]
    [InlineData("please", "malformed-tag", "please")]
    [InlineData("act max=21", "malformed-tag", "max=21")]
    [InlineData("target=0.5", "malformed-tag", "must begin with act, observe or off")]
    public async Task Run_TagDoesNotAllowIt_NeverLogsIn(string? tag, string reason, string names)
    {
        await using var account = await ReliefAccount.StartAsync(fixture, tag);
        var connections = fixture.Database.Gate.Counts.Accepted;

        var outcome = await account.RunAsync();

        Assert.Equal((Decision.Refused, reason), (outcome.Decision, outcome.Reason));
        Assert.Contains(names, outcome.Summary, StringComparison.Ordinal);
        Assert.Equal(connections, fixture.Database.Gate.Counts.Accepted);
        Assert.Equal(reason == "malformed-tag" ? 1 : 0, account.Told.Count);
        Assert.Empty(await account.ItemsAsync());
    }

    [Fact]
    public async Task Run_AnotherEngine_IsNotPostgresql()
    {
        await using var account = await ReliefAccount.StartAsync(fixture);
        await account.RegisterAsync(ReliefAccount.Tag, database => database with { Engine = "mysql", EngineVersion = "8.0.39" });

        var outcome = await account.RunAsync();

        Assert.Equal((Decision.Refused, "not-postgresql"), (outcome.Decision, outcome.Reason));
    }

    [Fact]
    public async Task Run_StoppedInstance_IsNotAvailable()
    {
        await using var account = await ReliefAccount.StartAsync(fixture);
        account.Aws.Endpoint.After("rds", "DescribeDBInstances", (_, answer, _) => ValueTask.FromResult(answer with
        {
            Body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(answer.Body.Span)
                .Replace("<DBInstanceStatus>available<", "<DBInstanceStatus>stopped<", StringComparison.Ordinal)),
        }));

        var outcome = await account.RunAsync();

        Assert.Equal((Decision.Refused, "not-available"), (outcome.Decision, outcome.Reason));
        Assert.Contains("stopped", outcome.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_UnknownInstance_IsNotFound()
    {
        await using var account = await ReliefAccount.StartAsync(fixture);

        var outcome = await account.RunAsync(account.Alarm(database: "nobody"));

        Assert.Equal((Decision.Refused, "database-not-found"), (outcome.Decision, outcome.Reason));
    }

    [Fact]
    public async Task Run_ReaderInstance_IsNotTheWriter_AndTheClusterIsItsWriter()
    {
        await using var account = await ReliefAccount.StartAsync(fixture);
        await using var crowd = await Crowd.OpenAsync(fixture);
        await crowd.FillAsync();
        var endpoint = fixture.Database.Registration.Endpoint;
        var (writer, reader) = (ReliefFixture.NextName(), ReliefFixture.NextName());
        await account.RegisterAsync(new LabCluster
        {
            Id = "relief-cluster",
            Endpoint = endpoint,
            ReaderEndpoint = endpoint,
            EngineVersion = "17.5",
            Tags = new Dictionary<string, string> { ["automation:connections"] = ReliefAccount.Tag },
            Members = [Member(writer), Member(reader)],
        });

        var ofReader = await account.RunAsync(account.Alarm(database: reader));
        var ofCluster = await account.RunAsync(ReliefAccount.ClusterAlarm("relief-cluster"));

        Assert.Equal((Decision.Refused, "not-the-writer", reader), (ofReader.Decision, ofReader.Reason, ofReader.Database));
        Assert.Equal((Decision.Acted, writer), (ofCluster.Decision, ofCluster.Database));
        Assert.Equal(3, (await crowd.EndedAsync()).Count);

        LabDatabase Member(string id) => fixture.Database.Registration with { Id = id };
    }

    /// <summary>A failover just now: RDS still calls the server the writer, which takes no writes any more. Lambda's retry finds the new one.</summary>
    [Fact]
    public async Task Run_WriterOfTheClusterIsInRecovery_FailsAndFindsTheWriterWhenTriedAgain()
    {
        await using var account = await ReliefAccount.StartAsync(fixture);
        await account.RegisterAsync(new LabCluster
        {
            Id = "relief-switched",
            Endpoint = fixture.Database.Registration.Endpoint,
            ReaderEndpoint = fixture.Database.Registration.Endpoint,
            EngineVersion = "17.5",
            Tags = new Dictionary<string, string> { ["automation:connections"] = ReliefAccount.Tag },
            Members = [fixture.Database.Registration with { Id = ReliefFixture.NextName() }],
        });
        await using var standby = await PostgresStandby.AddAsync(
            fixture.Database.Server, $"{fixture.Database.Id}-b", new StandbyOptions { Synchronous = false }, TestContext.Current.CancellationToken);
        var alarm = ReliefAccount.ClusterAlarm("relief-switched");
        fixture.Database.Gate.Backend = standby.Server.EndPoint;
        try
        {
            var failed = await Assert.ThrowsAsync<InvocationFailedException>(() => account.RunAsync(alarm, "the-same-request"));

            Assert.Contains("takes no writes", failed.Message, StringComparison.Ordinal);
            fixture.Database.Gate.Backend = fixture.Database.Server.EndPoint;
            var again = await account.RunAsync(alarm, "the-same-request");
            Assert.Equal((Decision.NothingToDo, "usage-at-target"), (again.Decision, again.Reason));
        }
        finally
        {
            fixture.Database.Gate.Backend = fixture.Database.Server.EndPoint;
        }
    }

    [Fact]
    public async Task Run_RoleThatSeesNothing_IsBlind()
    {
        await using var account = await ReliefAccount.StartAsync(fixture);
        await using var crowd = await Crowd.OpenAsync(fixture);
        await crowd.FillAsync();
        await using var _ = await WithoutAsync("pg_monitor");

        var outcome = await account.RunAsync();

        Assert.Equal((Decision.Refused, "blind-role"), (outcome.Decision, outcome.Reason));
        Assert.Contains("pg_monitor", outcome.Summary, StringComparison.Ordinal);
        Assert.Empty(await crowd.EndedAsync());
    }

    [Fact]
    public async Task Run_RoleWithoutReserveOnAFullServer_SaysWhatToGrant()
    {
        await using var account = await ReliefAccount.StartAsync(fixture);
        await using var crowd = await Crowd.OpenAsync(fixture);
        await crowd.FillAsync();
        await using var _ = await WithoutAsync("pg_use_reserved_connections");

        var outcome = await account.RunAsync();

        Assert.Equal((Decision.Refused, "slots-exhausted"), (outcome.Decision, outcome.Reason));
        Assert.Contains("GRANT pg_use_reserved_connections TO automation", outcome.Summary, StringComparison.Ordinal);
        Assert.Empty(await crowd.EndedAsync());
        Assert.Single(account.Told);
    }

    [Fact]
    public async Task Run_RoleAtItsConnectionLimit_IsNotTakenForAFullServer()
    {
        await using var account = await ReliefAccount.StartAsync(fixture);
        await using var _ = await ChangedAsync("ALTER ROLE automation CONNECTION LIMIT 0", "ALTER ROLE automation CONNECTION LIMIT -1");

        var outcome = await account.RunAsync();

        Assert.Equal((Decision.Refused, "role-limit"), (outcome.Decision, outcome.Reason));
    }

    [Fact]
    public async Task Run_ApplicationAtItsConnectionLimit_EndsNobodyElses()
    {
        await using var account = await ReliefAccount.StartAsync(fixture);
        await using var crowd = await Crowd.OpenAsync(fixture);
        await crowd.AddForgottenAsync(2);
        await crowd.UntilOldAsync(2);
        await using var _ = await ChangedAsync("ALTER ROLE shop CONNECTION LIMIT 2", "ALTER ROLE shop CONNECTION LIMIT -1");

        var outcome = await account.RunAsync();

        Assert.Equal((Decision.Refused, "connection-limit-reached"), (outcome.Decision, outcome.Reason));
        Assert.Contains("role shop is at its own CONNECTION LIMIT of 2", outcome.Summary, StringComparison.Ordinal);
        Assert.Empty(await crowd.EndedAsync());
    }

    [Theory]
    [InlineData(nameof(GateMode.Refusing), "unreachable")]
    [InlineData(nameof(GateMode.StartingUp), "restarting")]
    public async Task Run_ServerIsAway_SaysSoAndTheRetryRelieves(string mode, string reason)
    {
        await using var account = await ReliefAccount.StartAsync(fixture);
        await using var crowd = await Crowd.OpenAsync(fixture);
        await crowd.FillAsync();
        var alarm = account.Alarm();
        var gate = fixture.Database.Gate;
        gate.Mode = Enum.Parse<GateMode>(mode);
        try
        {
            var failed = await Assert.ThrowsAsync<InvocationFailedException>(() => account.RunAsync(alarm, "the-same-request"));

            Assert.Contains($": {reason}: ", failed.Message, StringComparison.Ordinal);
            Assert.Contains(reason, Assert.Single(account.Told).Subject, StringComparison.Ordinal);
            Assert.Empty(await account.RecordsAsync());
        }
        finally
        {
            gate.Mode = GateMode.Serving;
        }

        Assert.Equal(Decision.Acted, (await account.RunAsync(alarm, "the-same-request")).Decision);
        Assert.Equal(3, (await crowd.EndedAsync()).Count);
    }

    [Fact]
    public async Task Run_CertificateOfAnotherAuthority_IsNotTrusted()
    {
        await using var account = await ReliefAccount.StartAsync(fixture);
        using var directory = Lab.Setup.LabDirectory.Create();
        using var stranger = LabCertificateAuthority.Create(directory, TimeProvider.System);

        var outcome = await account.RunAsync(new ReliefOptions { Roots = TrustedRoots.FromFile(stranger.BundlePath, "CA_BUNDLE_PATH") });

        Assert.Equal((Decision.Refused, "tls-not-verified"), (outcome.Decision, outcome.Reason));
    }

    [Fact]
    public async Task Run_WithoutRdsDbConnect_SaysWhatIsMissing()
    {
        await using var account = await ReliefAccount.StartAsync(fixture);

        var outcome = await account.RunAsync(new ReliefOptions { Credentials = ReliefFixture.Denied });

        Assert.Equal((Decision.Refused, "authentication-failed"), (outcome.Decision, outcome.Reason));
        Assert.Contains("rds-db:connect", outcome.Summary, StringComparison.Ordinal);
        Assert.Contains("rds_iam", outcome.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_EventOlderThanFifteenMinutes_IsStale()
    {
        await using var account = await ReliefAccount.StartAsync(fixture);
        var connections = fixture.Database.Gate.Counts.Accepted;

        var outcome = await account.RunAsync(new ReliefOptions { Time = new Gate.ShiftedTime(TimeSpan.FromMinutes(16)) }, account.Alarm());

        Assert.Equal((Decision.Refused, "stale-event"), (outcome.Decision, outcome.Reason));
        Assert.Equal(connections, fixture.Database.Gate.Counts.Accepted);
    }

    /// <summary>Changes the server's roles until disposed.</summary>
    private async Task<IAsyncDisposable> ChangedAsync(string sql, string back)
    {
        await fixture.Database.Server.ExecuteAsync(sql, Cancellation);
        return new Restoring(() => fixture.Database.Server.ExecuteAsync(back, CancellationToken.None));
    }

    /// <summary>Takes what sql/bootstrap.sql granted from the automation's role, until disposed.</summary>
    private async Task<IAsyncDisposable> WithoutAsync(string granted)
    {
        // A grant can be taken back only in the name of whoever gave it.
        await fixture.Database.Server.ExecuteAsync($"""
            DO $$ BEGIN
                EXECUTE (SELECT format('REVOKE {granted} FROM automation GRANTED BY %I', pg_get_userbyid(grantor))
                    FROM pg_auth_members WHERE roleid = '{granted}'::regrole AND member = 'automation'::regrole);
            END $$
            """, Cancellation);
        return new Restoring(() => AutomationRole.CreateAsync(fixture.Database.Server, LabInstance.AutomationUser, CancellationToken.None));
    }

    private sealed class Restoring(Func<Task> restore) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => new(restore());
    }
}
