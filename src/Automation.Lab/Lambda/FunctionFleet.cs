using Automation.Lab.Account;
using Automation.Lab.Template;

namespace Automation.Lab.Lambda;

/// <summary>The template's functions, each a process of the built executable with the environment the template gives it.</summary>
internal sealed class FunctionFleet : IFunctionInvoker, IAsyncDisposable
{
    private readonly Dictionary<string, FunctionHost> hosts = new(StringComparer.Ordinal);

    private FunctionFleet()
    {
    }

    /// <summary>What the functions wrote, line by line.</summary>
    public Journal<(string Function, string Line)> Logs { get; } = new();

    /// <summary>Every invocation with its figures.</summary>
    public Journal<(string Function, InvocationResult Result)> Invocations { get; } = new();

    /// <summary>Makes every function of the account's template ready; a process starts with the first event.</summary>
    /// <param name="account">Gives the environment.</param>
    /// <param name="executable">The built program.</param>
    /// <param name="inputs">Region and account.</param>
    /// <param name="credentials">Those of a function's role, by its logical id.</param>
    /// <param name="overrides">Variables that replace the template's.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="initTimeout">How long a process may take to start, where the machine is busier than Lambda's.</param>
    public static async Task<FunctionFleet> StartAsync(LabAccount account, string executable, TemplateInputs inputs,
        Func<string, FunctionCredentials> credentials, IReadOnlyDictionary<string, string> overrides, CancellationToken cancellation,
        TimeSpan? initTimeout = null)
    {
        var fleet = new FunctionFleet();
        foreach (var function in account.Template.Functions)
        {
            var environment = new Dictionary<string, string>(account.FunctionEnvironment(function.LogicalId));
            foreach (var (name, value) in overrides) environment[name] = value;
            fleet.hosts[function.LogicalId] = await FunctionHost.StartAsync(new FunctionDefinition
            {
                Name = function.Name,
                ExecutablePath = executable,
                Handler = function.Handler,
                Region = inputs.Region,
                AccountId = inputs.AccountId,
                Environment = environment,
                Credentials = credentials(function.LogicalId),
                Timeout = function.Timeout,
                MemoryMB = function.MemorySize,
                LogFormat = "JSON",
                LogGroup = function.LogGroup,
                InitTimeout = initTimeout ?? FunctionDefinition.LambdaInitTimeout,
            }, line => fleet.Logs.Add((function.LogicalId, line)), cancellation);
        }
        return fleet;
    }

    public Task<FunctionAnswer> InvokeAsync(string functionLogicalId, ReadOnlyMemory<byte> payload, CancellationToken cancellation) =>
        InvokeAsync(functionLogicalId, payload, Guid.NewGuid().ToString(), cancellation);

    public async Task<FunctionAnswer> InvokeAsync(
        string functionLogicalId, ReadOnlyMemory<byte> payload, string requestId, CancellationToken cancellation)
    {
        var result = await hosts[functionLogicalId].InvokeAsync(payload, requestId, cancellation);
        Invocations.Add((functionLogicalId, result));
        return new FunctionAnswer
        {
            Succeeded = result.Succeeded,
            ErrorType = result.ErrorType,
            ErrorMessage = result.ErrorMessage,
            Payload = result.Payload,
        };
    }

    /// <summary>Ends a function's process as SIGKILL does, in the middle of whatever it is doing.</summary>
    public void Kill(string functionLogicalId) => hosts[functionLogicalId].Kill();

    public async ValueTask DisposeAsync()
    {
        foreach (var host in hosts.Values) await host.DisposeAsync();
    }
}
