using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Amazon.Lambda.RuntimeSupport.Client;

/// <summary>
/// The Lambda Runtime API: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html.
/// </summary>
internal sealed class RuntimeApi(string? hostAndPort) : IDisposable
{
    private static readonly MediaTypeHeaderValue ErrorType = new("application/vnd.aws.lambda.error+json");
    private static readonly MediaTypeHeaderValue ResponseType = new("application/json");

    // The process is frozen between events, in the middle of a request: no timeout may apply. And nothing may cost start
    // time: no proxy detection, no cookies, no tracing headers.
    private readonly HttpClient http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
        PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public async Task<Invocation> NextAsync(CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address("invocation/next"));
        using var response = await http.SendAsync(request, cancellation);
        await EnsureAsync(response, HttpStatusCode.OK, "next");
        return new Invocation
        {
            RequestId = Header(response, "Lambda-Runtime-Aws-Request-Id")
                ?? throw new HttpRequestException("The Runtime API sent an event without Lambda-Runtime-Aws-Request-Id."),
            DeadlineMs = long.TryParse(Header(response, "Lambda-Runtime-Deadline-Ms"), NumberStyles.None,
                CultureInfo.InvariantCulture, out var deadline) ? deadline : 0,
            FunctionArn = Header(response, "Lambda-Runtime-Invoked-Function-Arn") ?? "",
            TraceId = Header(response, "Lambda-Runtime-Trace-Id"),
            Event = await response.Content.ReadAsByteArrayAsync(cancellation),
        };
    }

    /// <returns><c>false</c> when the Runtime API says that the response is too large (6 MB).</returns>
    public async Task<bool> TryRespondAsync(string requestId, Stream output, CancellationToken cancellation)
    {
        using var content = new StreamContent(output) { Headers = { ContentType = ResponseType } };
        using var request = new HttpRequestMessage(HttpMethod.Post, Address($"invocation/{requestId}/response")) { Content = content };
        using var response = await http.SendAsync(request, cancellation);
        if (response.StatusCode == HttpStatusCode.RequestEntityTooLarge) return false;
        await EnsureAsync(response, HttpStatusCode.Accepted, "response");
        return true;
    }

    public Task ReportErrorAsync(string requestId, Exception error, CancellationToken cancellation) =>
        ReportAsync($"invocation/{requestId}/error", error, cancellation);

    public Task ReportInitErrorAsync(Exception error) => ReportAsync("init/error", error, CancellationToken.None);

    public void Dispose() => http.Dispose();

    private async Task ReportAsync(string path, Exception error, CancellationToken cancellation)
    {
        using var content = new ByteArrayContent(ErrorReport.Write(error)) { Headers = { ContentType = ErrorType } };
        using var request = new HttpRequestMessage(HttpMethod.Post, Address(path)) { Content = content };
        request.Headers.TryAddWithoutValidation("Lambda-Runtime-Function-Error-Type", ErrorReport.TypeOf(error));
        using var response = await http.SendAsync(request, cancellation);
        await EnsureAsync(response, HttpStatusCode.Accepted, "error report");
    }

    private Uri Address(string path) => hostAndPort is { Length: > 0 }
        ? new Uri($"http://{hostAndPort}/2018-06-01/runtime/{path}")
        : throw new InvalidOperationException(
            "AWS_LAMBDA_RUNTIME_API is not set: this program runs behind the Lambda Runtime API (in Lambda, or in the lab).");

    private static async Task EnsureAsync(HttpResponseMessage response, HttpStatusCode wanted, string what)
    {
        if (response.StatusCode == wanted) return;
        var text = await response.Content.ReadAsStringAsync();
        throw new HttpRequestException(
            $"The Runtime API answered {(int)response.StatusCode} to the {what}: {text}", null, response.StatusCode);
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.First() : null;
}
