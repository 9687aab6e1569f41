using Automation.Lab.Gate;
using Npgsql;

namespace Automation.LabTests.Gate;

[Collection(nameof(GateFixture))]
public sealed class RdsIamRolesTests(GateFixture fixture)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Contains_GrantedAndRevoked_FollowsWithinASecond()
    {
        var time = new ShiftedTime(TimeSpan.Zero);
        using var roles = new RdsIamRoles(fixture.Server.OpenAdminAsync, time);
        await fixture.Server.ExecuteAsync("CREATE ROLE gate_changing LOGIN", Stop);

        Assert.False(await roles.ContainsAsync("gate_changing", Stop));
        await fixture.Server.ExecuteAsync("GRANT rds_iam TO gate_changing", Stop);
        time.Ahead += TimeSpan.FromSeconds(1);
        Assert.True(await roles.ContainsAsync("gate_changing", Stop));
        await fixture.Server.ExecuteAsync("REVOKE rds_iam FROM gate_changing", Stop);
        time.Ahead += TimeSpan.FromSeconds(1);
        Assert.False(await roles.ContainsAsync("gate_changing", Stop));
    }

    // Every slot taken, also the lab's own: who may use a reserved one must still get as far as the server.
    [Fact]
    public async Task Contains_ServerCannotBeAsked_AnswersAsBeforeOrNotAtAll()
    {
        var time = new ShiftedTime(TimeSpan.Zero);
        var reachable = true;
        using var roles = new RdsIamRoles(
            stop => reachable ? fixture.Server.OpenAdminAsync(stop) : throw new NpgsqlException("no slot"), time);

        Assert.True(await roles.ContainsAsync(GateFixture.IamUser, Stop));
        reachable = false;
        time.Ahead += TimeSpan.FromMinutes(1);

        Assert.True(await roles.ContainsAsync(GateFixture.IamUser, Stop));
        await Assert.ThrowsAsync<NpgsqlException>(async () => await roles.ContainsAsync(GateFixture.PasswordUser, Stop));
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("rdsadmin")]
    public async Task Contains_UnknownRoleOrSuperuser_IsFalse(string role)
    {
        using var roles = new RdsIamRoles(fixture.Server.OpenAdminAsync, TimeProvider.System);

        Assert.False(await roles.ContainsAsync(role, Stop));
    }
}
