using System.Globalization;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Automation.Lab.Lambda;

/// <summary>
/// The Lambda Runtime API for one process of a function, on a loopback port of its own:
/// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html. A process that was killed can say nothing more, because
/// its API goes with it.
/// </summary>
internal sealed class RuntimeApiHost : IAsyncDisposable
{
    /// <summary>6 MB and what Lambda adds for the envelope.</summary>
    public const int MaxResponseBytes = 6 * 1024 * 1024 + 100;

    private const string Root = "/2018-06-01/runtime/";

    private readonly WebApplication server;
    private readonly Channel<RuntimeEvent> events = Channel.CreateUnbounded<RuntimeEvent>();
    private readonly TaskCompletionSource<RuntimeAnswer> initError = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TaskCompletionSource polling = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile RuntimeEvent? current;

    private RuntimeApiHost()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.Listen(IPAddress.Loopback, 0);
            options.Limits.MaxRequestBodySize = null;
            // A function that is being stopped in a debugger sends slowly, and may.
            options.Limits.MinRequestBodyDataRate = null;
        });
        server = builder.Build();
        server.Run(HandleAsync);
    }

    /// <summary>For <c>AWS_LAMBDA_RUNTIME_API</c>.</summary>
    public string HostAndPort => new Uri(server.Urls.First()).Authority;

    /// <summary>Ends when the process asks for an event, and starts anew when it gets one.</summary>
    public Task Polling => polling.Task;

    /// <summary>Ends when the process says that it cannot start.</summary>
    public Task<RuntimeAnswer> InitError => initError.Task;

    public static async Task<RuntimeApiHost> StartAsync(CancellationToken cancellation)
    {
        var host = new RuntimeApiHost();
        await host.server.StartAsync(cancellation);
        return host;
    }

    public Task<RuntimeAnswer> SendAsync(RuntimeEvent message)
    {
        events.Writer.TryWrite(message);
        return message.Answer.Task;
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        var route = path.StartsWith(Root, StringComparison.Ordinal) ? path[Root.Length..].Split('/') : [];
        return (context.Request.Method, route) switch
        {
            ("GET", ["invocation", "next"]) => NextAsync(context),
            ("POST", ["invocation", var id, "response"]) => ResponseAsync(context, id),
            ("POST", ["invocation", var id, "error"]) => ErrorAsync(context, id),
            ("POST", ["init", "error"]) => InitErrorAsync(context),
            _ => RefuseAsync(context, StatusCodes.Status404NotFound, "NotFound", $"{context.Request.Method} {path}"),
        };
    }

    private async Task NextAsync(HttpContext context)
    {
        polling.TrySetResult();
        var message = await events.Reader.ReadAsync(context.RequestAborted);
        polling = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        current = message;

        var headers = context.Response.Headers;
        headers["Lambda-Runtime-Aws-Request-Id"] = message.RequestId;
        headers["Lambda-Runtime-Deadline-Ms"] = message.Deadline.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        headers["Lambda-Runtime-Invoked-Function-Arn"] = message.FunctionArn;
        headers["Lambda-Runtime-Trace-Id"] = message.TraceId;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = message.Payload.Length;
        await context.Response.Body.WriteAsync(message.Payload, context.RequestAborted);
    }

    private async Task ResponseAsync(HttpContext context, string requestId)
    {
        var body = await ReadAsync(context);
        if (Take(requestId) is not { } message)
        {
            await RefuseUnknownAsync(context, requestId);
        }
        else if (body.Length > MaxResponseBytes)
        {
            const string text = "Response payload size exceeded maximum allowed payload size (6291556 bytes).";
            await RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, "RequestEntityTooLarge", text);
            message.Answer.TrySetResult(RuntimeAnswer.Error("Function.ResponseSizeTooLarge", text));
        }
        else
        {
            await AcceptAsync(context);
            message.Answer.TrySetResult(new RuntimeAnswer { Payload = body });
        }
    }

    private async Task ErrorAsync(HttpContext context, string requestId)
    {
        var answer = await ReadErrorAsync(context);
        if (Take(requestId) is not { } message)
        {
            await RefuseUnknownAsync(context, requestId);
            return;
        }
        await AcceptAsync(context);
        message.Answer.TrySetResult(answer);
    }

    private async Task InitErrorAsync(HttpContext context)
    {
        var answer = await ReadErrorAsync(context);
        await AcceptAsync(context);
        initError.TrySetResult(answer with { FatalStatus = "error" });
    }

    /// <summary>The open event of this id, which is closed by that.</summary>
    private RuntimeEvent? Take(string requestId)
    {
        var message = current;
        return message?.RequestId == requestId && Interlocked.CompareExchange(ref current, null, message) == message ? message : null;
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return body.ToArray();
    }

    private static async Task<RuntimeAnswer> ReadErrorAsync(HttpContext context) => RuntimeAnswer.FromErrorReport(
        await ReadAsync(context), context.Request.Headers["Lambda-Runtime-Function-Error-Type"]);

    private static Task AcceptAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        return context.Response.WriteAsync("""{"status":"OK"}""", context.RequestAborted);
    }

    private static Task RefuseUnknownAsync(HttpContext context, string requestId) =>
        RefuseAsync(context, StatusCodes.Status400BadRequest, "InvalidRequestID", $"No open invocation {requestId}");

    private static async Task RefuseAsync(HttpContext context, int status, string type, string message)
    {
        context.Response.StatusCode = status;
        await context.Response.Body.WriteAsync(RuntimeAnswer.Error(type, message).Payload, context.RequestAborted);
    }
}
