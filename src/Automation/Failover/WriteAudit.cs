namespace Automation.Failover;

/// <summary>Holds the journal of the clients, which was never in the database, against the rows of the new writer. Pure.</summary>
internal static class WriteAudit
{
    private const int Named = 20;

    /// <param name="lanes">What clients were told, of every lane.</param>
    /// <param name="rows">What the new writer has.</param>
    /// <param name="salt">The test's own.</param>
    public static WriteCounts Of(IReadOnlyList<LaneJournal> lanes, IReadOnlyList<WrittenRow> rows, long salt)
    {
        var copies = rows.CountBy(row => (row.Lane, row.Sequence)).ToDictionary();
        var sound = rows.Where(row => row.Payload == LaneProbe.PayloadOf(salt, row.Lane, row.Sequence)).Select(row => (row.Lane, row.Sequence)).ToHashSet();
        int acknowledged = 0, unknownPresent = 0, unknownAbsent = 0, unexpected = 0;
        var lost = new List<string>();
        var known = new HashSet<(int, long)>();
        foreach (var (lane, attempts) in lanes.Where(lane => lane.Lane.Writes))
        {
            foreach (var attempt in attempts)
            {
                var key = (lane.Number, attempt.Sequence);
                known.Add(key);
                switch (attempt.Fate)
                {
                    case WriteFate.Acknowledged:
                        acknowledged++;
                        if (!sound.Contains(key)) lost.Add($"{lane.Name} #{attempt.Sequence}");
                        break;
                    case WriteFate.Unknown when sound.Contains(key):
                        unknownPresent++;
                        break;
                    case WriteFate.Unknown:
                        unknownAbsent++;
                        break;
                    default:
                        if (copies.ContainsKey(key)) unexpected++;
                        break;
                }
            }
        }
        return new WriteCounts
        {
            Acknowledged = acknowledged,
            Lost = lost.Count,
            UnknownPresent = unknownPresent,
            UnknownAbsent = unknownAbsent,
            Duplicated = copies.Count(copy => copy.Value > 1),
            Unexpected = unexpected + copies.Keys.Count(key => !known.Contains(key)),
            FirstLost = [.. lost.Take(Named)],
        };
    }
}
