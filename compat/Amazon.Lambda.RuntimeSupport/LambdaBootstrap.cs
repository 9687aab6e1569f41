using Amazon.Lambda.Core;
using Amazon.Lambda.RuntimeSupport.Client;
using Amazon.Lambda.RuntimeSupport.Context;
using Amazon.Lambda.RuntimeSupport.Logging;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>Initializes the function, then asks the Runtime API for events and answers them, one at a time.</summary>
public sealed class LambdaBootstrap : IDisposable
{
    private readonly InvocationHandler handler;
    private readonly LambdaBootstrapInitializer? initializer;
    private readonly RuntimeApi api = new(Environment.GetEnvironmentVariable("AWS_LAMBDA_RUNTIME_API"));
    private readonly LogWriter log = LogWriter.FromEnvironment();

    internal LambdaBootstrap(InvocationHandler handler, LambdaBootstrapInitializer? initializer)
    {
        this.handler = handler;
        this.initializer = initializer;
    }

    /// <exception cref="Exception">The initializer's: it was logged and reported to the Runtime API before.</exception>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        MemoryLimit.Apply();
        log.TakeOverConsole();
        if (initializer is not null && !await InitializeAsync(initializer)) return;

        // For tests and profiling: answer one event, then end.
        var once = string.Equals(
            Environment.GetEnvironmentVariable("AWS_LAMBDA_DOTNET_DEBUG_RUN_ONCE"), "true", StringComparison.OrdinalIgnoreCase);
        try
        {
            do
            {
                await InvokeOnceAsync(cancellationToken);
            }
            while (!once && !cancellationToken.IsCancellationRequested);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The caller ends the loop.
        }
    }

    public void Dispose() => api.Dispose();

    private async Task<bool> InitializeAsync(LambdaBootstrapInitializer initialize)
    {
        try
        {
            return await initialize();
        }
        catch (Exception e)
        {
            log.WriteError(e);
            await ReportInitErrorAsync(e);
            throw;
        }
    }

    private async Task ReportInitErrorAsync(Exception error)
    {
        try
        {
            await api.ReportInitErrorAsync(error);
        }
        catch (Exception e) when (e is HttpRequestException or InvalidOperationException)
        {
            // Without a Runtime API the log and the exit code must do; the first error is the one to see.
            log.WriteError(e);
        }
    }

    private async Task InvokeOnceAsync(CancellationToken cancellation)
    {
        var invocation = await api.NextAsync(cancellation);
        log.BeginInvocation(invocation.RequestId, invocation.TraceId);
        // The AWS SDK reads the variable, to go on with the trace.
        Environment.SetEnvironmentVariable("_X_AMZN_TRACE_ID", invocation.TraceId);
        LambdaTraceProvider.SetCurrentTraceId(invocation.TraceId);

        Stream output;
        try
        {
            output = await handler(new MemoryStream(invocation.Event, writable: false), new LambdaContext(invocation, log));
        }
        catch (Exception e)
        {
            log.Write(LogLevel.Error, e, null);
            await api.ReportErrorAsync(invocation.RequestId, e, cancellation);
            return;
        }

        await using (output)
        {
            if (await api.TryRespondAsync(invocation.RequestId, output, cancellation)) return;
        }
        // The Runtime API has told the invoker already (Function.ResponseSizeTooLarge); the next event may fare better.
        log.Write(LogLevel.Error, null, "The Runtime API refused the response as too large.");
    }
}
