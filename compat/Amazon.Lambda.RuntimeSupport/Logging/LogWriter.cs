using System.Buffers;
using System.Text;
using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport.Logging;

/// <summary>Writes every record of the process to standard output, or standard error, in one piece.</summary>
internal sealed class LogWriter
{
    private readonly Stream standardOutput = Console.OpenStandardOutput();
    private readonly Stream standardError = Console.OpenStandardError();
    private readonly ArrayBufferWriter<byte> buffer = new();
    private readonly Lock gate = new();
    private readonly bool json;
    private readonly LogLevel minimum;
    private string? requestId;
    private string? traceId;

    private LogWriter(bool json, LogLevel minimum)
    {
        this.json = json;
        this.minimum = minimum;
    }

    /// <summary>The function's own variables win over those that Lambda sets from <c>LoggingConfig</c>.</summary>
    public static LogWriter FromEnvironment()
    {
        var format = Variable("AWS_LAMBDA_HANDLER_LOG_FORMAT") ?? Variable("AWS_LAMBDA_LOG_FORMAT");
        var level = Variable("AWS_LAMBDA_HANDLER_LOG_LEVEL") ?? Variable("AWS_LAMBDA_LOG_LEVEL");
        return new LogWriter(
            string.Equals(format, "JSON", StringComparison.OrdinalIgnoreCase), ParseLevel(level) ?? LogLevel.Information);
    }

    /// <summary>From here on <c>Console.WriteLine</c> writes records too; <c>Console.Write</c> writes as it is.</summary>
    public void TakeOverConsole()
    {
        Console.SetOut(new ConsoleRedirect(this, LogLevel.Information, error: false));
        Console.SetError(new ConsoleRedirect(this, LogLevel.Error, error: true));
        LambdaLogger.Write = message => Write(level: null, null, message);
    }

    public void BeginInvocation(string id, string? trace)
    {
        requestId = id;
        traceId = trace;
    }

    public void Write(LogLevel? level, Exception? exception, string? template, params object?[]? arguments) =>
        Write(standardOutput, level, exception, template, arguments);

    /// <summary>To standard error: what ends the process.</summary>
    public void WriteError(Exception exception) => Write(standardError, LogLevel.Error, exception, null, []);

    public void WriteConsole(bool error, LogLevel level, string? message) =>
        Write(error ? standardError : standardOutput, level, null, message, []);

    public void WriteRaw(bool error, ReadOnlySpan<char> text)
    {
        lock (gate)
        {
            Encoding.UTF8.GetBytes(text, buffer);
            Flush(error ? standardError : standardOutput);
        }
    }

    private void Write(Stream stream, LogLevel? level, Exception? exception, string? template, object?[]? arguments)
    {
        if (level < minimum) return;
        var (message, properties) = MessageTemplate.Apply(template, arguments);
        var record = new LogRecord
        {
            Time = DateTimeOffset.UtcNow,
            Level = level,
            Exception = exception,
            Message = message,
            Properties = properties,
            RequestId = requestId,
            TraceId = traceId,
        };
        lock (gate)
        {
            if (json) JsonLogFormatter.Write(buffer, record);
            else TextLogFormatter.Write(buffer, record);
            buffer.Write("\n"u8);
            Flush(stream);
        }
    }

    private void Flush(Stream stream)
    {
        stream.Write(buffer.WrittenSpan);
        buffer.ResetWrittenCount();
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    /// <summary>Lambda's names (<c>INFO</c>, <c>WARN</c>, <c>FATAL</c>) or .NET's.</summary>
    private static LogLevel? ParseLevel(string? name) => name?.ToUpperInvariant() switch
    {
        "INFO" => LogLevel.Information,
        "WARN" => LogLevel.Warning,
        "FATAL" => LogLevel.Critical,
        _ => Enum.TryParse<LogLevel>(name, ignoreCase: true, out var level) ? level : null,
    };
}
