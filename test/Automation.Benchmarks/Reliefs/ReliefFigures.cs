namespace Automation.Benchmarks.Reliefs;

/// <summary>The reliefs of one run of the benchmark at one number of sessions.</summary>
internal sealed class ReliefFigures
{
    public required int Sessions { get; init; }

    /// <summary>By a process that has to start first.</summary>
    public ReliefSamples Cold { get; } = new();

    /// <summary>By the process that has relieved before.</summary>
    public ReliefSamples Warm { get; } = new();

    /// <summary>Calls to the AWS API in one relief.</summary>
    public Samples AwsCalls { get; } = new();

    /// <summary>The function's VmHWM after a relief.</summary>
    public Samples PeakMB { get; } = new();
}
