namespace Automation.Storage.Bytes;

/// <summary>Says why a volume fills. Pure and total; the order of what is listed does not matter.</summary>
internal static class CauseRules
{
    private const long GiB = 1L << 30;

    /// <summary>Relations named.</summary>
    private const int Named = 5, AnywayNamed = 3;

    // Within autovacuum's reach: what is younger has kept nothing that a vacuum would have removed by now.
    private static readonly TimeSpan LeastHold = TimeSpan.FromMinutes(10);

    /// <param name="now">As measured.</param>
    /// <param name="earlier">A day before, where the ledger remembers one.</param>
    /// <param name="allocatedGiB">Of the volume.</param>
    /// <returns>The main cause first, and others that count; never none.</returns>
    public static IReadOnlyList<Cause> Of(ByteTable now, ByteTable? earlier, int allocatedGiB)
    {
        var allocated = allocatedGiB * GiB;
        var compared = earlier is null ? null : GrowthRules.Between(earlier, now);
        var growth = compared is { } all && all.Grown > 0 && all.Grown >= NoiseOf(allocated) ? all : null;
        var fastest = growth?.Parts[0].Part;

        List<(Cause Cause, long Weight)> found =
        [
            .. SlotsOf(now, earlier, compared, fastest, MuchOf(allocated)).Select(cause => (cause, growth?.Of(BytePart.Wal) ?? 0)),
            .. TemporaryOf(now, compared, growth, fastest, allocated).Select(cause => (cause, Unexplained(growth))),
            .. LogsOf(now, compared, fastest, allocated).Select(cause => (cause, growth?.Of(BytePart.Logs) ?? 0)),
        ];
        var blind = BlindOf(now, growth);
        var doubts = DoubtsOf(now, compared, fastest, [.. found.Select(one => one.Cause)], allocated).ToList();
        if (fastest is BytePart.Relations or BytePart.LargeObjects || (fastest is null && found.Count == 0))
        {
            // That it is data is what is left when it is nothing else, unless a comparison shows it.
            string[] whyNotData = [.. blind is null ? [] : new[] { blind }, .. fastest is null ? doubts : []];
            Cause cause = DeadRowsOf(now, earlier, growth, MuchOf(allocated)) is { } dead ? dead
                : whyNotData.Length > 0 ? new Cause.Unknown(string.Join(" ", whyNotData)) : DataOf(now, compared, allocated);
            found.Add((cause, Math.Max(growth?.Of(BytePart.Relations) ?? 0, growth?.Of(BytePart.LargeObjects) ?? 0)));
        }
        // What grew most must have its cause among them: another part's does not explain it.
        var explained = fastest switch
        {
            BytePart.Wal => found.Exists(one => one.Cause is Cause.AbandonedSlot or Cause.LaggingSlot),
            BytePart.Other => IsWrittenAway(growth),
            _ => found.Count > 0,
        };
        if (!explained) found.Add((new Cause.Unknown(blind ?? WhyUnknown(now, growth, fastest)), growth?.Parts[0].Bytes ?? 0));
        if (doubts.Count > 0 && !found.Exists(one => one.Cause is Cause.Unknown)) found.Add((new Cause.Unknown(string.Join(" ", doubts)), growth?.Of(BytePart.Wal) ?? 0));
        return [.. found.OrderByDescending(one => one.Weight).Select(one => one.Cause)];
    }

    /// <summary>What is much of a volume: one GiB, or a twentieth where that is more.</summary>
    private static long MuchOf(long allocated) => Math.Max(GiB, allocated / 20);

    /// <summary>A difference of less than a hundredth of the volume says nothing, and then what is there counts.</summary>
    private static long NoiseOf(long allocated) => allocated / 100;

    /// <summary>
    /// More WAL, or more that no part accounts for, than a server has anyway: <c>max_wal_size</c> is 2 GiB on RDS, and the file
    /// system and RDS's own files take their share of a small volume too.
    /// </summary>
    private static long UnusualOf(long allocated) => Math.Max(4 * GiB, allocated / 10);

    private static IEnumerable<Cause> SlotsOf(ByteTable now, ByteTable? earlier, GrowthOfBytes? compared, BytePart? fastest, long much)
    {
        foreach (var slot in (now.Slots ?? []).Where(slot => slot.RetainedBytes >= much).OrderByDescending(slot => slot.RetainedBytes).ThenBy(slot => slot.Name, StringComparer.Ordinal))
        {
            var before = earlier?.Slots?.FirstOrDefault(one => one.Name == slot.Name);
            var growth = compared?.Slots.FirstOrDefault(one => one.Slot.Name == slot.Name);
            // Something else fills the volume, and a slot with a limit keeps what it keeps; one that grows takes any room there is.
            if (fastest is not null and not BytePart.Wal && growth?.Bytes <= 0) continue;
            var rate = growth?.BytesPerDay;
            if (slot.Active) yield return new Cause.LaggingSlot(slot, slot.RetainedBytes!.Value, rate);
            else
            {
                var since = slot.InactiveSince ?? (before is { Active: false } ? earlier!.At : null);
                yield return new Cause.AbandonedSlot(slot, slot.RetainedBytes!.Value, before?.Consumer, since, rate);
            }
        }
    }

    private static IEnumerable<Cause> TemporaryOf(ByteTable now, GrowthOfBytes? compared, GrowthOfBytes? growth, BytePart? fastest, long allocated)
    {
        var live = now.Temporary is { } bytes && bytes >= allocated / 10;
        if (live || fastest is BytePart.Temporary || IsWrittenAway(growth))
            yield return new Cause.RunawayTemporary(now.Temporary ?? 0, compared?.TemporaryWritten, [.. now.TemporaryUsers.OrderByDescending(user => user.Bytes).ThenBy(user => user.Pid)]);
    }

    /// <summary>
    /// Whether most of what grew is temporary files or what no part accounts for (a parallel hash is shown nowhere), and so many
    /// bytes of temporary files came and went that they explain it.
    /// </summary>
    private static bool IsWrittenAway(GrowthOfBytes? growth) =>
        growth is not null && Unexplained(growth) is var unexplained && unexplained >= growth.Grown / 2
        && Math.Max(0, growth.Of(BytePart.Temporary) ?? 0) + (growth.TemporaryWritten ?? 0) >= unexplained / 2;

    private static long Unexplained(GrowthOfBytes? growth)
    {
        if (growth is null) return 0;
        // Other holds what was not seen, too: then it may be anything.
        var other = growth.Unseen.Any(part => part != BytePart.LargeObjects) ? 0 : growth.Of(BytePart.Other) ?? 0;
        return Math.Max(0, growth.Of(BytePart.Temporary) ?? 0) + Math.Max(0, other);
    }

    private static IEnumerable<Cause> LogsOf(ByteTable now, GrowthOfBytes? compared, BytePart? fastest, long allocated)
    {
        if (fastest is BytePart.Logs || (fastest is null && now.Logs >= allocated / 10))
            yield return new Cause.Logs(now.Logs ?? 0, compared?.Of(BytePart.Logs) is { } more ? compared.PerDay(more) : null);
    }

    private static Cause.DeadRows? DeadRowsOf(ByteTable now, ByteTable? earlier, GrowthOfBytes? growth, long much)
    {
        var dead = now.Relations.Where(relation => relation.DeadBytes > 0).OrderByDescending(relation => relation.DeadBytes)
            .ThenBy(relation => relation.Database, StringComparer.Ordinal).ThenBy(relation => relation.Schema, StringComparer.Ordinal).ThenBy(relation => relation.Name, StringComparer.Ordinal).ToList();
        var bytes = dead.Sum(relation => relation.DeadBytes!.Value);
        if (bytes < much) return null;
        if (growth?.Of(BytePart.Relations) is { } grown && bytes - earlier!.Relations.Sum(relation => relation.DeadBytes ?? 0) < grown / 2) return null;
        return new Cause.DeadRows([.. dead.Take(Named)], bytes, HolderOf(now, dead[0]), now.XminHolders is not null);
    }

    private static XminHolder? HolderOf(ByteTable now, RelationBytes relation) => (now.XminHolders ?? [])
        .Where(holder => holder.Age > 0 && (holder.Database is null || holder.Database == relation.Database))
        .Where(holder => holder.Kind != HolderKind.SlotCatalogXmin || relation.Schema == "pg_catalog")
        .Where(holder => holder.Since is null || now.At - holder.Since >= LeastHold)
        .OrderByDescending(holder => holder.Age).ThenBy(holder => holder.Kind).ThenBy(holder => holder.Id, StringComparer.Ordinal).FirstOrDefault();

    private static Cause.Data DataOf(ByteTable now, GrowthOfBytes? compared, long allocated)
    {
        long? relations = compared?.Of(BytePart.Relations), large = compared?.Of(BytePart.LargeObjects);
        var growing = Telling((compared?.Relations ?? []).Where(one => one.Bytes > 0), one => one.Bytes, allocated);
        var largest = Telling(now.Relations.OrderByDescending(relation => relation.Bytes).ThenBy(relation => relation.Database, StringComparer.Ordinal)
            .ThenBy(relation => relation.Schema, StringComparer.Ordinal).ThenBy(relation => relation.Name, StringComparer.Ordinal), relation => relation.Bytes, allocated);
        var rest = growing.Count > 0 ? relations - growing.Sum(one => one.Bytes) : ByteRules.RelationsOf(now) - largest.Sum(relation => relation.Bytes);
        return new Cause.Data(growing, largest, rest, large, relations is null && large is null ? null : compared!.PerDay((relations ?? 0) + (large ?? 0)));
    }

    /// <summary>Those that a person would do something about: a hundredth of the volume, or, where none is that large, the first few.</summary>
    private static List<T> Telling<T>(IEnumerable<T> largestFirst, Func<T, long> bytes, long allocated)
    {
        var first = largestFirst.Take(Named).ToList();
        return first.Where(one => bytes(one) >= allocated / 100).ToList() is { Count: > 0 } telling ? telling : [.. first.Take(AnywayNamed)];
    }

    /// <summary>What could be the cause and was not seen; <c>null</c>: nothing could. Unseen large objects are among the relations.</summary>
    private static string? BlindOf(ByteTable now, GrowthOfBytes? growth)
    {
        var unseen = growth is null
            ? Enum.GetValues<BytePart>().Where(part => part is not BytePart.Other and not BytePart.LargeObjects && GrowthRules.SizeOf(now, part) is null).ToList()
            : growth.Unseen.Where(part => part is not BytePart.LargeObjects).ToList();
        // Where other is known, what was not seen is in it: if that had grown most, it would be the fastest.
        if (growth is not null && !unseen.Contains(BytePart.Other)) return null;
        unseen.Remove(BytePart.Other);
        return unseen.Count == 0 ? null : $"Part of the volume could not be seen ({string.Join(", ", unseen.Select(NameOf))}), and may be what fills it.";
    }

    /// <summary>What else may fill the volume, beside what was found.</summary>
    private static IEnumerable<string> DoubtsOf(ByteTable now, GrowthOfBytes? compared, BytePart? fastest, IReadOnlyList<Cause> found, long allocated)
    {
        var walIsClear = fastest is not BytePart.Wal && compared?.Of(BytePart.Wal) is { } more && more < NoiseOf(allocated);
        if (now.Slots is null && !walIsClear) yield return "Replication slots could not be seen, and one may keep the WAL that fills the volume.";
        // Where nothing is known to grow, what is large counts, unless there is a cause for it.
        if (fastest is not null || found.Any(cause => cause is Cause.AbandonedSlot or Cause.LaggingSlot or Cause.RunawayTemporary)) yield break;
        foreach (var part in new[] { BytePart.Wal, BytePart.Other })
        {
            if (GrowthRules.SizeOf(now, part) is { } bytes && bytes >= UnusualOf(allocated))
                yield return part == BytePart.Wal
                    ? $"WAL is {Shown.Size(bytes)}, and no replication slot is seen that keeps so much."
                    : $"{Shown.Size(bytes)} (other) are in no part that PostgreSQL shows.";
        }
    }

    private static string WhyUnknown(ByteTable now, GrowthOfBytes? growth, BytePart? fastest) => fastest switch
    {
        BytePart.Wal when now.Slots is null => $"WAL grew most, by {Shown.Size(growth!.Parts[0].Bytes)}, and what keeps it could not be seen: replication slots were not.",
        BytePart.Wal => $"WAL grew most, by {Shown.Size(growth!.Parts[0].Bytes)}, and no replication slot keeps that much: checkpoints or the archiving of WAL may be behind.",
        BytePart.Other => $"Most of what grew, {Shown.Size(growth!.Parts[0].Bytes)}, is in no part that PostgreSQL shows.",
        _ => "No part of the volume stands out.",
    };

    private static string NameOf(BytePart part) => part switch
    {
        BytePart.Relations => "tables and indexes",
        BytePart.Wal => "WAL",
        BytePart.Temporary => "temporary files",
        BytePart.Logs => "logs",
        BytePart.LargeObjects => "large objects",
        BytePart.Other => "other",
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, "Not a part of a volume's bytes."),
    };
}
