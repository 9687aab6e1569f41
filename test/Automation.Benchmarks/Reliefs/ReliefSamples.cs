namespace Automation.Benchmarks.Reliefs;

/// <summary>Reliefs of one kind, in milliseconds from the moment the event is sent.</summary>
internal sealed class ReliefSamples
{
    /// <summary>Until the client of the first ended session hears of it.</summary>
    public Samples FirstEnded { get; } = new();

    /// <summary>Until the client of the last one does: the database is relieved.</summary>
    public Samples LastEnded { get; } = new();

    /// <summary>Until the function's answer, which waits two seconds to see whether the ended sessions come back.</summary>
    public Samples Answer { get; } = new();
}
