using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Automation.Lab.Account;

/// <summary>
/// The AWS API of the lab: forwards every request to the server behind as it came (moto checks no signature), lets the
/// lab's control plane take part, injects faults, and records what was called.
/// </summary>
internal sealed class LabEndpoint : IAsyncDisposable
{
    private readonly Uri behind;
    private readonly TimeProvider time;
    private readonly HttpMessageInvoker http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = false,
        // No traceparent of ours among the caller's headers.
        ActivityHeadersPropagator = null,
    });

    private readonly WebApplication server;
    private readonly CancellationTokenSource ending = new();
    private readonly Lock gate = new();
    private readonly List<(string? Service, string? Action, BeforeCall Hook)> before = [];
    private readonly List<(string Service, string? Action, AfterCall Hook)> after = [];
    private readonly Dictionary<(string Service, string Action), ServeCall> served = [];

    private LabEndpoint(Uri behind, TimeProvider time, Random random)
    {
        (this.behind, this.time) = (behind, time);
        Faults = new FaultInjector(random);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        server = builder.Build();
        server.Run(HandleAsync);
    }

    /// <summary>Give this to functions as <c>AWS_ENDPOINT_URL</c>.</summary>
    public Uri Uri => new(server.Urls.Single());

    public FaultInjector Faults { get; }

    /// <summary>Every call, when it was answered.</summary>
    public Journal<RecordedCall> Calls { get; } = new();

    /// <summary>What went wrong in the lab itself; empty in a healthy run.</summary>
    public Journal<string> Problems { get; } = new();

    public static async Task<LabEndpoint> StartAsync(Uri behind, TimeProvider time, Random random, CancellationToken cancellation)
    {
        var endpoint = new LabEndpoint(behind, time, random);
        await endpoint.server.StartAsync(cancellation);
        return endpoint;
    }

    /// <summary>Adds a hook; the first that gives an answer ends the call.</summary>
    /// <param name="service">The signing name, or <c>null</c> for every call.</param>
    /// <param name="action">The action, or <c>null</c> for all of the service.</param>
    /// <param name="hook">Gives an answer, or <c>null</c> to go on.</param>
    public void Before(string? service, string? action, BeforeCall hook)
    {
        lock (gate) before.Add((service, action, hook));
    }

    /// <summary>Has an action answered by the lab instead of the server behind, between the hooks before and after.</summary>
    /// <exception cref="ArgumentException">Somebody answers it already.</exception>
    public void Serve(string service, string action, ServeCall answer)
    {
        lock (gate) served.Add((service, action), answer);
    }

    /// <summary>Adds a hook; hooks run in the order they were added, each on the answer of the one before.</summary>
    /// <param name="service">The signing name.</param>
    /// <param name="action">The action, or <c>null</c> for all of the service.</param>
    /// <param name="hook">Gives the answer to go on with.</param>
    public void After(string service, string? action, AfterCall hook)
    {
        lock (gate) after.Add((service, action, hook));
    }

    public async ValueTask DisposeAsync()
    {
        // Callers held by FaultKind.Silence would keep a graceful stop waiting.
        await ending.CancelAsync();
        await server.StopAsync(ending.Token);
        await server.DisposeAsync();
        http.Dispose();
        ending.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        var call = AwsCallReader.Read(context.Request, buffer.ToArray(), time.GetUtcNow());
        var fault = Faults.Next(call);
        var answer = fault switch
        {
            FaultKind.Throttle => ErrorAnswer.Throttled(call),
            FaultKind.InternalError => ErrorAnswer.Internal(call, "injected: nothing happened"),
            FaultKind.Silence or FaultKind.Drop => null,
            // Not the caller's token: AWS ends what it has begun, also for a caller who was killed meanwhile.
            _ => await AnswerOrExplainAsync(context.Request, call, ending.Token),
        };
        var tookEffect = answer?.Succeeded is true && fault is null or FaultKind.ApplyThenInternalError or FaultKind.ApplyThenDrop;
        answer = fault switch
        {
            FaultKind.ApplyThenInternalError => ErrorAnswer.Internal(call, "injected: it happened all the same"),
            FaultKind.ApplyThenDrop => null,
            _ => answer,
        };
        Calls.Add(new RecordedCall(call, answer?.Status ?? 0, fault) { TookEffect = tookEffect, AnsweredAt = time.GetUtcNow() });
        if (fault == FaultKind.Silence) await UntilAbortedAsync(context.RequestAborted);
        else if (answer is null) context.Abort();
        else await WriteAsync(context.Response, answer, context.RequestAborted);
    }

    private async Task<AwsAnswer> AnswerAsync(HttpRequest request, AwsCall call, CancellationToken cancellation)
    {
        var (first, instead, then) = Hooks(call);
        AwsAnswer? answer = null;
        foreach (var hook in first)
        {
            answer = await hook(call, cancellation);
            if (answer is not null) return answer;
        }
        answer = instead is null ? await ForwardAsync(request, call.Body, cancellation) : await instead(call, cancellation);
        foreach (var hook in then) answer = await hook(call, answer, cancellation);
        return answer;
    }

    // A hook that fails, or moto being gone, is the lab's own defect: the caller gets a 500 that says so, and so does the record.
    private async Task<AwsAnswer> AnswerOrExplainAsync(HttpRequest request, AwsCall call, CancellationToken cancellation)
    {
        try
        {
            return await AnswerAsync(request, call, cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            Problems.Add($"{call.Service} {call.Action}: {e.GetType().Name}: {e.Message}");
            return ErrorAnswer.Internal(call, $"the lab's endpoint failed: {e.Message}");
        }
    }

    private (BeforeCall[] Before, ServeCall? Instead, AfterCall[] After) Hooks(AwsCall call)
    {
        bool Fits(string? service, string? action) => (service ?? call.Service) == call.Service && (action ?? call.Action) == call.Action;
        lock (gate)
        {
            return ([.. before.Where(h => Fits(h.Service, h.Action)).Select(h => h.Hook)],
                served.GetValueOrDefault((call.Service, call.Action)),
                [.. after.Where(h => Fits(h.Service, h.Action)).Select(h => h.Hook)]);
        }
    }

    private async Task<AwsAnswer> ForwardAsync(HttpRequest request, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        // The target as it was sent: decoding and encoding again may change what was signed.
        var target = new Uri(behind, request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), target)
        {
            Version = HttpVersion.Version11,
            Content = new ReadOnlyMemoryContent(body),
        };
        foreach (var (name, values) in request.Headers)
        {
            if (IsOfTheConnection(name)) continue;
            if (!message.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
                message.Content.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }
        using var response = await http.SendAsync(message, cancellation);
        return new AwsAnswer
        {
            Status = (int)response.StatusCode,
            ContentType = response.Content.Headers.ContentType?.ToString() ?? "",
            Headers = [.. response.Headers.Where(h => !IsOfTheConnection(h.Key))
                .SelectMany(h => h.Value.Select(value => KeyValuePair.Create(h.Key, value)))],
            Body = await response.Content.ReadAsByteArrayAsync(cancellation),
        };
    }

    // Host stays: it is signed.
    private static bool IsOfTheConnection(string header) =>
        header.ToUpperInvariant() is "CONNECTION" or "KEEP-ALIVE" or "TRANSFER-ENCODING" or "EXPECT" or "UPGRADE" or "DATE" or "SERVER";

    private static async Task WriteAsync(HttpResponse response, AwsAnswer answer, CancellationToken cancellation)
    {
        response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers) response.Headers.Append(name, value);
        if (answer.ContentType.Length > 0) response.ContentType = answer.ContentType;
        response.ContentLength = answer.Body.Length;
        await response.Body.WriteAsync(answer.Body, cancellation);
    }

    private static async Task UntilAbortedAsync(CancellationToken aborted)
    {
        var gone = new TaskCompletionSource();
        await using var registration = aborted.Register(gone.SetResult);
        await gone.Task;
    }
}
