namespace Automation.Lab.Report;

/// <summary>One run of the lab, as data: all that a report tells. Times are of the lab's clock.</summary>
internal sealed record RunRecord
{
    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>What the run was made of, in the order to show it: versions, tags, options.</summary>
    public IReadOnlyList<RunOption> Options { get; init; } = [];

    /// <summary>What chance was seeded with.</summary>
    public int? Seed { get; init; }

    /// <summary>Why the run ended before its time; <c>null</c> when it did not.</summary>
    public string? Broken { get; init; }

    public IReadOnlyList<RunSeries> Series { get; init; } = [];

    public IReadOnlyList<RunProbe> Probes { get; init; } = [];

    public IReadOnlyList<RunOutage> Outages { get; init; } = [];

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<RunMoment> Moments { get; init; } = [];

    public IReadOnlyList<RunDecision> Decisions { get; init; } = [];

    public IReadOnlyList<RunInvocation> Invocations { get; init; } = [];

    public IReadOnlyList<RunMessage> Messages { get; init; } = [];

    /// <summary>Oldest first; they do not overlap.</summary>
    public IReadOnlyList<RunChapter> Chapters { get; init; } = [];

    /// <summary>Calls that changed something in the account.</summary>
    public IReadOnlyList<RunCall> Changes { get; init; } = [];

    public IEnumerable<RunCheck> Checks => Chapters.SelectMany(chapter => chapter.Told).OfType<RunCheck>();

    /// <summary>Whether the run came to its end and every check holds. A run without a check has shown nothing.</summary>
    public bool Succeeded => Broken is null && Checks.Any() && Checks.All(check => check.Holds);
}

/// <summary>A name and what it was set to.</summary>
internal sealed record RunOption(string Name, string Value);
