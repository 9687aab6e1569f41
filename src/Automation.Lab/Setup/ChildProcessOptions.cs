namespace Automation.Lab.Setup;

/// <summary>What to start: a program of the lab's own (a PostgreSQL server, moto, a function).</summary>
internal sealed record ChildProcessOptions
{
    public required string Name { get; init; }
    public required string FileName { get; init; }
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Variables set on top of the lab's own environment; <c>null</c> removes one.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>
    /// Start from an empty environment instead of the lab's own; only <see cref="OrphanedProcesses.OwnerVariable"/> stays.
    /// </summary>
    public bool CleanEnvironment { get; init; }

    public string? WorkingDirectory { get; init; }

    /// <summary>Run as this user; only root may ask for another (PostgreSQL refuses to run as root).</summary>
    public string? UserName { get; init; }

    /// <summary>How many of its last lines are kept.</summary>
    public int KeptLines { get; init; } = 400;

    /// <summary>Called for every line of standard output and error, on a thread of its own.</summary>
    public Action<string>? OnLine { get; init; }
}
