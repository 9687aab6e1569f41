using Automation.Lab.Iam;
using Automation.Lab.Setup;
using Automation.Lab.Template;

namespace Automation.Tests.Lab.Iam;

public sealed class IdleRightsTests
{
    private static readonly IReadOnlyList<PolicyStatement> Allowed =
    [
        .. SamTemplate.Read(Repository.Read("template.yaml"), new TemplateInputs()).Functions
            .SelectMany(function => function.Role!.Statements).Where(statement => statement.IsAllow),
    ];

    public static TheoryData<string> Statements => [.. IdleRights.Statements];

    [Theory, MemberData(nameof(Statements))]
    public void Reason_IsForAStatementOfTheTemplate(string name) =>
        Assert.Contains(Allowed, statement => statement.Name == name || statement.Sid == name);

    [Fact]
    public void Statement_WithoutAReason_HasNone()
    {
        Assert.Null(IdleRights.WhyOf("GrownDatabasesPolicy/GrowWhatOptsIn"));
        Assert.NotNull(IdleRights.WhyOf("GrowStorageRole/WriteLogs"));
    }

    [Fact]
    public void Statements_HaveNamesOfTheirOwn() => Assert.All(
        Allowed.GroupBy(statement => statement.Policy), policy => Assert.Equal(policy.Count(), policy.Select(statement => statement.Sid).Distinct().Count()));
}
