using Automation.Lab.Incidents;

namespace Automation.Benchmarks.Rotations;

/// <summary>The rotations of one function.</summary>
internal sealed class RotationFigures
{
    /// <summary>By a process that has to start first, its start included.</summary>
    public RotationSamples Cold { get; } = new();

    /// <summary>By a process that has rotated before.</summary>
    public RotationSamples Warm { get; } = new();

    /// <summary>Until the process asks for its first event, in milliseconds; in <see cref="Cold"/> too.</summary>
    public Samples FirstPoll { get; } = new();

    /// <summary>VmHWM after the rotations of one process.</summary>
    public Samples PeakMB { get; } = new();
}

/// <summary>One run of the benchmark.</summary>
internal sealed class RotationComparison
{
    // The aims of the project.
    private const int MostCalls = 10;
    private const double MostOfSample = 1;

    public RotationFigures Function { get; } = new();

    /// <summary>AWS's Python sample.</summary>
    public RotationFigures Sample { get; } = new();

    /// <summary><c>python3 -c "import boto3"</c>, to the end of the process, in milliseconds.</summary>
    public Samples Import { get; } = new();

    public IEnumerable<Check> Aims =>
    [
        new($"a rotation makes {MostCalls} AWS calls or fewer", Function.Warm.AwsCalls.Max <= MostCalls,
            Figures.Text($"{Function.Warm.AwsCalls.Max:0}; the Python sample {Sample.Warm.AwsCalls.Max:0}")),
        Aim("a cold rotation takes no longer than the Python sample's", Function.Cold.All, Sample.Cold.All),
        Aim("a warm rotation takes no longer than the Python sample's", Function.Warm.All, Sample.Warm.All),
    ];

    private static Check Aim(string claim, Samples part, Samples of) => new(claim,
        part.Median / of.Median <= MostOfSample, Figures.Text($"{Figures.Ratio(part, of)} ({part.Median:0} ms of {of.Median:0} ms)"));
}
