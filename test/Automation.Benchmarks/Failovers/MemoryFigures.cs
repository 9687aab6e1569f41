using Automation.Failover;
using Check = Automation.Lab.Incidents.Check;

namespace Automation.Benchmarks.Failovers;

/// <summary>One look at the memory.</summary>
/// <param name="At">Since the first.</param>
/// <param name="Attempts">Held by all lanes.</param>
/// <param name="Heap">Managed, after a full collection; bytes.</param>
/// <param name="ResidentMB">Of the process, before it.</param>
/// <param name="AllocatedMB">In each second since the last look.</param>
/// <param name="Looked">What a look at all attempts takes by now.</param>
internal sealed record MemorySample(TimeSpan At, int Attempts, long Heap, double ResidentMB, double AllocatedMB, TimeSpan Looked);

/// <param name="Lanes">As many as a test can have: three ways, two kinds of clients.</param>
internal sealed record MemoryFigures(int Lanes)
{
    public const double MB = 1024 * 1024;

    /// <summary>Lambda's longest run.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    private const double MostMB = 32;

    public List<MemorySample> All { get; } = [];

    /// <summary>The line through all samples, by least squares.</summary>
    public double BytesOfOne
    {
        get
        {
            var (attempts, heap) = (All.Average(sample => (double)sample.Attempts), All.Average(sample => (double)sample.Heap));
            return All.Sum(sample => (sample.Attempts - attempts) * (sample.Heap - heap)) / All.Sum(sample => (sample.Attempts - attempts) * (sample.Attempts - attempts));
        }
    }

    /// <summary>A lane never runs ahead of its interval, so these are all that there can be.</summary>
    public double MostAttempts => Lanes * (Longest / new ProbeTimes().Interval);

    public double MostOfAllMB => MostAttempts * BytesOfOne / MB;

    public Check Aim => new(Figures.Text($"the attempts of {Lanes} lanes in {Longest.TotalMinutes:0} minutes take under {MostMB:0} MB"),
        MostOfAllMB < MostMB, Figures.Text($"{MostOfAllMB:0.0} MB at {BytesOfOne:0} bytes an attempt"));
}
