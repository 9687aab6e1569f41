using static Automation.LabTests.Postgres.RotatedRolesTests;

namespace Automation.LabTests.Postgres;

/// <summary><c>sql/self-test.sql</c> on the roles whose passwords the automation may set.</summary>
public sealed class RotatedRolesSelfTestTests(PostgresFixture postgres)
{
    public static TheoryData<int> Majors => PostgresFixture.Majors;

    [Theory, MemberData(nameof(Majors))]
    public async Task SelfTest_NamedRoles_ReportsEachOfThem(int major)
    {
        var server = await postgres.ServerAsync(major);
        await using var master = await server.OpenMasterAsync();
        await master.RunAsync("CREATE ROLE checked_app LOGIN; CREATE ROLE dropped_app LOGIN");
        await BootstrapAsync(master, "checked_automation", "checked_app, dropped_app");
        await using var automation = await server.OpenAsync("checked_automation");

        Assert.Equal(["holds-nothing-more: ok", "sets-password-of-checked_app: ok", "sets-password-of-dropped_app: ok"],
            (await BootstrapTests.SelfTestAsync(automation))[4..]);

        await master.RunAsync("DROP ROLE dropped_app; REVOKE rds_password FROM checked_automation");
        const string Remedy = "run sql/bootstrap.sql again with automation.rotates, which must name";
        Assert.Equal(
            ["holds-nothing-more: ok", $"sets-password-of-checked_app: {Remedy} checked_app", $"sets-password-of-dropped_app: {Remedy} dropped_app"],
            (await BootstrapTests.SelfTestAsync(automation))[4..]);
    }

    [Theory, MemberData(nameof(RotatedRolesTests.MajorsWithAdminOption), MemberType = typeof(RotatedRolesTests))]
    public async Task SelfTest_AdminOptionOnAnUnnamedRole_IsMoreThanItNeeds(int major)
    {
        var server = await postgres.ServerAsync(major);
        await using var master = await server.OpenMasterAsync();
        await master.RunAsync("CREATE ROLE modest_app LOGIN; CREATE ROLE extra_app LOGIN");
        await BootstrapAsync(master, "greedy_automation", "modest_app");
        await master.RunAsync("GRANT extra_app TO greedy_automation WITH ADMIN TRUE, INHERIT FALSE, SET FALSE");
        await using var automation = await server.OpenAsync("greedy_automation");

        Assert.Equal("holds-nothing-more: run sql/bootstrap.sql again and revoke what it points out", (await BootstrapTests.SelfTestAsync(automation))[4]);

        await BootstrapAsync(master, "greedy_automation", "modest_app");
        Assert.Equal("holds-nothing-more: ok", (await BootstrapTests.SelfTestAsync(automation))[4]);
    }
}
