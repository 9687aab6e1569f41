using Automation.Lab.Incidents;

namespace Automation.Benchmarks.Starts;

/// <summary>The starts of one run of the benchmark.</summary>
internal sealed class StartFigures
{
    // The aims of the project, on the medians of one run.
    private const double MostOfNothing = 1.5, MostOfPython = 0.5;

    public StartSamples Function { get; } = new();

    public StartSamples Nothing { get; } = new();

    /// <summary>Importing boto3 and making one client, to the end of the process, in milliseconds.</summary>
    public Samples Python { get; } = new();

    public Samples PythonPeakMB { get; } = new();

    /// <summary>
    /// Of the start alone: until the first poll. The first answer has work of its own in it (reading the alarm, clients,
    /// log, metrics) that an echo has not.
    /// </summary>
    public IEnumerable<Check> Aims =>
    [
        Aim("start (first poll) within 1.5 times the do-nothing function", Function.FirstPoll, Nothing.FirstPoll, MostOfNothing),
        Aim("start (first poll) under half of the Python import", Function.FirstPoll, Python, MostOfPython),
    ];

    private static Check Aim(string claim, Samples part, Samples of, double most) => new(claim,
        part.Median / of.Median < most, Figures.Text($"{Figures.Ratio(part, of)} ({part.Median:0} ms of {of.Median:0} ms)"));
}
