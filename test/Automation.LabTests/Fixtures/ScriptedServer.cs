using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Automation.LabTests.Fixtures;

/// <summary>What the server says to one request; the last one is said to every further request.</summary>
internal sealed record ScriptedAnswer(HttpStatusCode Status, string Body, string ContentType = "text/xml")
{
    public Dictionary<string, string> Headers { get; init; } = [];
}

/// <summary>A request as it arrived: the body as sent, and unpacked where it was compressed.</summary>
internal sealed record ReceivedRequest(string Method, string Path, string Query, Dictionary<string, string> Headers, byte[] Body)
{
    public string Text
    {
        get
        {
            if (Headers.GetValueOrDefault("Content-Encoding") != "gzip") return System.Text.Encoding.UTF8.GetString(Body);
            using var reader = new StreamReader(new GZipStream(new MemoryStream(Body), CompressionMode.Decompress));
            return reader.ReadToEnd();
        }
    }
}

/// <summary>A real HTTP server on a loopback port that gives the answers a test wants, for what moto never says.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication application;
    private readonly ConcurrentQueue<ReceivedRequest> received = new();
    private readonly IReadOnlyList<ScriptedAnswer> answers;
    private int next;

    private ScriptedServer(WebApplication application, IReadOnlyList<ScriptedAnswer> answers)
    {
        this.application = application;
        this.answers = answers;
    }

    public Uri Uri => new(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public IReadOnlyList<ReceivedRequest> Received => [.. received];

    public static async Task<ScriptedServer> StartAsync(CancellationToken cancellation, params ScriptedAnswer[] answers)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new ScriptedServer(builder.Build(), answers);
        server.application.Run(server.AnswerAsync);
        await server.application.StartAsync(cancellation);
        return server;
    }

    public ValueTask DisposeAsync() => application.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var headers = context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        received.Enqueue(new ReceivedRequest(
            context.Request.Method, context.Request.Path, context.Request.QueryString.Value ?? "", headers, body.ToArray()));

        var answer = answers[Math.Min(Interlocked.Increment(ref next), answers.Count) - 1];
        context.Response.StatusCode = (int)answer.Status;
        context.Response.ContentType = answer.ContentType;
        foreach (var (name, value) in answer.Headers) context.Response.Headers[name] = value;
        await context.Response.WriteAsync(answer.Body, context.RequestAborted);
    }
}
