namespace Automation.Lab.Storage;

/// <summary>How long an accepted change of the storage takes, step by step; all in real time. RDS takes minutes, then hours.</summary>
internal sealed record ModificationScript
{
    /// <summary>From the accepted call to the status <c>modifying</c>; the answer goes out meanwhile.</summary>
    public TimeSpan Lead { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>From then to the new size.</summary>
    public TimeSpan Modifying { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>From then to <c>available</c>: the status is <c>storage-optimization</c>, and no other change is possible.</summary>
    public TimeSpan Optimization { get; init; } = TimeSpan.FromSeconds(1);

    public static ModificationScript Default { get; } = new();
}
