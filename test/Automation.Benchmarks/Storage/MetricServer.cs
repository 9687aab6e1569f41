using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Automation.Benchmarks.Storage;

/// <summary>A CloudWatch of <see cref="MetricAnswers"/>.</summary>
internal sealed class MetricServer : IAsyncDisposable
{
    private readonly WebApplication application;
    private int requests;

    private MetricServer(WebApplication application) => this.application = application;

    public Uri Uri => new(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>So far.</summary>
    public int Requests => requests;

    public static async Task<MetricServer> StartAsync(CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new MetricServer(builder.Build());
        server.application.Run(server.AnswerAsync);
        await server.application.StartAsync(cancellation);
        return server;
    }

    public ValueTask DisposeAsync() => application.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref requests);
        using var request = new MemoryStream();
        await context.Request.Body.CopyToAsync(request, context.RequestAborted);
        context.Response.ContentType = "application/x-amz-json-1.0";
        await context.Response.WriteAsync(MetricAnswers.Of(request.ToArray()), context.RequestAborted);
    }
}
