using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Automation.Lab.Lambda;

namespace Automation.LabTests.Lambda;

/// <summary>The test function's executable behind a host, with what it logged.</summary>
internal sealed class TestFunctions : IAsyncDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private readonly FunctionHost host;
    private readonly ConcurrentQueue<string> lines;

    private TestFunctions(FunctionHost host, ConcurrentQueue<string> lines)
    {
        this.host = host;
        this.lines = lines;
    }

    public static string ExecutablePath { get; } = InOutputOf("Automation.TestFunction");

    /// <summary>Complete once the host is disposed.</summary>
    public IReadOnlyCollection<string> Lines => lines;

    public static FunctionDefinition Definition(string? method, params (string Name, string Value)[] variables) => new()
    {
        Name = "test-function",
        ExecutablePath = ExecutablePath,
        Handler = "Automation.TestFunction",
        Region = "eu-central-1",
        Timeout = TimeSpan.FromSeconds(60),
        MemoryMB = 512,
        // A machine busy with other tests starts a process slowly; how fast it starts is for the benchmarks to say.
        InitTimeout = TimeSpan.FromSeconds(60),
        Environment = variables.Concat(method is null ? [] : [("ANNOTATIONS_HANDLER", method)])
            .ToDictionary(variable => variable.Item1, variable => variable.Item2),
    };

    public static Task<TestFunctions> StartAsync(string method, params (string Name, string Value)[] variables) =>
        StartAsync(Definition(method, variables));

    public static async Task<TestFunctions> StartAsync(FunctionDefinition definition)
    {
        var lines = new ConcurrentQueue<string>();
        return new TestFunctions(
            await FunctionHost.StartAsync(definition, lines.Enqueue, TestContext.Current.CancellationToken), lines);
    }

    public Task<InvocationResult> InvokeAsync(string json = "{}", CancellationToken? cancellation = null) =>
        host.InvokeAsync(Encoding.UTF8.GetBytes(json), cancellation ?? TestContext.Current.CancellationToken);

    /// <summary>Invokes <c>Describe</c>.</summary>
    public async Task<JsonElement> DescribeAsync()
    {
        var result = await InvokeAsync();
        Assert.True(result.Succeeded, result.ErrorMessage);
        return Json(result);
    }

    public static JsonElement Json(InvocationResult result) => JsonDocument.Parse(result.Payload).RootElement;

    /// <summary>Waits until a line holds the text.</summary>
    public async Task<string> LineAsync(string text)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        string? found;
        while ((found = lines.FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal))) is null)
        {
            Assert.False(deadline.IsCancellationRequested, $"No line holds '{text}':\n{string.Join('\n', lines)}");
            await Task.Delay(PollInterval, CancellationToken.None);
        }
        return found;
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();

    /// <summary>The executable of a project beside this one, built in the same configuration.</summary>
    private static string InOutputOf(string project)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.GetFullPath(Path.Combine(
            output.FullName, "..", "..", "..", "..", project, "bin", output.Parent!.Name, output.Name, project));
    }
}
