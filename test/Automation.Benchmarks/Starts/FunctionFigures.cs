namespace Automation.Benchmarks.Starts;

/// <summary>One function. Times in milliseconds.</summary>
/// <param name="Function">Its logical id.</param>
/// <param name="Name">As deployed.</param>
internal sealed record FunctionFigures(string Function, string Name)
{
    /// <summary>From the start of the process until it asked for an event: Lambda's INIT.</summary>
    public Samples FirstPoll { get; } = new();

    /// <summary>Its first event, INIT not in it.</summary>
    public Samples Cold { get; } = new();

    /// <summary>The same event once more.</summary>
    public Samples Warm { get; } = new();

    public Samples PeakMB { get; } = new();

    /// <summary>The function that does nothing, in the same turns.</summary>
    public StartSamples Nothing { get; } = new();
}
