using System.Collections.Concurrent;
using System.Text;
using Amazon.DynamoDBv2.Model;
using Automation.Lab;
using Automation.Lab.Aws;
using Automation.Lab.Incidents;
using Automation.Lab.Lambda;

namespace Automation.LabTests.Connections;

/// <summary>The whole lab with the built executable, and one more process of it that a test invokes by hand.</summary>
public sealed class BuiltFunctionFixture : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> lines = new();
    private LocalLab? lab;
    private FunctionHost? function;

    internal LocalLab Lab => lab ?? throw new InvalidOperationException("The lab has not started.");

    /// <summary>What the hand-invoked processes wrote.</summary>
    internal IReadOnlyCollection<string> Lines => lines;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        lab = await LocalLab.StartAsync(new LocalLabOptions { ConnectionsTag = ConnectionStorm.Policy }, text => TestContext.Current.SendDiagnosticMessage(text), Cancellation);
        // The policy protects a role that the storm brings along; without it the tag would name nobody.
        await lab.Database.Server.ExecuteAsync($"CREATE ROLE {ConnectionStorm.ProtectedRole}", Cancellation);
        function = await StartAsync(new Dictionary<string, string>());
    }

    public async ValueTask DisposeAsync()
    {
        if (function is not null) await function.DisposeAsync();
        if (lab is not null) await lab.DisposeAsync();
    }

    internal Task<InvocationResult> InvokeAsync(string payload) => function!.InvokeAsync(Encoding.UTF8.GetBytes(payload), Cancellation);

    /// <summary>A process of its own, with some variables set otherwise.</summary>
    internal Task<FunctionHost> StartAsync(IReadOnlyDictionary<string, string> changed)
    {
        var template = Lab.Account.Template.Function(ConnectionStormIncident.Function);
        var variables = new Dictionary<string, string>(Lab.Account.FunctionEnvironment(ConnectionStormIncident.Function));
        foreach (var (name, value) in changed) variables[name] = value;
        return FunctionHost.StartAsync(new FunctionDefinition
        {
            Name = template.Name,
            ExecutablePath = LocalLab.Executable,
            Handler = template.Handler,
            Region = "us-east-1",
            Environment = variables,
            Credentials = Lab.Account.Roles.CredentialsOf(ConnectionStormIncident.Function),
            Timeout = template.Timeout,
            MemoryMB = template.MemorySize,
            LogFormat = "JSON",
            // A machine busy with other tests starts a process slowly; how fast it starts is for the benchmarks to say.
            InitTimeout = TimeSpan.FromSeconds(60),
        }, lines.Enqueue, Cancellation);
    }

    /// <summary>Everything the ledger holds.</summary>
    internal async Task<IReadOnlyList<Dictionary<string, AttributeValue>>> ItemsAsync()
    {
        using var clients = new LabClients(Lab.Account.Endpoint.Uri, LabClients.Anybody, "us-east-1");
        var table = Lab.Account.FunctionEnvironment(ConnectionStormIncident.Function)["LEDGER_TABLE_NAME"];
        return (await clients.DynamoDB.ScanAsync(new ScanRequest { TableName = table, ConsistentRead = true }, Cancellation)).Items;
    }
}
