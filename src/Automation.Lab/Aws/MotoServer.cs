using System.Globalization;
using Automation.Lab.Setup;

namespace Automation.Lab.Aws;

/// <summary>
/// <see href="https://github.com/getmoto/moto">moto</see> as a server of its own: the wire protocol and the state of RDS,
/// Secrets Manager, SNS, CloudWatch, DynamoDB and STS, on a loopback port.
/// </summary>
internal sealed class MotoServer : IAsyncDisposable
{
    /// <summary>The account that moto plays for credentials it does not know.</summary>
    public const string AccountId = "123456789012";

    // What moto is told to do otherwise, and why: moto_server.py.
    private static readonly Lazy<string> Launch = new(ReadProgram);

    private const int Attempts = 5;
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private readonly ChildProcess process;
    private readonly HttpClient http;

    private MotoServer(ChildProcess process, HttpClient http)
    {
        this.process = process;
        this.http = http;
    }

    /// <summary>The endpoint for every service.</summary>
    public Uri Uri => http.BaseAddress!;

    /// <summary>Starts moto and returns when it answers.</summary>
    /// <exception cref="InvalidOperationException">It does not start; the message has its last lines.</exception>
    public static async Task<MotoServer> StartAsync(PythonEnvironment python, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort.Next();
            var process = ChildProcess.Start(new()
            {
                Name = "moto",
                FileName = python.Interpreter,
                Arguments = ["-c", Launch.Value, "-H", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture)],
                // moto counts automated snapshots too, against a limit of its own: the lab knows the account's quotas.
                Environment = new Dictionary<string, string?> { ["MOTO_RDS_SNAPSHOT_LIMIT"] = "1000000" },
            });
            var server = new MotoServer(process, new HttpClient { BaseAddress = new UriBuilder("http", "127.0.0.1", port).Uri });
            try
            {
                await server.WaitUntilItAnswersAsync(cancellation);
                return server;
            }
            catch (InvalidOperationException) when (attempt < Attempts && PortWasTaken(process))
            {
                await server.DisposeAsync();
            }
            catch
            {
                await server.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>Forgets everything that was created.</summary>
    public async Task ResetAsync(CancellationToken cancellation)
    {
        using var response = await http.PostAsync(new Uri("moto-api/reset", UriKind.Relative), null, cancellation);
        response.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await process.DisposeAsync();
    }

    private static string ReadProgram()
    {
        using var stream = typeof(MotoServer).Assembly.GetManifestResourceStream("moto_server.py")
            ?? throw new InvalidOperationException("moto_server.py is not part of the lab's assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static bool PortWasTaken(ChildProcess process) =>
        process.HasExited && process.Tail().Contains("in use", StringComparison.OrdinalIgnoreCase);

    private async Task WaitUntilItAnswersAsync(CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(StartLimit);
        try
        {
            while (!await AnswersAsync(deadline.Token))
            {
                if (process.HasExited)
                {
                    // Its last words may still be on their way through the pipe.
                    await process.DisposeAsync();
                    throw new InvalidOperationException($"moto ended while starting.\n{process.Tail()}");
                }
                await Task.Delay(PollInterval, deadline.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new InvalidOperationException($"moto did not answer within {StartLimit.TotalSeconds:0} s.\n{process.Tail()}");
        }
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        try
        {
            using var response = await http.GetAsync(new Uri("moto-api/config", UriKind.Relative), cancellation);
            // Another program's server on a port that was free a moment ago would answer too: ours must still run.
            return response.IsSuccessStatusCode && !process.HasExited;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
