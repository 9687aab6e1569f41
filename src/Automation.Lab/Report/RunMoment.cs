namespace Automation.Lab.Report;

/// <summary>What kind of thing happened; the order is that of the timeline's rows.</summary>
internal enum MomentKind
{
    /// <summary>An event came: of RDS, of an alarm, of a schedule.</summary>
    Event,

    /// <summary>A function was at work.</summary>
    Function,

    /// <summary>A function decided.</summary>
    Decision,

    /// <summary>Something was changed.</summary>
    Action,

    /// <summary>Somebody was told.</summary>
    Message,

    /// <summary>The lab checked a claim.</summary>
    Check,
}

/// <summary>One thing that happened.</summary>
internal sealed record RunMoment
{
    public required DateTimeOffset At { get; init; }

    /// <summary>How long it lasted; zero for what has no duration.</summary>
    public TimeSpan Took { get; init; }

    public required MomentKind Kind { get; init; }

    /// <summary>A few words, for a mark in a chart.</summary>
    public required string Label { get; init; }

    /// <summary>A sentence, for the log.</summary>
    public string Text { get; init; } = "";

    /// <summary>The database it is about, where that is known.</summary>
    public string? Database { get; init; }

    /// <summary>How it is to be looked at.</summary>
    public Weight Weight { get; init; }
}

/// <summary>How a moment is shown.</summary>
internal enum Weight
{
    /// <summary>As usual.</summary>
    Plain,

    /// <summary>For the record: nothing came of it.</summary>
    Faint,

    /// <summary>A guard said no, or it was only observed.</summary>
    Held,

    /// <summary>It failed.</summary>
    Bad,
}
