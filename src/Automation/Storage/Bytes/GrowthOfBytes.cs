namespace Automation.Storage.Bytes;

/// <summary>What grew, and by how much, between two measurements.</summary>
internal sealed record GrowthOfBytes
{
    /// <summary>More than zero.</summary>
    public required TimeSpan Over { get; init; }

    /// <summary>Every part that was seen both times, the fastest first; shrinking ones last, with less than zero.</summary>
    public required IReadOnlyList<PartGrowth> Parts { get; init; }

    /// <summary>Parts that were not seen one time or the other.</summary>
    public required IReadOnlyList<BytePart> Unseen { get; init; }

    /// <summary>The relations listed now, the fastest first.</summary>
    public required IReadOnlyList<RelationGrowth> Relations { get; init; }

    /// <summary>What the slots hold more, the fastest first; empty, too, where they were not seen one time or the other.</summary>
    public required IReadOnlyList<SlotGrowth> Slots { get; init; }

    /// <summary>Temporary files written and removed in between, whatever is there now; <c>null</c>: not seen.</summary>
    public required long? TemporaryWritten { get; init; }

    /// <summary>All that grew: the sum of the parts' growths above zero.</summary>
    public long Grown => Parts.Sum(part => Math.Max(0, part.Bytes));

    /// <summary><c>null</c>: not seen both times.</summary>
    public long? Of(BytePart part) => Parts.FirstOrDefault(one => one.Part == part)?.Bytes;

    /// <summary>Bytes a day at this rate.</summary>
    public double PerDay(long bytes) => bytes / Over.TotalDays;
}

/// <summary>The parts of a volume's bytes.</summary>
internal enum BytePart
{
    Relations,
    Wal,
    Temporary,
    Logs,
    LargeObjects,
    Other,
}

/// <param name="Part">Which.</param>
/// <param name="Bytes">More than then; below zero: less.</param>
/// <param name="BytesPerDay">The same as a rate.</param>
internal sealed record PartGrowth(BytePart Part, long Bytes, double BytesPerDay);

/// <param name="Relation">As it is now.</param>
/// <param name="Bytes">More than then; below zero: less.</param>
/// <param name="BytesPerDay">The same as a rate.</param>
/// <param name="AtLeast">It was not listed then, and so was no larger than the smallest that was.</param>
internal sealed record RelationGrowth(RelationBytes Relation, long Bytes, double BytesPerDay, bool AtLeast);

/// <param name="Slot">As it is now.</param>
/// <param name="Bytes">WAL held more than then, when it held none if it was not there; below zero: less.</param>
/// <param name="BytesPerDay">The same as a rate.</param>
internal sealed record SlotGrowth(ReplicationSlot Slot, long Bytes, double BytesPerDay);
