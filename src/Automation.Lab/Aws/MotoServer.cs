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

    // DynamoDB checks a condition and writes in one step; moto, which answers on many threads, does not, and gives the same
    // key to two claimants. Its Secrets Manager looks a secret up in a list that another thread may be adding to, and falls
    // over. One call at a time makes each of them the single step it is on AWS.
    // DynamoDB also knows a transaction again by its ClientRequestToken and answers it as it did, so that the SDK may retry
    // one whose answer was lost; moto would refuse the second.
    // For every request moto asks the disk for the names of all services that it knows, looks at every member of a class for
    // the names of its methods, tries the patterns of all their hosts, and writes a line to its log: that takes as long as the
    // answer. All these are asked for once, and the log is left to what went wrong.
    // Its HTTP server begins a thread and a connection for each request and writes an answer line by line, because it does not
    // know how to skip a body that nobody read. Here a body is read whole before anybody asks for it: then a connection may
    // stay, as AWS's do, and a request costs half.
    private const string Launch = """
        import functools
        import io
        import logging
        import threading
        import traceback
        from moto import backends, server
        from moto.core import responses
        from moto.dynamodb.responses import DynamoHandler
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication
        from moto.secretsmanager.responses import SecretsManagerResponse
        from werkzeug.exceptions import InternalServerError
        from werkzeug.serving import WSGIRequestHandler
        from werkzeug.test import run_wsgi_app

        def one_at_a_time(handler_class):
            turn = threading.RLock()
            call_action = handler_class.call_action

            def call_alone(handler):
                with turn:
                    return call_action(handler)

            handler_class.call_action = call_alone

        answers = {}
        write = DynamoHandler.transact_write_items

        def write_once(handler):
            token = handler.body.get("ClientRequestToken")
            if token is None:
                return write(handler)
            if token not in answers:
                answers[token] = write(handler)
            return answers[token]

        one_at_a_time(DynamoHandler)
        one_at_a_time(SecretsManagerResponse)
        DynamoHandler.transact_write_items = write_once

        list_services = backends.list_of_moto_modules
        backends.list_of_moto_modules = functools.cache(lambda: frozenset(list_services()))
        responses.method_names_from_class = functools.cache(responses.method_names_from_class)
        DomainDispatcherApplication.get_backend_for_host = functools.cache(DomainDispatcherApplication.get_backend_for_host)
        logging.getLogger("werkzeug").setLevel(logging.WARNING)

        class Staying(WSGIRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1

            def run_wsgi(self):
                if "Transfer-Encoding" in self.headers:
                    return super().run_wsgi()  # closes the connection
                self.wfile.flush()  # who expects to be told to go on is told
                environ = self.make_environ()
                environ["wsgi.input"] = io.BytesIO(self.rfile.read(int(self.headers.get("Content-Length", 0))))
                try:
                    body, status, headers = run_wsgi_app(self.server.app, environ, buffered=True)
                except Exception:
                    self.server.log("error", traceback.format_exc())
                    body, status, headers = run_wsgi_app(InternalServerError(), environ, buffered=True)
                content = b"".join(body)
                headers.setdefault("Content-Length", len(content))
                code, phrase = status.split(None, 1)
                self.send_response(int(code), phrase)
                for name, value in headers:
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

        server.run_simple = functools.partial(server.run_simple, request_handler=Staying)
        server.main()
        """;

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
                Arguments = ["-c", Launch, "-H", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture)],
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
