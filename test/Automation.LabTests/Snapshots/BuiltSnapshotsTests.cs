using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Automation.Lab;
using Automation.Lab.Account;
using Automation.Lab.Lambda;
using Automation.Lab.Setup;
using Automation.LabTests.Account;
using Automation.LabTests.Fixtures;

namespace Automation.LabTests.Snapshots;

/// <summary>Both functions as Lambda runs them: the built executable, with the environment that <c>template.yaml</c> gives it.</summary>
public sealed class BuiltSnapshotsTests(MotoFixture moto)
{
    // A Region of its own: a schedule's run looks at everything in it.
    private const string Region = "ap-southeast-7", Take = "TakeSnapshotsFunction", Reconcile = "ReconcileSnapshotsFunction";

    private static int stacks;

    private readonly ConcurrentQueue<string> lines = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Schedule_AwsThrottles_TriesAgainAndTakesTheSnapshot()
    {
        await using var aws = await DeployAsync();
        var database = await RegisterAsync(aws, "throttled");
        foreach (var action in new[] { "DescribeDBInstances", "DescribeDBSnapshots", "CreateDBSnapshot" })
            aws.Account.Endpoint.Faults.Inject(new Fault { Kind = FaultKind.Throttle, Service = "rds", Action = action, Times = 2 });

        var outcome = OutcomeOf(await InvokeAsync(aws, Take, Repository.Read("events/eventbridge-schedule-take-snapshots.json"), "act"), database.Id);

        Assert.Equal(("acted", "snapshot-started"), (outcome.GetProperty("decision").GetString(), outcome.GetProperty("reason").GetString()));
        Assert.Equal(3, aws.Account.Endpoint.Calls.Entries.Count(call => call.Action == "CreateDBSnapshot"));
        Assert.Single(aws.Account.Snapshots.All, snapshot => snapshot.DatabaseId == database.Id);
    }

    [Fact]
    public async Task ByHand_Observe_TellsThePlanAsTheLastLine()
    {
        await using var aws = await DeployAsync();
        var database = await RegisterAsync(aws, "planned");
        Assert.True((await InvokeAsync(aws, Take, $$$"""{"detail":{"database":"{{{database.Id}}}"}}""", "act")).Succeeded);
        await aws.Account.Snapshots.Changes.FirstAsync(change => change.DatabaseId == database.Id && !change.IsUnderway, Cancellation);

        var answer = await InvokeAsync(aws, Reconcile, $$$"""{"detail":{"database":"{{{database.Id}}}","mode":"observe"}}""", "act");

        var kept = Assert.Single(OutcomeOf(answer, database.Id).GetProperty("details").GetProperty("kept").EnumerateArray());
        Assert.StartsWith("newest", kept.GetProperty("why").GetString(), StringComparison.Ordinal);
        Assert.Contains(lines, line => line.StartsWith("""{"capability":"snapshots",""", StringComparison.Ordinal) && line.Contains(kept.GetProperty("id").GetString()!, StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("\"SnapshotAgeHours\"", StringComparison.Ordinal) && line.Contains($"\"Database\":\"{database.Id}\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"detail":{"databse":"orders"}}""", "detail")]
    [InlineData("""{"detail":{"database":7}}""", "detail.database")]
    [InlineData("""{"detail":{"database":"orders","mode":"force"}}""", "detail.mode")]
    [InlineData("""{"source":"aws.rds","detail":{"SourceArn":"orders"}}""", "detail.SourceArn")]
    [InlineData("{}", "detail.database")]
    public async Task Input_Malformed_IsRefusedAndTheFieldNamed(string payload, string field)
    {
        await using var aws = await DeployAsync();

        var answer = await InvokeAsync(aws, Reconcile, payload, "act");

        Assert.Equal("InvalidInputException", answer.ErrorType);
        Assert.StartsWith(field, answer.ErrorMessage, StringComparison.Ordinal);
        Assert.DoesNotContain(aws.Account.Endpoint.Calls.Entries, call => call.Service == "rds");
    }

    private Task<AccountOnMoto> DeployAsync() => AccountOnMoto.DeployAsync(moto, $"built-snapshots-{Interlocked.Increment(ref stacks)}", Region, Cancellation);

    private static Task<RegisteredDatabase> RegisterAsync(AccountOnMoto aws, string id) => aws.Account.RegisterAsync(
        new LabDatabase
        {
            Id = id,
            Endpoint = new DatabaseEndpoint("localhost", 5432),
            EngineVersion = "17.5",
            Tags = new Dictionary<string, string> { ["automation:snapshots"] = "every=1d" },
        }, Cancellation);

    private async Task<InvocationResult> InvokeAsync(AccountOnMoto aws, string logicalId, string payload, string mode)
    {
        var template = aws.Account.Template.Function(logicalId);
        await using var function = await FunctionHost.StartAsync(new FunctionDefinition
        {
            Name = template.Name,
            ExecutablePath = LocalLab.Executable,
            Handler = template.Handler,
            Region = Region,
            Environment = new Dictionary<string, string>(aws.Account.FunctionEnvironment(logicalId)) { ["MODE"] = mode },
            Credentials = aws.Account.Roles.CredentialsOf(logicalId),
            Timeout = template.Timeout,
            MemoryMB = template.MemorySize,
            LogFormat = "JSON",
            // A machine busy with other tests starts a process slowly; how fast it starts is for the benchmarks to say.
            InitTimeout = TimeSpan.FromSeconds(60),
        }, lines.Enqueue, Cancellation);
        return await function.InvokeAsync(Encoding.UTF8.GetBytes(payload), Cancellation);
    }

    private static JsonElement OutcomeOf(InvocationResult answer, string database)
    {
        Assert.True(answer.Succeeded, answer.ErrorMessage);
        return JsonElement.Parse(answer.Payload.Span).GetProperty("outcomes").EnumerateArray().First(outcome => outcome.GetProperty("database").GetString() == database);
    }
}
