using System.Globalization;
using Automation.Storage.Bytes;
using FsCheck;
using FsCheck.Fluent;

namespace Automation.Tests.Storage.Bytes;

/// <summary>What holds of any measurement, sensible or not.</summary>
public sealed class ByteProperties
{
    private const int MaxTest = 300;

    private static readonly Gen<long> AnySize = Gen.OneOf(Gen.Choose(0, 100).Select(gib => gib * Tables.GiB), Gen.Choose(0, 1 << 30).Select(bytes => (long)bytes), Gen.Constant(-1L));

    private static readonly Gen<long?> Maybe = Gen.OneOf(AnySize.Select(size => (long?)size), Gen.Constant((long?)null));

    private static readonly Gen<DatabaseBytes[]> Databases =
        from count in Gen.Choose(0, 4)
        from sizes in Maybe.ArrayOf(count)
        from written in Maybe.ArrayOf(count)
        from large in Maybe.ArrayOf(count)
        select Enumerable.Range(0, count).Select(n => new DatabaseBytes(Named("db", n), sizes[n], written[n], large[n])).ToArray();

    private static readonly Gen<RelationBytes[]> Relations =
        from count in Gen.Choose(0, 5)
        from sizes in AnySize.ArrayOf(count)
        from dead in Maybe.ArrayOf(count)
        select Enumerable.Range(0, count).Select(n => Tables.Relation(Named("r", n), sizes[n], dead[n], database: Named("db", n % 2))).ToArray();

    private static readonly Gen<ReplicationSlot[]?> Slots =
        from count in Gen.Choose(0, 4)
        from retained in Maybe.ArrayOf(count)
        from active in Gen.Elements(true, false).ArrayOf(count)
        select Enumerable.Range(0, count).Select(n => Tables.Slot(Named("s", n), retained[n], active[n])).ToArray();

    private static readonly Gen<XminHolder[]?> Holders =
        from count in Gen.Choose(0, 4)
        from kinds in Gen.Elements(Enum.GetValues<HolderKind>()).ArrayOf(count)
        from ages in Gen.Choose(0, 3).ArrayOf(count)
        select Enumerable.Range(0, count).Select(n => Tables.Holder(kinds[n], Named("h", n), ages[n])).ToArray();

    private static readonly Gen<ByteTable> AnyTable =
        from databases in Databases
        from relations in Relations
        from slots in Gen.OneOf(Slots, Gen.Constant((ReplicationSlot[]?)null))
        from holders in Gen.OneOf(Holders, Gen.Constant((XminHolder[]?)null))
        from sums in Maybe.ArrayOf(4)
        from days in Gen.Choose(-3, 3)
        select Tables.Quiet with
        {
            At = Tables.Noon.AddDays(days),
            Used = sums[0],
            Wal = sums[1],
            Temporary = sums[2],
            Logs = sums[3],
            Databases = databases,
            Relations = relations,
            Slots = slots,
            XminHolders = holders,
            TemporaryUsers = [Tables.Spill(1, 5), Tables.Spill(2, 5), Tables.Spill(3, 9)],
        };

    private static readonly Gen<(ByteTable Earlier, ByteTable Now, int GiB)> Pairs =
        from earlier in AnyTable
        from now in AnyTable
        from allocated in Gen.Choose(20, 400)
        select (earlier, now, allocated);

    [Fact]
    public void Compose_PartsAndOtherAreUsedAndNoneIsNegative() => Check(pair =>
    {
        var parts = ByteRules.Compose(pair.Now, pair.Earlier.Used ?? 0);
        long?[] all = [parts.Relations, parts.Wal, parts.Temporary, parts.Logs, parts.LargeObjects, parts.Other];
        return all.Sum() == parts.Used && all.All(part => part is null or >= 0) && parts.Used >= (pair.Earlier.Used ?? 0)
            && parts.Unseen.Count == 0 == (all.All(part => part is not null) && pair.Now.Databases.All(database => database.Bytes is not null));
    });

    [Fact]
    public void Causes_AreNeverNoneAndEachHasWords() => Check(pair =>
        CauseRules.Of(pair.Now, pair.Earlier, pair.GiB) is { Count: > 0 } causes && causes.All(cause => AdviceRules.Of(cause).Sentence.Length > 0));

    [Fact]
    public void OrderOfWhatIsListed_DoesNotMatter() => Check(pair =>
    {
        var (earlier, now) = (Reversed(pair.Earlier), Reversed(pair.Now));
        return Same(ByteRules.Compose(pair.Now, 9) with { Unseen = [] }, ByteRules.Compose(now, 9) with { Unseen = [] })
            && GrowthRules.Between(pair.Earlier, pair.Now) is var one && GrowthRules.Between(earlier, now) is var other
            && (one is null ? other is null : one.Parts.SequenceEqual(other!.Parts) && one.Relations.SequenceEqual(other.Relations) && one.Slots.SequenceEqual(other.Slots))
            && CauseRules.Of(pair.Now, pair.Earlier, pair.GiB).Select(Words).SequenceEqual(CauseRules.Of(now, earlier, pair.GiB).Select(Words));
    });

    private static bool Same(ByteParts one, ByteParts other) => one with { Unseen = other.Unseen } == other;

    private static string Words(Cause cause) => cause.Code + AdviceRules.Of(cause).Sentence;

    private static ByteTable Reversed(ByteTable table) => table with
    {
        Databases = [.. table.Databases.Reverse()],
        Relations = [.. table.Relations.Reverse()],
        Slots = table.Slots?.Reverse().ToList(),
        XminHolders = table.XminHolders?.Reverse().ToList(),
        TemporaryUsers = [.. table.TemporaryUsers.Reverse()],
    };

    private static string Named(string stem, int number) => string.Create(CultureInfo.InvariantCulture, $"{stem}{number}");

    private static void Check(Func<(ByteTable Earlier, ByteTable Now, int GiB), bool> property) =>
        Prop.ForAll(Pairs.ToArbitrary(), property).Check(Config.QuickThrowOnFailure.WithMaxTest(MaxTest));
}
