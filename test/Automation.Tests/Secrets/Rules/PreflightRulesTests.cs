using Automation.Secrets;
using static Automation.Tests.Secrets.Rules.Given;

namespace Automation.Tests.Secrets.Rules;

/// <summary>Each thing that would stop a rotation half-way, by itself, and the server at which nothing does.</summary>
public sealed class PreflightRulesTests
{
    private const string Fit = "fit";

    // Who changes the password of "app": the role itself, and an administrator.
    private static readonly Dictionary<string, ServerFacts> Servers = new()
    {
        ["a writer and an ordinary role"] = Server(Role()),
        ["a standby"] = Server(Role()) with { IsStandby = true, IsReadOnly = true },
        ["read-only sessions"] = Server(Role()) with { IsReadOnly = true },
        ["restricted password commands"] = Server(Role()) with { RestrictsPasswordCommands = true },
        ["restricted password commands, in rds_password"] = Server(Role()) with { RestrictsPasswordCommands = true, WeAreInRdsPassword = true },
        ["restricted password commands, superuser"] = Server(Role()) with { RestrictsPasswordCommands = true, WeAreSuperuser = true },
        ["no such role"] = Server(Role("another")),
        ["NOLOGIN"] = Server(Role() with { CanLogIn = false }),
        ["in rds_iam"] = Server(Role() with { InRdsIam = true }),
        ["VALID UNTIL has passed"] = Server(Role() with { Expired = true }),
        ["NOLOGIN and in rds_iam"] = Server(Role() with { CanLogIn = false, InRdsIam = true }),
        ["a standby with an expired role"] = Server(Role() with { Expired = true }) with { IsStandby = true },
        ["a superuser's role"] = Server(Role() with { IsSuperuser = true }),
        ["a superuser's role, changed by a superuser"] = Server(Role() with { IsSuperuser = true }) with { WeAreSuperuser = true, WeHaveCreateRole = false },
        ["REPLICATION on 15"] = Server(Role() with { MayReplicate = true }) with { Major = 15 },
        ["REPLICATION on 15, changed by a superuser"] = Server(Role() with { MayReplicate = true }) with { Major = 15, WeAreSuperuser = true },
        ["REPLICATION on 16"] = Server(Role() with { MayReplicate = true }),
        ["no CREATEROLE"] = Server(Role()) with { WeHaveCreateRole = false },
        ["no ADMIN OPTION on 16"] = Server(Role() with { WeHaveAdminOption = false }),
        ["no ADMIN OPTION on 18"] = Server(Role() with { WeHaveAdminOption = false }) with { Major = 18 },
        ["no ADMIN OPTION on 15"] = Server(Role() with { WeHaveAdminOption = false }) with { Major = 15 },
        ["no ADMIN OPTION and no CREATEROLE, but it is the very role"] = Server(Role() with { WeHaveAdminOption = false }) with { WeHaveCreateRole = false, We = User },
    };

    public static TheoryData<string, string, string> Table => new()
    {
        { "a writer and an ordinary role", Fit, Fit },
        { "a standby", "standby", "standby" },
        { "read-only sessions", "read-only", "read-only" },
        { "restricted password commands", "password-commands-restricted", "password-commands-restricted" },
        { "restricted password commands, in rds_password", Fit, Fit },
        { "restricted password commands, superuser", Fit, Fit },
        { "no such role", "role-not-found", "role-not-found" },
        { "NOLOGIN", "no-login", "no-login" },
        { "in rds_iam", "rds-iam-member", "rds-iam-member" },
        { "VALID UNTIL has passed", "expired", "expired" },
        { "NOLOGIN and in rds_iam", "no-login", "no-login" },
        { "a standby with an expired role", "standby", "standby" },
        { "a superuser's role", Fit, "role-is-superuser" },
        { "a superuser's role, changed by a superuser", Fit, Fit },
        { "REPLICATION on 15", "role-is-superuser", "role-is-superuser" },
        { "REPLICATION on 15, changed by a superuser", Fit, Fit },
        { "REPLICATION on 16", Fit, Fit },
        { "no CREATEROLE", Fit, "no-createrole" },
        { "no ADMIN OPTION on 16", Fit, "no-admin-option" },
        { "no ADMIN OPTION on 18", Fit, "no-admin-option" },
        { "no ADMIN OPTION on 15", Fit, Fit },
        { "no ADMIN OPTION and no CREATEROLE, but it is the very role", Fit, Reasons.AdministratorIsRotated },
    };

    [Fact]
    public void Table_NamesEveryServer() => Assert.Equal(Servers.Keys, Table.Select(row => row.Data.Item1));

    [Theory, MemberData(nameof(Table))]
    public void Check_EveryServer_IsAnsweredAsTheTableSays(string server, string byRoleItself, string byAdministrator)
    {
        var facts = Servers[server];

        Assert.Equal(byRoleItself, Name(PreflightRules.Check(facts, RotationStrategy.SingleUser, Secret())));
        Assert.Equal(byAdministrator, Name(PreflightRules.Check(facts, RotationStrategy.Administrator, Secret(("administrator", "iam")))));
        Assert.Equal(byRoleItself, Name(PreflightRules.CheckChange(facts, User, byRoleItself: true)));
        Assert.Equal(byAdministrator, Name(PreflightRules.CheckChange(facts, User, byRoleItself: false)));
    }

    /// <summary>None of these passes by itself: a person has to do something, and is told what.</summary>
    [Fact]
    public void Check_EveryRefusal_NamesNoRoleAndDoesNotPassByItself()
    {
        var refusals = Servers.Values.Select(facts => PreflightRules.CheckChange(facts, User, byRoleItself: false)).OfType<Refusal>().ToList();

        Assert.NotEmpty(refusals);
        Assert.All(refusals, refusal => Assert.False(refusal.MayPass));
        Assert.All(refusals, refusal => Assert.DoesNotContain($" {User} ", refusal.Sentence, StringComparison.Ordinal));
    }

    [Fact]
    public void Check_Pair_LooksAtTheRoleThatGetsThePasswordAndAtBoth()
    {
        Assert.Null(PreflightRules.Check(PairServer(), RotationStrategy.AlternatingUsers, PairSecret()));

        var notOurs = Server(PairRole(Pair[0]), PairRole(Pair[1]) with { WeHaveAdminOption = false });
        Assert.Equal("no-admin-option", PreflightRules.Check(notOurs, RotationStrategy.AlternatingUsers, PairSecret())?.Reason);
        Assert.Null(PreflightRules.Check(notOurs, RotationStrategy.AlternatingUsers, PairSecret(("username", Pair[1]))));

        var gone = Server(PairRole(Pair[1]));
        Assert.Equal("role-not-found", PreflightRules.Check(gone, RotationStrategy.AlternatingUsers, PairSecret())?.Reason);
    }

    private static string Name(Refusal? refusal) => refusal?.Reason ?? Fit;
}
