namespace Automation.Benchmarks.Failovers;

/// <summary>Counters at one moment: transactions and sessions as the writer counts them, processor time as the kernel does.</summary>
internal sealed record Usage
{
    /// <summary>A timestamp of the stopwatch.</summary>
    public required long At { get; init; }
    public required long Transactions { get; init; }
    public required long Sessions { get; init; }
    public required TimeSpan Primary { get; init; }
    public required TimeSpan Standby { get; init; }

    /// <summary>The lab's endpoints: TLS and the check of tokens, which on RDS the server and the proxy do.</summary>
    public required TimeSpan Gates { get; init; }

    /// <summary>This process.</summary>
    public required TimeSpan Clients { get; init; }
}
