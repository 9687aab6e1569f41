namespace Automation.Storage.Bytes;

/// <summary>Makes the parts of a <see cref="ByteTable"/> add up to what is used. Pure and total.</summary>
internal static class ByteRules
{
    /// <param name="table">As measured.</param>
    /// <param name="usedBytes">Of the volume: allocated minus free; less than zero counts as zero.</param>
    public static ByteParts Compose(ByteTable table, long usedBytes)
    {
        long? relations = RelationsOf(table), wal = NotNegative(table.Wal), temporary = NotNegative(table.Temporary);
        long? logs = NotNegative(table.Logs), largeObjects = relations is null ? null : NotNegative(table.LargeObjects);
        var seen = (relations ?? 0) + (largeObjects ?? 0) + (wal ?? 0) + (temporary ?? 0) + (logs ?? 0);
        var used = Math.Max(Math.Max(0, usedBytes), seen);
        return new ByteParts
        {
            Used = used,
            Relations = relations,
            Wal = wal,
            Temporary = temporary,
            Logs = logs,
            LargeObjects = largeObjects,
            Other = used - seen,
            Unseen = [.. UnseenOf(table, relations)],
        };
    }

    /// <summary>What PostgreSQL counts on the volume: never more than is used.</summary>
    /// <param name="table">As measured.</param>
    /// <param name="walIsElsewhere">On a dedicated log volume.</param>
    public static long SeenOn(ByteTable table, bool walIsElsewhere) =>
        Compose(walIsElsewhere ? table with { Wal = 0 } : table, 0).Used;

    /// <summary>Large objects are in their database's size too, and counted once: as large objects.</summary>
    public static long? RelationsOf(ByteTable table)
    {
        var known = table.Databases.Where(database => database.Bytes is not null).ToList();
        // Each by itself: it was measured a moment before its large objects, which may be more by then.
        return known.Count == 0 ? null : known.Sum(database => Math.Max(0, database.Bytes!.Value - Math.Max(0, database.LargeObjects ?? 0)));
    }

    private static IEnumerable<string> UnseenOf(ByteTable table, long? relations)
    {
        if (relations is null) yield return "The size of no database could be seen: it is in other.";
        else if (table.Databases.Where(database => database.Bytes is null).Select(database => Shown.Name(database.Name)).ToList() is { Count: > 0 } hidden)
            yield return $"The size of {string.Join(", ", hidden)} could not be seen: it is in other.";
        if (table.Wal is null) yield return "WAL could not be seen: it is in other.";
        if (table.Temporary is null) yield return "Temporary files could not be seen: they are in other.";
        if (table.Logs is null) yield return "Logs could not be seen: they are in other.";
        if (table.LargeObjects is null)
            yield return $"Large objects could not be seen: they are in {(relations is null ? "other" : "relations")}.";
    }

    private static long? NotNegative(long? bytes) => bytes is { } known ? Math.Max(0, known) : null;
}
