using Automation.Storage.Bytes;
using static Automation.Tests.Storage.Bytes.Tables;

namespace Automation.Tests.Storage.Bytes;

public sealed class AdviceRulesTests
{
    [Fact]
    public void Of_AbandonedSlot_NamesItsOwnerAndTheStatement()
    {
        var advice = AdviceRules.Of(new Cause.AbandonedSlot(
            Slot("cdc", 12 * GiB) with { InactiveSince = Noon }, 12 * GiB, new SlotConsumer("cdc_user", "debezium", "10.0.0.7"), Noon, 3.0 * GiB));

        Assert.Equal("Nobody reads the replication slot cdc (logical, plugin pgoutput, database shop) since 2026-11-21 12:00 UTC: it keeps 12.0 GiB of WAL, 3.0 GiB more a day. "
            + "It was last used by cdc_user, application debezium, from 10.0.0.7. Start its consumer again, or, when nothing will come back for it, "
            + "drop the slot while connected to the database shop: its consumer then has to begin anew.", advice.Sentence);
        Assert.Equal(["SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = 'cdc' AND NOT active;"], advice.Statements);
        Assert.StartsWith("max_slot_wal_keep_size", Assert.Single(advice.Parameters), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("o'brien", "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = 'o''brien' AND NOT active;")]
    [InlineData(@"back\slash'", @"SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = E'back\\slash''' AND NOT active;")]
    [InlineData("x'); DROP TABLE users; --", "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = 'x''); DROP TABLE users; --' AND NOT active;")]
    public void Of_AbandonedSlot_AnyNameIsQuoted(string name, string statement) =>
        Assert.Equal([statement], AdviceRules.Of(Abandoned(Slot(name, GiB))).Statements);

    [Theory]
    [InlineData("two\nlines")]
    [InlineData("right\u202Eleft")]
    public void Of_AbandonedSlot_ANameThatCannotBeShownHasNoStatement(string name)
    {
        var advice = AdviceRules.Of(Abandoned(Slot(name, GiB)));

        Assert.Empty(advice.Statements);
        Assert.DoesNotContain(name, advice.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_AbandonedSlotOfAReadReplica_IsRdsOwnAndNotDropped()
    {
        var advice = AdviceRules.Of(Abandoned(Slot("rds_eu_central_1_db_abc", GiB) with { Type = "physical", Plugin = null, Database = null }));

        Assert.Empty(advice.Statements);
        Assert.Contains("read replica", advice.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_LaggingSlot_EndsTheSessionBeforeTheSlotIsDropped() => Assert.Equal(
        ["SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = 4711 AND backend_start = '2026-11-20T07:08:07.123456Z';", "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = 'cdc' AND NOT active;"],
        AdviceRules.Of(new Cause.LaggingSlot(Slot("cdc", GiB, active: true), GiB, null)).Statements);

    [Fact]
    public void Of_RunawayTemporary_NamesTheLargestUser()
    {
        var advice = AdviceRules.Of(new Cause.RunawayTemporary(20 * GiB, null, [Spill(42, 15 * GiB), Spill(43, 5 * GiB)]));

        Assert.Contains("process 42 (report, application nightly, from 10.0.0.8, database shop)", advice.Sentence, StringComparison.Ordinal);
        Assert.Equal(["SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = 42 AND backend_start = '2026-11-20T07:08:07.123456Z';"], advice.Statements);
        Assert.Contains(advice.Parameters, parameter => parameter.StartsWith("temp_file_limit", StringComparison.Ordinal));
    }

    /// <summary>A pid without a session may be somebody else's by the time a person reads this.</summary>
    [Fact]
    public void Of_RunawayTemporaryOfAnUnknownSession_EndsNobody() =>
        Assert.Empty(AdviceRules.Of(new Cause.RunawayTemporary(GiB, null, [new TemporaryUser { Pid = 42, Bytes = GiB, Files = 1 }])).Statements);

    /// <summary>A pid alone may be another session's by the time a person runs the statement.</summary>
    [Fact]
    public void Of_SessionWhoseBeginningIsNotKnown_EndsNobody()
    {
        var lagging = Slot("cdc", GiB, active: true);
        Cause[] causes =
        [
            new Cause.LaggingSlot(lagging with { Consumer = lagging.Consumer! with { BackendStart = null } }, GiB, null),
            new Cause.RunawayTemporary(GiB, null, [Spill(42, GiB) with { BackendStart = null }]),
            new Cause.DeadRows([Relation("orders", 9 * GiB, 8 * GiB)], 8 * GiB, Holder(HolderKind.Backend, "815", 5) with { BackendStart = null }, HoldersSeen: true),
        ];

        Assert.DoesNotContain(causes.SelectMany(cause => AdviceRules.Of(cause).Statements), statement => statement.Contains("pg_terminate_backend", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(nameof(HolderKind.Backend), "815", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = 815 AND backend_start = '2026-11-20T07:08:07.123456Z';")]
    [InlineData(nameof(HolderKind.PreparedTransaction), "it's", "ROLLBACK PREPARED 'it''s';")]
    [InlineData(nameof(HolderKind.StandbyFeedback), "replica", null)]
    [InlineData(nameof(HolderKind.SlotXmin), "replica", null)]
    [InlineData(nameof(HolderKind.SlotCatalogXmin), "cdc", null)]
    public void Of_DeadRows_ReleasesTheHolderThenVacuums(string kind, string id, string? first)
    {
        var advice = AdviceRules.Of(new Cause.DeadRows([Relation("Order\"s", 9 * GiB, 8 * GiB)], 8 * GiB, Holder(Enum.Parse<HolderKind>(kind), id, 5, "shop", Noon), HoldersSeen: true));

        Assert.Equal([.. first is null ? Array.Empty<string>() : [first], "VACUUM (ANALYZE) \"public\".\"Order\"\"s\";"], advice.Statements);
        Assert.Contains(id, advice.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "Nothing keeps them")]
    [InlineData(false, "What keeps them was not seen")]
    public void Of_DeadRowsWithoutAHolder_NothingKeepsThemOnlyWhenThatWasSeen(bool seen, string words)
    {
        var sentence = AdviceRules.Of(new Cause.DeadRows([Relation("orders", 9 * GiB, 8 * GiB)], 8 * GiB, Holder: null, seen)).Sentence;

        Assert.Contains(words, sentence, StringComparison.Ordinal);
        Assert.Equal(seen, sentence.Contains("Nothing", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_Logs_NamesTheParameter() =>
        Assert.Contains(AdviceRules.Of(new Cause.Logs(GiB, null)).Parameters, parameter => parameter.StartsWith("rds.log_retention_period", StringComparison.Ordinal));

    private static Cause.AbandonedSlot Abandoned(ReplicationSlot slot) => new(slot, GiB, null, null, null);
}
