using System.Globalization;

namespace Automation.Failover;

/// <summary>Names of the JSON and of the reports.</summary>
internal static class Words
{
    public static string Of(ProbePath path) => path switch
    {
        ProbePath.Writer => "writer",
        ProbePath.Proxy => "proxy",
        ProbePath.Reader => "reader",
        _ => throw new ArgumentOutOfRangeException(nameof(path), path, null),
    };

    public static string Of(ProbeClients clients) => clients switch
    {
        ProbeClients.Fresh => "fresh",
        ProbeClients.Pooled => "pooled",
        _ => throw new ArgumentOutOfRangeException(nameof(clients), clients, null),
    };

    public static string Of(Operation operation) => operation switch
    {
        Operation.Read => "read",
        Operation.Write => "write",
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, null),
    };

    public static string Of(Verdict verdict) => verdict switch
    {
        Verdict.Passed => "passed",
        Verdict.Failed => "failed",
        Verdict.Void => "void",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, null),
    };

    public static long Milliseconds(TimeSpan span) => (long)Math.Round(span.TotalMilliseconds);

    /// <summary>12 ms, 2.4 s, 134 s.</summary>
    public static string Span(TimeSpan span) => span.TotalSeconds switch
    {
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{Milliseconds(span)} ms"),
        < 100 => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0} s"),
    };
}
