namespace Automation.Storage.Bytes;

/// <summary>Compares two measurements. Pure and total; the order of what is listed does not matter.</summary>
internal static class GrowthRules
{
    private static readonly BytePart[] AllParts = Enum.GetValues<BytePart>();

    /// <returns><c>null</c> when the earlier one is not earlier: nothing can be said of a rate then.</returns>
    public static GrowthOfBytes? Between(ByteTable earlier, ByteTable now)
    {
        var over = now.At - earlier.At;
        if (over <= TimeSpan.Zero) return null;
        var (before, after) = (Comparable(earlier, now), Comparable(now, earlier));
        var changes = AllParts.ToDictionary(part => part, part => SizeOf(after, part) - SizeOf(before, part));
        return new GrowthOfBytes
        {
            Over = over,
            Parts = [.. AllParts.Where(part => changes[part] is not null).Select(part => new PartGrowth(part, changes[part]!.Value, changes[part]!.Value / over.TotalDays))
                .OrderByDescending(part => part.Bytes).ThenBy(part => part.Part)],
            Unseen = [.. AllParts.Where(part => changes[part] is null)],
            Relations = [.. now.Relations.SelectMany(relation => RelationOf(relation, earlier, over))
                .OrderByDescending(one => one.Bytes).ThenByDescending(one => one.Relation.Bytes)
                .ThenBy(one => one.Relation.Database, StringComparer.Ordinal).ThenBy(one => one.Relation.Schema, StringComparer.Ordinal).ThenBy(one => one.Relation.Name, StringComparer.Ordinal)],
            Slots = [.. (now.Slots ?? []).SelectMany(slot => SlotOf(slot, earlier, over)).OrderByDescending(one => one.Bytes).ThenBy(one => one.Slot.Name, StringComparer.Ordinal)],
            TemporaryWritten = TemporaryWritten(earlier, now),
        };
    }

    /// <summary>The size of a part in one measurement; <c>null</c>: not seen.</summary>
    public static long? SizeOf(ByteTable table, BytePart part) => part switch
    {
        BytePart.Relations => ByteRules.RelationsOf(table),
        BytePart.Wal => table.Wal,
        BytePart.Temporary => table.Temporary,
        BytePart.Logs => table.Logs,
        BytePart.LargeObjects => table.LargeObjects,
        BytePart.Other => table.Used is { } used ? ByteRules.Compose(table, used).Other : null,
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, "Not a part of a volume's bytes."),
    };

    /// <summary>
    /// Without what the other did not see: its coming into sight would look like growth, and its bytes are in other as the other's are.
    /// </summary>
    private static ByteTable Comparable(ByteTable table, ByteTable other)
    {
        var known = other.Databases.ToDictionary(database => database.Name, StringComparer.Ordinal);
        return table with
        {
            Wal = other.Wal is null ? null : table.Wal,
            Temporary = other.Temporary is null ? null : table.Temporary,
            Logs = other.Logs is null ? null : table.Logs,
            Databases = [.. table.Databases.Select(database => known.GetValueOrDefault(database.Name) switch
            {
                // New, and so all growth; unless it may be one that was left out.
                null when other.DatabasesLeftOut == 0 => database,
                var there => database with
                {
                    Bytes = there?.Bytes is null ? null : database.Bytes,
                    LargeObjects = there?.LargeObjects is null ? null : database.LargeObjects,
                },
            })],
        };
    }

    private static IEnumerable<RelationGrowth> RelationOf(RelationBytes relation, ByteTable earlier, TimeSpan over)
    {
        var listed = earlier.Relations.Where(one => one.Database == relation.Database).ToList();
        // That database was not looked into then.
        if (listed.Count == 0) yield break;
        var before = listed.FirstOrDefault(one => one.Schema == relation.Schema && one.Name == relation.Name);
        var bytes = before is null ? Math.Max(0, relation.Bytes - listed.Min(one => one.Bytes)) : relation.Bytes - before.Bytes;
        yield return new RelationGrowth(relation, bytes, bytes / over.TotalDays, before is null);
    }

    private static IEnumerable<SlotGrowth> SlotOf(ReplicationSlot slot, ByteTable earlier, TimeSpan over)
    {
        // A lost slot holds nothing, and what it held before is no growth of any.
        if (slot.RetainedBytes is not { } retained || earlier.Slots is not { } before) yield break;
        var bytes = retained - (before.FirstOrDefault(one => one.Name == slot.Name)?.RetainedBytes ?? 0);
        yield return new SlotGrowth(slot, bytes, bytes / over.TotalDays);
    }

    private static long? TemporaryWritten(ByteTable earlier, ByteTable now)
    {
        var before = earlier.Databases.Where(database => database.TemporaryWritten is not null)
            .ToLookup(database => database.Name, database => database.TemporaryWritten!.Value, StringComparer.Ordinal);
        var written = now.Databases.Where(database => database.TemporaryWritten is not null && before.Contains(database.Name)).ToList();
        // A count that went back began anew, after a reset or a crash: all of it is since.
        return written.Count == 0 ? null
            : written.Sum(database => database.TemporaryWritten!.Value is var count && count - before[database.Name].First() is >= 0 and var more ? more : count);
    }
}
