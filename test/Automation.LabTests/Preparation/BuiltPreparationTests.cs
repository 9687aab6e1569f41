using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Automation.Lab;
using Automation.Lab.Lambda;

namespace Automation.LabTests.Preparation;

/// <summary>PrepareDatabase as Lambda runs it: the built executable, with the environment that <c>template.yaml</c> gives it.</summary>
[Collection(nameof(PreparationFixture))]
public sealed class BuiltPreparationTests(PreparationFixture fixture)
{
    private readonly ConcurrentQueue<string> lines = new();

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Invoke_PlanActAndActAgain_AnswersAsDocumentedAndShowsNoPassword()
    {
        await fixture.ForgetRoleAsync();
        await using var account = await PreparedAccount.StartAsync(fixture);
        // The gate's key of whoever may log in, and IAM's of the role.
        var credentials = new FunctionCredentials("ASIAPREPAREALLOWED", "prepare/secret/allowed", "prepare-token-allowed");
        account.Aws.Roles.Assume(PreparedAccount.Function, credentials);
        var template = account.Aws.Template.Function(PreparedAccount.Function);
        await using var function = await FunctionHost.StartAsync(new FunctionDefinition
        {
            Name = template.Name,
            ExecutablePath = LocalLab.Executable,
            Handler = template.Handler,
            Region = PreparationFixture.Region,
            Environment = new Dictionary<string, string>(account.Aws.FunctionEnvironment(PreparedAccount.Function)) { ["MODE"] = "act", ["CA_BUNDLE_PATH"] = fixture.CaBundlePath },
            Credentials = credentials,
            Timeout = template.Timeout,
            MemoryMB = template.MemorySize,
            LogFormat = "JSON",
            // A machine busy with other tests starts a process slowly; how fast it starts is for the benchmarks to say.
            InitTimeout = TimeSpan.FromSeconds(60),
        }, lines.Enqueue, Test);
        async Task<InvocationResult> InvokeAsync(string detail) =>
            await function.InvokeAsync(Encoding.UTF8.GetBytes($$$"""{"detail":{"database":"{{{account.Id}}}"{{{detail}}} } }"""), Test);

        var planned = OutcomeOf(await InvokeAsync(""));
        var untouched = await fixture.RoleAsync();
        var done = OutcomeOf(await InvokeAsync(""","mode":"act","testsFailover":true"""));
        var again = OutcomeOf(await InvokeAsync(""","mode":"act","testsFailover":true"""));
        var refused = await InvokeAsync(""","password":"canary-Zx81-input" """);

        Assert.Equal(("observed", "prepared", ""), (Word(planned, "decision"), Word(planned, "reason"), untouched));
        Assert.Equal(("acted", "prepared"), (Word(done, "decision"), Word(done, "reason")));
        Assert.Contains("grant CREATE on database postgres to automation", done.GetProperty("details").GetProperty("plan").EnumerateArray().Select(step => step.GetString()));
        Assert.Equal(("nothing-to-do", "already-prepared"), (Word(again, "decision"), Word(again, "reason")));
        Assert.Equal("InvalidInputException", refused.ErrorType);
        Assert.StartsWith("detail.password: ", refused.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains(lines, line => line.StartsWith("""{"capability":"preparation",""", StringComparison.Ordinal));
        Assert.DoesNotContain(PreparationFixture.Canary, string.Join('\n', lines) + await account.EverythingToldAsync(), StringComparison.Ordinal);
    }

    private static JsonElement OutcomeOf(InvocationResult answer)
    {
        Assert.True(answer.Succeeded, answer.ErrorMessage);
        return Assert.Single(JsonElement.Parse(answer.Payload.Span).GetProperty("outcomes").EnumerateArray());
    }

    private static string? Word(JsonElement outcome, string name) => outcome.GetProperty(name).GetString();
}
