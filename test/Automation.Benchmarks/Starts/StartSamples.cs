namespace Automation.Benchmarks.Starts;

/// <summary>One program's starts. Times in milliseconds from the start of its process.</summary>
internal sealed class StartSamples
{
    /// <summary>Until it asks the Runtime API for its first event: Lambda's INIT.</summary>
    public Samples FirstPoll { get; } = new();

    /// <summary>Until it answered its first event.</summary>
    public Samples FirstAnswer { get; } = new();

    /// <summary>VmHWM after the first answer.</summary>
    public Samples PeakMB { get; } = new();
}
