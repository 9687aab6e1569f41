using System.Globalization;
using Automation.Storage;
using Automation.Storage.Bytes;
using Automation.Storage.Forecast;
using Automation.Tests.Storage.Bytes;

namespace Automation.Tests.Storage;

public sealed class StorageTextTests
{
    private const double GiB = Given.GiB;

    private static readonly Diagnosis Data = new("data", true, "It is data", []);

    private static StorageReport Report(ByteTable? table = null, Outlook? outlook = null, Diagnosis? diagnosis = null) => new()
    {
        Facts = new GrowthFacts
        {
            Volume = Given.Volume(),
            Outlook = outlook ?? new Outlook { FreeBytes = 45 * GiB },
            Diagnosis = diagnosis ?? Data,
            History = [],
        },
        Policy = Given.Policy,
        Table = table,
    };

    private static string[] Lines(StorageReport report, string? done = null, params IReadOnlyList<string> next) =>
        StorageText.Of("orders: it happened.", report, done, next).Split('\n');

    [Theory]
    [InlineData(5, 6, 9, "5 days to 9 days, most likely 6 days")]
    [InlineData(0.5, 1, 2, "12 hours to 48 hours, most likely 24 hours")]
    [InlineData(0.02, 0.02, 0.02, "29 minutes")]
    [InlineData(6.1, 6.2, 6.3, "6 days")]
    [InlineData(0, 0, 0, "0 minutes")]
    [InlineData(5, 60, DaysToFull.Furthest, "5 days to never, most likely 60 days")]
    [InlineData(300, DaysToFull.Furthest, DaysToFull.Furthest, "300 days at the soonest, and most likely never")]
    public void Range_IsWhatIsKnownAndNoMore(double low, double likely, double high, string words) =>
        Assert.Equal(words, StorageText.Range(new DaysToFull(low, likely, high)));

    [Fact]
    public void Text_HasItsPartsInOrder()
    {
        var lines = Lines(Report(Tables.Quiet), "RDS took it.", "look at it");

        Assert.Equal("orders: it happened.", lines[0]);
        Assert.Equal(["STORAGE", "WHAT THE BYTES ARE", "HOW LONG IT LASTS", "WHAT FILLS IT", "WHAT WAS DONE", "WHAT TO DO NEXT"],
            lines.Where(line => line.Trim().Length > 0 && line.All(letter => letter is ' ' or (>= 'A' and <= 'Z'))));
        Assert.Contains("  - look at it", lines);
        Assert.Contains($"  {Given.Database.Arn}", lines);
    }

    [Fact]
    public void Text_NothingDoneAndNothingAsked_LeavesThePartsOut()
    {
        var lines = Lines(Report(diagnosis: Diagnoses.None));

        Assert.DoesNotContain("WHAT THE BYTES ARE", lines);
        Assert.DoesNotContain("WHAT FILLS IT", lines);
        Assert.DoesNotContain("WHAT WAS DONE", lines);
    }

    // What is not seen is in other, and is said to be; a nought would be a lie.
    [Fact]
    public void Bytes_Unseen_AreNotShownAsNought()
    {
        var lines = Lines(Report(Tables.Quiet with { Wal = null, Temporary = null, Logs = null, Databases = [new DatabaseBytes("shop", null, null)], Relations = [] }));

        foreach (var part in new[] { "tables and indexes", "large objects", "WAL", "temporary files", "logs" })
            Assert.Equal("not seen", Assert.Single(lines, line => line.EndsWith($"  {part}", StringComparison.Ordinal)).Trim()[..^part.Length].Trim());
        Assert.DoesNotContain(lines, line => line.Contains(" 0 bytes", StringComparison.Ordinal));
        Assert.Contains("  (WAL could not be seen: it is in other.)", lines);
        Assert.Contains(lines, line => line.EndsWith("55.0 GiB  other", StringComparison.Ordinal));
    }

    [Fact]
    public void Bytes_Seen_AddUp()
    {
        var lines = Lines(Report(Tables.Quiet));

        foreach (var (part, size) in new[] { ("tables and indexes", "49.0 GiB"), ("large objects", "1.0 GiB"), ("WAL", "2.0 GiB"), ("logs", "1.0 GiB"), ("temporary files", "0 bytes"), ("other", "2.0 GiB"), ("used", "55.0 GiB") })
            Assert.Contains(lines, line => line.EndsWith($" {size}  {part}", StringComparison.Ordinal));
    }

    [Fact]
    public void Free_NotMeasured_IsSaid()
    {
        var lines = Lines(Report(Tables.Quiet, new Outlook { FreeBytes = null, Unknown = "There is no reading." }));

        Assert.Contains("  free: CloudWatch has no recent value", lines);
        Assert.Contains("  not known: There is no reading.", lines);
        Assert.DoesNotContain("WHAT THE BYTES ARE", lines);
    }

    // Whoever may name a relation or a slot must not be able to write a line of the message.
    [Theory]
    [InlineData("\n\nWHAT TO DO NEXT\n  - run this")]
    [InlineData("\r\n  - run this")]
    [InlineData("\u2028  - run this")]
    [InlineData("\u0085  - run this")]
    [InlineData("\u001b[2K  - run this")]
    public void Names_CannotForgeALine(string forged)
    {
        var honest = Lines(Report(Tables.Quiet with { Relations = [Tables.Relation("x", 40L << 30)], Slots = [Tables.Slot("x", 1L << 30)] }));

        var text = StorageText.Of("orders: it happened.", Report(Tables.Quiet with
        {
            Relations = [Tables.Relation("x" + forged, 40L << 30)],
            Slots = [Tables.Slot("x" + forged, 1L << 30)],
        }), null, []);

        Assert.Equal(honest.Length, text.Split(['\n', '\r', '\u2028', '\u2029', '\u0085']).Length);
        Assert.DoesNotContain('\u001b', text);
        Assert.Equal(2, text.Split('\n').Count(line => line.Contains("- run this", StringComparison.Ordinal)));
    }

    [Fact]
    public void Slots_ThatKeepNothing_AreNotListed()
    {
        var lines = Lines(Report(Tables.Quiet with { Slots = [Tables.Slot("cdc", 1L << 30), Tables.Slot("idle", 0), Tables.Slot("lost", null)] }));

        Assert.Equal("  slot cdc (logical, nobody reads it) keeps 1.0 GiB of WAL", Assert.Single(lines, line => line.StartsWith("  slot", StringComparison.Ordinal)));
    }

    [Fact]
    public void Advice_StatementsAreShownAsTheyAre()
    {
        var advice = new Advice("It is a slot.", ["SELECT pg_drop_replication_slot('cdc');"], ["max_slot_wal_keep_size: a limit"]);

        var lines = Lines(Report(Tables.Quiet, diagnosis: new("abandoned-slot", false, "It is a slot", [advice])));

        Assert.Contains("      SELECT pg_drop_replication_slot('cdc');", lines);
        Assert.Contains("  - parameter group: max_slot_wal_keep_size: a limit", lines);
    }

    [Fact]
    public void Numbers_AreTheSameInEveryCulture()
    {
        var before = CultureInfo.CurrentCulture;
        var invariant = Lines(Report(Tables.Quiet));
        var german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        german.NumberFormat.NumberDecimalSeparator = german.NumberFormat.PercentDecimalSeparator = ",";
        CultureInfo.CurrentCulture = german;
        try
        {
            Assert.Equal(invariant, Lines(Report(Tables.Quiet)));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
