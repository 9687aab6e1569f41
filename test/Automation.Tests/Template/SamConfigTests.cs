using System.Text.RegularExpressions;
using Automation.Lab.Setup;

namespace Automation.Tests.Template;

/// <summary>The environments of <c>samconfig.toml</c> deploy this template.</summary>
public sealed partial class SamConfigTests
{
    private static readonly Dictionary<string, Dictionary<string, string>> Tables = Read();

    public static TheoryData<string> Environments => ["default", "staging", "production"];

    [Theory]
    [MemberData(nameof(Environments))]
    public void Environment_Deploys_WithConfirmationAndOnlyUnnamedRoles(string environment)
    {
        var deploy = Tables[$"{environment}.deploy.parameters"];

        Assert.Equal("true", deploy["confirm_changeset"]);
        Assert.Equal("true", deploy["resolve_s3"]);
        Assert.Equal("\"CAPABILITY_IAM\"", deploy["capabilities"]);
        Assert.Equal("true", Tables[$"{environment}.build.parameters"]["cached"]);
        Assert.Equal("true", Tables[$"{environment}.validate.parameters"]["lint"]);
    }

    [Theory]
    [MemberData(nameof(Environments))]
    public void Environment_Overrides_OnlyParametersOfTheTemplateWithValuesItAllows(string environment)
    {
        foreach (var (name, value) in Overrides(environment))
        {
            var parameter = TemplateTree.Choices[name];
            Assert.NotNull(parameter);
            if (parameter["AllowedValues"] is { } allowed) Assert.Contains(value, TemplateTree.Texts(allowed));
        }
    }

    [Theory]
    [InlineData("default", "observe")]
    [InlineData("staging", "act")]
    [InlineData("production", "observe")]
    public void Environment_StartsInMode(string environment, string mode) => Assert.Equal(mode, Overrides(environment)["Mode"]);

    // Only the stack for production has no need of it, and no use either.
    [Theory]
    [InlineData("default", true)]
    [InlineData("staging", true)]
    [InlineData("production", false)]
    public void Environment_InstallsFailoverTests_ButInProduction(string environment, bool isInstalled) => Assert.Equal(
        isInstalled, TemplateTree.Created([.. Overrides(environment).Select(o => (o.Key, o.Value))]).ContainsKey("TestFailoverRole"));

    [Fact]
    public void Environments_HaveStacksOfTheirOwn() =>
        Assert.Equal(3, Environments.Select(e => Tables[$"{(string)e}.global.parameters"]["stack_name"]).Distinct().Count());

    private static Dictionary<string, string> Overrides(string environment) => Quoted()
        .Matches(Tables[$"{environment}.deploy.parameters"]["parameter_overrides"])
        .Select(m => m.Groups["text"].Value.Split('=', 2))
        .ToDictionary(pair => pair[0], pair => pair[1]);

    // As much of TOML as the file uses: tables, and one key a line.
    private static Dictionary<string, Dictionary<string, string>> Read()
    {
        var tables = new Dictionary<string, Dictionary<string, string>> { [""] = [] };
        var current = tables[""];
        foreach (var line in Repository.Read("samconfig.toml").Split('\n').Where(l => l.Length > 0 && l[0] != '#'))
        {
            if (line[0] == '[') tables.Add(line.Trim('[', ']'), current = []);
            else current.Add(line.Split(" = ", 2)[0], line.Split(" = ", 2)[1]);
        }
        return tables;
    }

    [GeneratedRegex("\"(?<text>[^\"]*)\"")]
    private static partial Regex Quoted();
}
