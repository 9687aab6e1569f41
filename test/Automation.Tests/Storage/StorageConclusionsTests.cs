using Automation.Outcomes;
using Automation.Storage;
using Automation.Storage.Bytes;
using Automation.Storage.Forecast;
using Automation.Tests.Storage.Bytes;

namespace Automation.Tests.Storage;

public sealed class StorageConclusionsTests
{
    private const double GiB = Given.GiB;

    private static StorageReport Report(string slot, string id = "orders")
    {
        var table = Tables.Quiet with { Wal = 40L << 30, Slots = [Tables.Slot(slot, 38L << 30)] };
        return new()
        {
            Facts = new GrowthFacts
            {
                Volume = Given.Volume() with { Database = Given.Database with { Id = id } },
                Outlook = new Outlook { FreeBytes = 8 * GiB, SlowRate = GiB / 24, Days = new DaysToFull(7, 8, 9) },
                Diagnosis = Diagnoses.Of(CauseRules.Of(table, null, 100)),
                History = [],
            },
            Policy = Given.Policy,
            Table = table,
        };
    }

    private static Announcement Told(StorageReport report)
    {
        var decision = StorageRules.Decide(report.Facts, report.Policy, Given.Now);
        return StorageConclusions.Undisturbed(report, decision).Announcement!;
    }

    // On a telephone: which database, what, and how much; and the reason, by which the runbook is searched, where there is room.
    [Theory]
    [InlineData("orders", "cdc_events", "orders: storage not grown: cause-not-cured: slot cdc_events keeps 38.0 GiB WAL")]
    [InlineData("orders-production-eu", "cdc_events", "orders-production-eu: storage not grown: slot cdc_events keeps 38.0 GiB WAL")]
    [InlineData("orders", "a_slot_whose_name_somebody_made_very_long_indeed", "orders: storage not grown: slot a_slot_whose_name_som... keeps 38.0 GiB WAL")]
    [InlineData("orders-of-the-whole-company-in-production", "cdc_events", "orders-of-the-whole-company-in-production: storage not grown: cause-not-cured")]
    public void Headline_OfASlot_IsShort(string id, string slot, string headline) => Assert.Equal(headline, Told(Report(slot, id)).Headline);

    [Fact]
    public void Text_OfASlot_HasTheDetailsOnce()
    {
        var text = Told(Report("cdc_events")).Text;

        Assert.StartsWith("orders: storage was not grown: slot cdc_events keeps 38.0 GiB WAL: more room is not the cure, and there is time for a person (cause-not-cured).\n",
            text, StringComparison.Ordinal);
        Assert.Single(text.Split('\n'), line => line.Contains("plugin pgoutput", StringComparison.Ordinal));
    }

    // 92 used, a GiB a day.
    [Theory]
    [InlineData(7, 100, 110, null, "Why 110 GiB: 92.0 GiB are used, and room for 7 days at 1.0 GiB a day (7.0 GiB); RDS takes no smaller step than a tenth.")]
    [InlineData(30, 100, 122, null, "Why 122 GiB: 92.0 GiB are used, and room for 30 days at 1.0 GiB a day (30.0 GiB); rounded up to whole GiB.")]
    [InlineData(30, 100, 115, "max=115 of the tag", "Why 115 GiB: 92.0 GiB are used, and room for 30 days at 1.0 GiB a day (30.0 GiB); the limit: max=115 of the tag.")]
    public void Size_IsExplained(int days, int allocated, int target, string? limit, string sentence)
    {
        var report = Report("cdc") with { Policy = Given.Policy with { Horizon = TimeSpan.FromDays(days) } };
        var step = new Step.Legal(target, null, null, limit is null ? null : new SizeLimit(target, Reasons.AtCap, limit));

        Assert.Equal(sentence, StorageText.WhyThisSize(StorageRules.Need(report.Facts, report.Policy, isStopgap: false), step, allocated));
        Assert.Contains(sentence, StorageConclusions.Grown(report, new StorageDecision.Grow(step, IsStopgap: false), acted: true, null).Announcement!.Text, StringComparison.Ordinal);
        Assert.Contains(sentence, StorageConclusions.Grown(report, new StorageDecision.Grow(step, IsStopgap: false), acted: false, null).Announcement!.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2.0, false, "room for 24 hours at 2.0 GiB an hour (48.0 GiB)")]
    [InlineData(2.0, true, "room for 6 hours at 2.0 GiB an hour (12.0 GiB)")]
    [InlineData(null, true, "room for 6 hours at 42.7 MiB an hour (256.0 MiB)")]
    public void Size_OfAFastGrowthOrAStopgap_NamesItsTime(double? gibAnHour, bool isStopgap, string part)
    {
        var facts = Report("cdc").Facts;
        facts = facts with { Outlook = facts.Outlook with { FastRate = gibAnHour * GiB } };

        Assert.Contains(part, StorageText.WhyThisSize(StorageRules.Need(facts, Given.Policy, isStopgap), new Step.Legal(150, null, null, null), 100), StringComparison.Ordinal);
    }

    [Fact]
    public void Size_WithoutAKnownGrowth_SaysNothingOfOne()
    {
        var facts = Report("cdc").Facts;
        facts = facts with { Outlook = facts.Outlook with { SlowRate = null } };

        Assert.Equal("Why 110 GiB: 92.0 GiB are used; RDS takes no smaller step than a tenth.",
            StorageText.WhyThisSize(StorageRules.Need(facts, Given.Policy, isStopgap: true), new Step.Legal(110, null, null, null), 100));
    }
}
