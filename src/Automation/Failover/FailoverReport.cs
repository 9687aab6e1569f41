using Automation.Fleet;

namespace Automation.Failover;

/// <summary>Everything a finished test has to say. Times count from the call, where nothing else is said.</summary>
internal sealed record FailoverReport
{
    public required RdsDatabase Database { get; init; }

    /// <summary>Of a cluster, the instance that was to become the writer.</summary>
    public required string? Target { get; init; }

    /// <summary>When the call was sent, UTC.</summary>
    public required DateTimeOffset CalledAt { get; init; }

    /// <summary>The call on the scale of the lanes' times.</summary>
    public required TimeSpan Called { get; init; }

    /// <summary>The end of the watching on the same scale.</summary>
    public required TimeSpan Ended { get; init; }

    public required ProbeTimes Times { get; init; }
    public required TimeSpan Budget { get; init; }
    public required Verdict Verdict { get; init; }

    /// <summary>Another writer took over. Without that there is no downtime of a failover, whatever else was found.</summary>
    public required bool Proven { get; init; }

    /// <summary>One of <see cref="Reasons"/>.</summary>
    public required string Reason { get; init; }

    /// <summary>The verdict in one sentence.</summary>
    public required string Sentence { get; init; }

    public required IReadOnlyList<LaneResult> Lanes { get; init; }

    /// <summary>Ways that were not measured, and why.</summary>
    public required IReadOnlyList<SilentLane> Silent { get; init; }

    /// <summary><c>null</c> when the rows could not be read back.</summary>
    public required WriteCounts? Writes { get; init; }

    /// <summary>In the order of time.</summary>
    public required IReadOnlyList<TimelineEvent> Timeline { get; init; }

    /// <summary>The guards as they were right before the call.</summary>
    public required IReadOnlyList<Check> Checks { get; init; }

    /// <summary><c>null</c> of a void test.</summary>
    public required Trend? Trend { get; init; }

    /// <summary>What to look at; may be empty.</summary>
    public required IReadOnlyList<string> Advice { get; init; }

    /// <summary>The attempts behind it, for the chart.</summary>
    public required IReadOnlyList<LaneJournal> Journal { get; init; }

    /// <summary>The worst write downtime of all lanes; without a proven switch there is none.</summary>
    public TimeSpan? WriteDowntime => !Proven ? null : Lanes.Where(lane => lane.Writes is not null).Max(lane => (TimeSpan?)lane.Writes!.Down);

    /// <summary>The worst read downtime of all lanes.</summary>
    public TimeSpan? ReadDowntime => !Proven ? null : Lanes.Max(lane => (TimeSpan?)lane.Reads.Down);

    /// <summary>
    /// How far a figure may be off: interval and deadline, or more where this process itself was late: the widest time between the
    /// starts of two attempts of a lane.
    /// </summary>
    public required TimeSpan Resolution { get; init; }
}
