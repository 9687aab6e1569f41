namespace Automation.Failover;

/// <summary>Puts what the lanes saw and what RDS told into one order. Pure.</summary>
internal static class TimelineRules
{
    /// <param name="lanes">What each saw, on the lanes' scale.</param>
    /// <param name="journal">Their attempts.</param>
    /// <param name="before">Who was the writer.</param>
    /// <param name="called">The call on the lanes' scale.</param>
    /// <param name="answered">When RDS had answered it, since the call; <c>null</c> when it did not.</param>
    /// <param name="annotations">What RDS told, since the call by its own clock.</param>
    public static IReadOnlyList<TimelineEvent> Of(
        IReadOnlyList<LaneResult> lanes, IReadOnlyList<LaneJournal> journal, ServerIdentity before, TimeSpan called, TimeSpan? answered, IEnumerable<TimelineEvent> annotations)
    {
        var events = new List<TimelineEvent> { new(TimeSpan.Zero, "call sent") };
        events.Add(answered is { } accepted ? new(accepted, "call accepted") : new(TimeSpan.Zero, "call not answered; RDS may have taken it"));
        foreach (var lane in lanes)
        {
            Add(lane, Operation.Write, lane.Writes);
            Add(lane, Operation.Read, lane.Reads);
        }
        foreach (var address in NewAddresses(journal, before)) events.Add(address with { At = address.At - called });
        events.AddRange(annotations);
        return [.. events.OrderBy(line => line.At)];

        void Add(LaneResult lane, Operation operation, Outage? outage)
        {
            if (outage?.FirstFailure is not { } failed) return;
            events.Add(new(failed - called, $"first {Words.Of(operation)} error ({lane.Lane.Name}): {outage.FirstError}"));
            if (outage.To is { } back) events.Add(new(back - called, $"{Words.Of(operation)} back ({lane.Lane.Name}) after {Words.Span(outage.Down)}"));
        }
    }

    /// <summary>Each way's first answer of a server that was not the writer before.</summary>
    private static IEnumerable<TimelineEvent> NewAddresses(IReadOnlyList<LaneJournal> journal, ServerIdentity before) =>
        from way in journal.GroupBy(lane => lane.Lane.Path)
        where way.Key != ProbePath.Reader
        let first = way.SelectMany(lane => lane.Attempts).Where(attempt => attempt.Server?.IsAnother(before) is true).MinBy(attempt => attempt.Read ?? attempt.Ended)
        where first is not null
        select new TimelineEvent(first.Read ?? first.Ended, $"{Words.Of(way.Key)} leads to {first.Server!.Instance ?? first.Server.Address}{(first.Server.InRecovery ? ", which takes no writes yet" : "")}");
}
