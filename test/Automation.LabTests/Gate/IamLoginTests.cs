using Amazon.Runtime;
using Automation.Database;
using Automation.Lab.Gate;
using Automation.LabTests.Postgres;

namespace Automation.LabTests.Gate;

[Collection(nameof(GateFixture))]
public sealed class IamLoginTests(GateFixture fixture)
{
    [Theory]
    [InlineData(GateKind.Instance)]
    [InlineData(GateKind.Proxy)]
    internal async Task Login_GoodToken_IsASessionOfThatUser(GateKind kind)
    {
        await using var gate = fixture.Start(kind);

        await using var session = await gate.OpenIamAsync();

        Assert.Equal(GateFixture.IamUser, await session.ScalarAsync("SELECT current_user::text"));
        Assert.Equal(1, gate.Gate.Counts.Authenticated);
        Assert.Empty(gate.Gate.Counts.Refused);
    }

    // The product's own way in: its data source makes the token, verifies the certificate and retries a refused token once.
    [Theory]
    [InlineData(GateKind.Instance, EndpointKind.Instance)]
    [InlineData(GateKind.Proxy, EndpointKind.Proxy)]
    internal async Task Login_ByAutomationDatabase_IsASession(GateKind kind, EndpointKind endpoint)
    {
        await using var gate = fixture.Start(kind);
        await using var source = RdsDataSource.Create(
            new DatabaseEndpoint(GateFixture.Host, gate.Gate.Port, endpoint),
            new IamLogin(GateFixture.IamUser, new IamTokens(GateFixture.Credentials, GateFixture.Region, TimeProvider.System)),
            TrustedRoots.FromFile(gate.IamSettings().RootCertificate!, "RootCertificate"),
            new DataSourceOptions { ApplicationName = "gate-test" }, TimeProvider.System);

        await using var command = source.DataSource.CreateCommand("SELECT current_user::text");

        Assert.Equal(GateFixture.IamUser, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Login_RoleByAGrantAtOneRemove_NeedsAToken()
    {
        await fixture.Server.ExecuteAsync(
            "CREATE ROLE gate_team NOLOGIN IN ROLE rds_iam; CREATE ROLE gate_member LOGIN IN ROLE gate_team", TestContext.Current.CancellationToken);
        await using var gate = fixture.Start();

        await using var session = await TestGate.OpenAsync(
            gate.Settings("gate_member", GateFixture.Token(gate.Gate.Port, "gate_member")));

        Assert.Equal("gate_member", await session.ScalarAsync("SELECT current_user::text"));
    }

    [Theory]
    [InlineData("wrong-user")]
    [InlineData("wrong-endpoint")]
    [InlineData("unknown-access-key")]
    [InlineData("wrong-signature")]
    [InlineData("malformed-token")]
    public async Task Login_BadToken_IsRefusedAsByPamAndTheReasonStaysInTheLab(string reason)
    {
        await using var gate = fixture.Start();
        var port = gate.Gate.Port;
        var token = reason switch
        {
            "wrong-user" => GateFixture.Token(port, user: "postgres"),
            "wrong-endpoint" => GateFixture.Token(port, host: "other.localhost"),
            "unknown-access-key" => GateFixture.Token(port, credentials: new BasicAWSCredentials("AKIDOTHER", "lab/secret+key")),
            "wrong-signature" => GateFixture.Token(port, credentials: new BasicAWSCredentials("AKIDGATE", "another secret")),
            _ => "not a token",
        };

        var refusal = await TestGate.RefusedAsync(gate.Settings(GateFixture.IamUser, token));

        Assert.Equal(("28000", "FATAL", $"PAM authentication failed for user \"{GateFixture.IamUser}\""),
            (refusal.SqlState, refusal.Severity, refusal.MessageText));
        AssertRefusedFor(gate, reason);
        Assert.DoesNotContain(gate.Log.Events, happened => happened.ToString().Contains(token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Login_BadTokenAtProxy_IsRefusedInTheProxysWords()
    {
        await using var gate = fixture.Start(GateKind.Proxy);

        var refusal = await TestGate.RefusedAsync(gate.Settings(GateFixture.IamUser, GateFixture.Token(gate.Gate.Port, user: "postgres")));

        Assert.Equal(("28P01", "The IAM authentication failed for the role gate_iam. Check the IAM token for this role and try again."),
            (refusal.SqlState, refusal.MessageText));
    }

    [Theory]
    [InlineData(16, "expired")]
    [InlineData(-6, "not-yet-valid")]
    public async Task Login_TokenOfAnotherTime_IsRefused(int minutesAhead, string reason)
    {
        await using var gate = fixture.Start(change: options => options with { Time = new ShiftedTime(TimeSpan.FromMinutes(minutesAhead)) });

        Assert.Equal("28000", (await TestGate.RefusedAsync(gate.IamSettings())).SqlState);

        AssertRefusedFor(gate, reason);
    }

    [Fact]
    public async Task Login_NoConnectPermissionOnTheUser_IsRefused()
    {
        await using var gate = fixture.Start(change: options => options with
        {
            Credentials = _ => new GateCredential { SecretAccessKey = "lab/secret+key", ConnectAs = new HashSet<string> { "somebody" } },
        });

        Assert.Equal("28000", (await TestGate.RefusedAsync(gate.IamSettings())).SqlState);

        AssertRefusedFor(gate, "not-permitted");
    }

    [Fact]
    public async Task Login_TemporaryCredentials_NeedTheirSessionToken()
    {
        await using var gate = fixture.Start(change: options => options with
        {
            Credentials = _ => new GateCredential { SecretAccessKey = "lab/secret+key", SessionToken = "session/token+==" },
        });
        var good = GateFixture.Token(gate.Gate.Port, credentials: new SessionAWSCredentials("ASIAGATE", "lab/secret+key", "session/token+=="));

        await using (var session = await TestGate.OpenAsync(gate.Settings(GateFixture.IamUser, good)))
            Assert.Equal(1, await session.ScalarAsync("SELECT 1"));
        Assert.Equal("28000", (await TestGate.RefusedAsync(gate.IamSettings())).SqlState);

        AssertRefusedFor(gate, "wrong-session-token");
    }

    private static void AssertRefusedFor(TestGate gate, string reason) =>
        Assert.Equal(reason, Assert.Single(gate.Gate.Counts.Refused).Key);
}
