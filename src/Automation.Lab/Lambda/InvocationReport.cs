using System.Globalization;

namespace Automation.Lab.Lambda;

/// <summary>The figures of one invocation. As text, the line that Lambda writes at its end.</summary>
internal sealed record InvocationReport
{
    public required string RequestId { get; init; }

    public required TimeSpan Duration { get; init; }

    public required int MemorySizeMB { get; init; }

    /// <summary>The process's peak until now; 0 when it ended before anyone could look.</summary>
    public required int MaxMemoryUsedMB { get; init; }

    /// <summary>From the start of the process until it asked for an event; only for a cold start.</summary>
    public TimeSpan? InitDuration { get; init; }

    /// <summary><c>timeout</c> or <c>error</c> when the process did not survive.</summary>
    public string? Status { get; init; }

    /// <summary>Whole milliseconds, rounded up, and INIT with them: AWS bills it since August 2025.</summary>
    public TimeSpan BilledDuration =>
        TimeSpan.FromMilliseconds(Math.Ceiling((Duration + (InitDuration ?? TimeSpan.Zero)).TotalMilliseconds));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"REPORT RequestId: {RequestId}\tDuration: {Duration.TotalMilliseconds:0.00} ms\t"
        + $"Billed Duration: {BilledDuration.TotalMilliseconds:0} ms\tMemory Size: {MemorySizeMB} MB\t"
        + $"Max Memory Used: {MaxMemoryUsedMB} MB")
        + (InitDuration is { } init ? string.Create(CultureInfo.InvariantCulture, $"\tInit Duration: {init.TotalMilliseconds:0.00} ms") : "")
        + (Status is null ? "" : $"\tStatus: {Status}");
}
