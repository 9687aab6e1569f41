using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Automation.Lab;
using Automation.Lab.Account;
using Automation.Lab.Lambda;
using Automation.Lab.Setup;
using Automation.Lab.Template;
using Automation.LabTests.Fixtures;

namespace Automation.LabTests.Iam;

/// <summary>The built executable with one statement taken from its role: IAM stops it, and it says so and does nothing.</summary>
public sealed partial class MissingStatementTests(MotoFixture moto)
{
    private const string Region = "eu-south-1", Function = "TakeSnapshotsFunction";

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("TakeOfInstances", "rds:CreateDBSnapshot")]
    [InlineData("TagWhatIsTaken", "rds:AddTagsToResource")]
    [InlineData("KeepTheLedger", "dynamodb:Query")]
    public async Task Snapshot_WithoutTheRight_IsRefusedWithItsReasonAndNotTaken(string sid, string action)
    {
        var stack = $"without-{sid.ToLowerInvariant()}";
        await using var account = await DeployAsync(stack, yaml => Without(yaml, sid));

        var answer = await InvokeAsync(account, stack);

        Assert.Contains(account.Roles.Decisions.Entries, decision => decision.Refusal?.Contains($"not authorized to perform: {action} ", StringComparison.Ordinal) == true);
        Assert.Empty(account.Snapshots.All);
        Assert.DoesNotContain(answer.Decisions, decision => decision == "acted");
        Assert.Contains("not authorized", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Snapshot_WithEveryStatement_IsTaken()
    {
        const string Stack = "with-everything";
        await using var account = await DeployAsync(Stack, yaml => yaml);

        var answer = await InvokeAsync(account, Stack);

        Assert.All(account.Roles.Decisions.Entries, decision => Assert.Null(decision.Refusal));
        Assert.True(answer.Decisions.Contains("acted"), answer.Text);
        Assert.Single(account.Snapshots.All);
    }

    // Of an action that nobody has, the statement allows nothing. It stands in a YAML list, or in a text of JSON.
    private static string Without(string yaml, string sid)
    {
        var statement = yaml.IndexOf(sid, yaml.IndexOf("  TakeSnapshotsRole:", StringComparison.Ordinal), StringComparison.Ordinal);
        var (from, to) = (yaml.IndexOf("Action", statement, StringComparison.Ordinal), yaml.IndexOf("Resource", statement, StringComparison.Ordinal));
        return yaml[..from] + Service().Replace(yaml[from..to], "none:") + yaml[to..];
    }

    [GeneratedRegex("(rds|dynamodb):")]
    private static partial Regex Service();

    private static async Task<(IReadOnlyList<string> Decisions, string Text)> InvokeAsync(LabAccount account, string stack)
    {
        var template = account.Template.Function(Function);
        await using var function = await FunctionHost.StartAsync(new FunctionDefinition
        {
            Name = template.Name,
            ExecutablePath = LocalLab.Executable,
            Handler = template.Handler,
            Region = Region,
            Environment = new Dictionary<string, string>(account.FunctionEnvironment(Function)) { ["MODE"] = "act" },
            Credentials = account.Roles.CredentialsOf(Function),
            Timeout = template.Timeout,
            MemoryMB = template.MemorySize,
            LogFormat = "JSON",
            // A machine busy with other tests starts a process slowly; how fast it starts is for the benchmarks to say.
            InitTimeout = TimeSpan.FromSeconds(60),
        }, _ => { }, Test);
        var result = await function.InvokeAsync(Encoding.UTF8.GetBytes($$$"""{"detail":{"database":"{{{stack}}}-db"}}"""), Test);
        if (!result.Succeeded) return ([], result.ErrorMessage ?? "");
        var outcomes = JsonElement.Parse(result.Payload.Span).GetProperty("outcomes");
        return ([.. outcomes.EnumerateArray().Select(outcome => outcome.GetProperty("decision").GetString()!)], outcomes.GetRawText());
    }

    private async Task<LabAccount> DeployAsync(string stack, Func<string, string> change)
    {
        var account = await LabAccount.StartAsync(new LabAccountOptions
        {
            Moto = moto.Server.Uri,
            Template = change(Repository.Read("template.yaml")),
            Inputs = new TemplateInputs { Region = Region, StackName = stack },
            Clock = new LabClock(TimeProvider.System, 1000),
        }, Test);
        await account.RegisterAsync(new LabDatabase
        {
            Id = $"{stack}-db",
            Endpoint = new DatabaseEndpoint("localhost", 5432),
            EngineVersion = "17.5",
            Tags = new Dictionary<string, string> { ["automation:snapshots"] = "every=1d" },
        }, Test);
        return account;
    }
}
