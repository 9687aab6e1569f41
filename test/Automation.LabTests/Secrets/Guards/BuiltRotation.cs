using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Automation.Lab;
using Automation.Lab.Lambda;

namespace Automation.LabTests.Secrets.Guards;

/// <summary>The built executable behind the Runtime API, with the account of one test as its AWS.</summary>
internal sealed class BuiltRotation : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> lines = new();
    private FunctionHost? host;

    /// <summary>What the process wrote to stdout and stderr; all of it once this is disposed.</summary>
    public string Output => string.Join('\n', lines);

    /// <summary>The answers, errors too, as the invoker got them.</summary>
    public ConcurrentQueue<string> Answers { get; } = new();

    public static async Task<BuiltRotation> StartAsync(RotationAccount account, string caBundle)
    {
        var built = new BuiltRotation();
        built.host = await FunctionHost.StartAsync(new FunctionDefinition
        {
            Name = "RotateSecret",
            ExecutablePath = LocalLab.Executable,
            Handler = "Automation",
            Region = RotationFixture.Region,
            Environment = new Dictionary<string, string>
            {
                ["ANNOTATIONS_HANDLER"] = "RotateSecret",
                ["MODE"] = "act",
                ["NOTIFICATION_TOPIC_ARN"] = account.Fixture.Topic,
                ["LEDGER_TABLE_NAME"] = account.Table,
                ["DATABASE_USER"] = "automation",
                ["CA_BUNDLE_PATH"] = caBundle,
                ["AWS_ENDPOINT_URL"] = account.Endpoint.Uri.AbsoluteUri,
            },
            Credentials = new FunctionCredentials(CanaryServer.AccessKey, CanaryServer.SecretKey, CanaryServer.SessionToken),
            Timeout = TimeSpan.FromSeconds(120),
            MemoryMB = 512,
            LogFormat = "JSON",
            // Everything it could say.
            LogLevel = "TRACE",
            InitTimeout = TimeSpan.FromSeconds(60),
        }, built.lines.Enqueue, TestContext.Current.CancellationToken);
        return built;
    }

    public async Task<InvocationResult> InvokeAsync(string payload)
    {
        var result = await host!.InvokeAsync(Encoding.UTF8.GetBytes(payload), TestContext.Current.CancellationToken);
        Answers.Enqueue($"{result.ErrorType} {result.ErrorMessage} {Encoding.UTF8.GetString(result.Payload.Span)}");
        return result;
    }

    public Task<InvocationResult> StepAsync(string step, string secret, string token, string? rotationToken = null)
    {
        var payload = new Dictionary<string, string> { ["Step"] = step, ["SecretId"] = secret, ["ClientRequestToken"] = token };
        if (rotationToken is not null) payload["RotationToken"] = rotationToken;
        return InvokeAsync(JsonSerializer.Serialize(payload));
    }

    public ValueTask DisposeAsync() => host?.DisposeAsync() ?? ValueTask.CompletedTask;
}
