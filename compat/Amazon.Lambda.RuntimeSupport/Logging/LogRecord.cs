using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport.Logging;

/// <summary>One call of a logger.</summary>
internal readonly record struct LogRecord
{
    public required DateTimeOffset Time { get; init; }

    /// <summary>None when the caller gave a level of its own, or none.</summary>
    public required LogLevel? Level { get; init; }

    public required Exception? Exception { get; init; }

    public required string? Message { get; init; }

    public required MessageProperty[] Properties { get; init; }

    public required string? RequestId { get; init; }

    public required string? TraceId { get; init; }
}
