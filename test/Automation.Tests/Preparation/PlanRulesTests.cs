using Automation.Preparation;
using Kind = Automation.Preparation.RoleFactKind;

namespace Automation.Tests.Preparation;

public sealed class PlanRulesTests
{
    private static readonly RoleFact[] Login =
    [
        Given.Role, Given.Fact(Kind.Attribute, "login", "LOGIN"), Given.Fact(Kind.Attribute, "inherit", "INHERIT"), Given.Fact(Kind.Attribute, "connlimit", "CONNECTION LIMIT 10"), Given.Fact(Kind.Attribute, "createrole", "NOCREATEROLE"),
    ];

    [Fact]
    public void Steps_NothingChanged_IsNoStep()
    {
        Assert.Empty(Steps([], []));
        Assert.Empty(Steps(Login, [.. Login.Reverse()]));
    }

    // What CREATE ROLE gives anyway is not told.
    [Fact]
    public void Steps_RoleThatIsMade_IsToldInOrderWithWhatItIsNotByDefault() => Assert.Equal(
        [
            "create role automation", "alter role automation CONNECTION LIMIT 10", "alter role automation LOGIN", "alter role automation set lock_timeout = '2s'",
            "comment on role automation is 'ours'", "grant pg_monitor to automation", "grant automation to postgres with admin true (by rdsadmin)",
            "grant CREATE on database appdb to automation",
        ],
        Steps([], [
            Given.Fact(Kind.DatabaseRight, "CREATE", "", "postgres"), Given.Fact(Kind.MemberOf, "pg_monitor", "", "postgres"), Given.Fact(Kind.Member, "postgres", " with admin true", "rdsadmin"),
            Given.Fact(Kind.Comment, "", "ours"), Given.Fact(Kind.Setting, "lock_timeout", "2s"), .. Login,
        ]));

    public static TheoryData<string, string, string, string, string, string, string> Changes => new()
    {
        { nameof(Kind.Attribute), "createrole", "", "NOCREATEROLE", "CREATEROLE", "alter role automation CREATEROLE", "alter role automation NOCREATEROLE" },
        { nameof(Kind.Setting), "lock_timeout", "", "1s", "2s", "alter role automation set lock_timeout = '2s'", "alter role automation set lock_timeout = '1s'" },
        { nameof(Kind.Setting), "lock_timeout", "appdb", "", "2s", "alter role automation in database appdb set lock_timeout = '2s'", "alter role automation in database appdb reset lock_timeout" },
        { nameof(Kind.Comment), "", "", "", "ours", "comment on role automation is 'ours'", "comment on role automation is null" },
        { nameof(Kind.MemberOf), "rds_iam", "postgres", "", " with admin option", "grant rds_iam to automation with admin option", "revoke rds_iam from automation (granted by postgres)" },
        { nameof(Kind.Member), "postgres", "rdsadmin", "", " with admin true", "grant automation to postgres with admin true (by rdsadmin)", "revoke automation from postgres (granted by rdsadmin)" },
        { nameof(Kind.DatabaseRight), "CREATE", "postgres", "", " with grant option", "grant CREATE on database appdb to automation with grant option", "revoke CREATE on database appdb from automation (granted by postgres)" },
    };

    // Every kind, there and back; an empty value on one side is a fact that is absent there.
    [Theory]
    [MemberData(nameof(Changes))]
    public void Steps_OneFactChanged_IsOneStepEitherWay(string kind, string name, string by, string from, string to, string made, string undone)
    {
        RoleFact[] With(string value) => value.Length == 0
            ? Login
            : [.. Login.Where(fact => (fact.Kind.ToString(), fact.Name) != (kind, name)), Given.Fact(Enum.Parse<Kind>(kind), name, value, by)];

        Assert.Equal([made], Steps(With(from), With(to)));
        Assert.Equal([undone], Steps(With(to), With(from)));
    }

    // From 16 on two may grant the same: what one of them takes back is told.
    [Fact]
    public void Steps_SameRoleGrantedByAnother_IsAGrantAndARevocation() => Assert.Equal(
        ["grant pg_monitor to automation", "revoke pg_monitor from automation (granted by postgres)"],
        Steps([.. Login, Given.Fact(Kind.MemberOf, "pg_monitor", "", "postgres")], [.. Login, Given.Fact(Kind.MemberOf, "pg_monitor", "", "another")]));

    [Fact]
    public void Steps_HostileName_StaysOnOneLine()
    {
        var step = Assert.Single(Steps(Login, [.. Login, Given.Fact(Kind.MemberOf, "\"a\nb\u202e\"", "", "postgres")]));

        Assert.DoesNotContain('\n', step);
        Assert.Contains("\\u202e", step, StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Steps(IReadOnlyList<RoleFact> before, IReadOnlyList<RoleFact> after) => PlanRules.Steps("automation", "appdb", before, after);
}
