namespace Automation.Lab.Report;

/// <summary>The steps in which an incident is told, in their order.</summary>
internal enum Phase
{
    /// <summary>What happened; also all that is told of a chapter without steps.</summary>
    Happened,

    /// <summary>What the automation was given, and measured.</summary>
    Saw,

    /// <summary>What it decided, and why.</summary>
    Decided,

    /// <summary>What the person on call received.</summary>
    Received,

    /// <summary>That it was right.</summary>
    Proof,
}

/// <summary>A part of the run: an incident, or what stands before and after.</summary>
internal sealed record RunChapter
{
    public required DateTimeOffset At { get; init; }

    /// <summary>When the next began, or the run ended.</summary>
    public required DateTimeOffset To { get; init; }

    public required string Title { get; init; }

    /// <summary>The part of the day, as <c>Morning</c>; empty where it is no incident.</summary>
    public string When { get; init; } = "";

    /// <summary>What is at stake.</summary>
    public string About { get; init; } = "";

    /// <summary>What was told of it, in order.</summary>
    public required IReadOnlyList<RunTold> Told { get; init; }
}

/// <summary>Something that was told.</summary>
/// <param name="At">When.</param>
/// <param name="Phase">In which step.</param>
internal abstract record RunTold(DateTimeOffset At, Phase Phase);

/// <summary>A sentence.</summary>
internal sealed record RunLine(DateTimeOffset At, Phase Phase, string Text) : RunTold(At, Phase);

/// <summary>Something was done.</summary>
/// <param name="At">When it began.</param>
/// <param name="Phase">In which step.</param>
/// <param name="Title">What.</param>
/// <param name="Took">How long.</param>
/// <param name="Result">What came of it.</param>
internal sealed record RunStep(DateTimeOffset At, Phase Phase, string Title, TimeSpan Took, string Result) : RunTold(At, Phase);

internal sealed record RunTable(
    DateTimeOffset At, Phase Phase, string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows) : RunTold(At, Phase);

/// <summary>What the automation was given.</summary>
/// <param name="At">When it came.</param>
/// <param name="Trigger">As <c>alarm</c>.</param>
/// <param name="Source">Which one.</param>
/// <param name="Facts">What was read there, or measured.</param>
internal sealed record RunSighting(DateTimeOffset At, string Trigger, string Source, IReadOnlyList<RunOption> Facts) : RunTold(At, Phase.Saw);

/// <summary>One thing that must be true, and what was seen.</summary>
internal sealed record RunCheck(DateTimeOffset At, Phase Phase, string Claim, bool Holds, string Seen) : RunTold(At, Phase);
