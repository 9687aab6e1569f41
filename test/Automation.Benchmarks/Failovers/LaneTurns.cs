using Automation.Failover;

namespace Automation.Benchmarks.Failovers;

/// <summary>Attempts in a tight loop.</summary>
internal sealed class TurnSamples
{
    /// <summary>Of each attempt.</summary>
    public Samples Latency { get; } = new();

    /// <summary>Of each turn.</summary>
    public Samples PerSecond { get; } = new();

    /// <summary>This process's processor time for one attempt, milliseconds; of each turn.</summary>
    public Samples Processor { get; } = new();

    public void Add(int attempts, TimeSpan took, TimeSpan used)
    {
        PerSecond.Add(attempts / took.TotalSeconds);
        Processor.Add(used / attempts);
    }
}

/// <summary>One lane and the driver alone on the same way, in turns.</summary>
internal sealed record LaneTurns(Lane Lane)
{
    /// <summary>By the driver: <c>SELECT 1</c>, and an <c>INSERT</c> that returns nothing.</summary>
    public TurnSamples Bare { get; } = new();

    /// <summary>By the driver: the lane's statements, which return who the server is.</summary>
    public TurnSamples Plain { get; } = new();

    public TurnSamples Probe { get; } = new();
}
