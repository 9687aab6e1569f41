using Automation.Database;
using Automation.Lab.Gate;
using Automation.LabTests.Gate;

namespace Automation.LabTests.Database;

/// <summary>Tokens checked as RDS and RDS Proxy check them: signature, host, port, role and date.</summary>
[Collection(nameof(GateFixture))]
public sealed class GateLoginTests(GateFixture gates)
{
    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(EndpointKind.Instance)]
    [InlineData(EndpointKind.Proxy)]
    public async Task Open_RoleWithRdsIam_GetsIn(EndpointKind kind)
    {
        await using var gate = gates.Start(kind == EndpointKind.Proxy ? GateKind.Proxy : GateKind.Instance);

        var attempt = await OpenAsync(gate, kind, GateFixture.IamUser);

        Assert.True(attempt.Succeeded(out var session, out var failure), failure?.Sentence);
        await using (session) Assert.Equal(GateFixture.IamUser, await session.AnswerAsync("SELECT current_user"));
    }

    // RDS asks such a role for its password, by SCRAM; the token is not offered for one.
    [Fact]
    public async Task Open_RoleWithoutRdsIam_IsAuthenticationAndNamesTheGrant()
    {
        await using var gate = gates.Start();

        var attempt = await OpenAsync(gate, EndpointKind.Instance, GateFixture.PasswordUser);

        Assert.False(attempt.Succeeded(out _, out var failure));
        Assert.Equal(FailureClass.Authentication, failure.Class);
        Assert.Contains("rds_iam", failure.Sentence, StringComparison.Ordinal);
    }

    private static Task<Attempt<DatabaseSession>> OpenAsync(TestGate gate, EndpointKind kind, string user) => DatabaseSession.OpenUnpooledAsync(
        new DatabaseEndpoint(GateFixture.Host, gate.Gate.Port, kind),
        new IamLogin(user, new IamTokens(GateFixture.Credentials, GateFixture.Region, TimeProvider.System)),
        TrustedRoots.FromFile(gate.Settings(user, "").RootCertificate!, "test"), RealSessions.Options, RealSessions.Deadline, TimeProvider.System, Test);
}
