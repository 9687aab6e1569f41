using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport.Logging;

/// <summary>The logger of an <see cref="ILambdaContext"/>; the members that are not here come down to these.</summary>
internal sealed class LambdaLoggerAdapter(LogWriter log) : ILambdaLogger
{
    public void Log(string message) => log.WriteRaw(error: false, message);

    public void LogLine(string message) => log.Write(LogLevel.Information, null, message);

    public void Log(string level, string message) => log.Write(Parse(level), null, message);

    public void Log(string level, string message, params object[] args) => log.Write(Parse(level), null, message, args);

    public void Log(string level, Exception exception, string message, params object[] args) =>
        log.Write(Parse(level), exception, message, args);

    /// <summary>A name that <see cref="LogLevel"/> does not know is no level.</summary>
    private static LogLevel? Parse(string name) =>
        Enum.TryParse<LogLevel>(name, ignoreCase: true, out var level) ? level : null;
}
