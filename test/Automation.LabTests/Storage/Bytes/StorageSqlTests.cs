using Automation.Lab.Postgres;
using Automation.LabTests.Postgres;
using Automation.Storage.Bytes;
using Npgsql;

namespace Automation.LabTests.Storage.Bytes;

/// <summary>Every statement of the byte table on every major version, as the role that sql/bootstrap.sql creates.</summary>
public sealed class StorageSqlTests(PostgresFixture postgres)
{
    private const string Role = "bytes_automation", Slot = "bytes_slot";

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(PostgresFixture.Majors), MemberType = typeof(PostgresFixture))]
    public async Task Read_EveryStatement_IsAnsweredAndWithoutMonitorItIsBlind(int major)
    {
        var server = await postgres.ServerAsync(major);
        await ByteReading.CreateRoleAsync(server, Role);
        await using var idle = await server.OpenAdminAsync(Test);
        await idle.RunAsync("BEGIN; SELECT pg_current_xact_id()");
        await server.ExecuteAsync($"SELECT pg_create_physical_replication_slot('{Slot}', true)", Test);
        try
        {
            var seen = await ByteReading.ReadAsync(server, Role);
            await TakeMonitorAwayAsync(server);
            var blind = await ByteReading.ReadAsync(server, Role);

            Assert.DoesNotContain(seen.Blind, sentence => sentence.StartsWith("Not seen", StringComparison.Ordinal) || sentence.Contains("hidden", StringComparison.Ordinal));
            Assert.True(seen.Wal >= 16 << 20);
            Assert.NotNull(seen.Temporary);
            Assert.NotNull(seen.Logs);
            Assert.True(seen.LargeObjects > 0);
            Assert.All(seen.Databases, database => Assert.True(database.Bytes > 0));
            Assert.Contains(seen.Databases, database => database is { Name: "postgres", TemporaryWritten: not null, LargeObjects: not null });
            Assert.Contains(seen.Relations, relation => relation is { Database: "postgres", Schema: "pg_catalog", Name: "pg_proc", Kind: "table", Bytes: > 0, IndexBytes: > 0 });
            var slot = seen.Slots!.Single(one => one.Name == Slot);
            Assert.Equal(("physical", false, "reserved", false), (slot.Type, slot.Active, slot.WalStatus, slot.Temporary));
            Assert.NotNull(slot.RetainedBytes);
            Assert.Equal(major >= 17, slot.InactiveSince is not null);

            // What a person is told to run is right on this version, and ends what it names.
            var holder = seen.XminHolders!.Single(one => one.Id == $"{idle.ProcessID}");
            await server.ExecuteAsync(AdviceRules.Of(new Cause.DeadRows(seen.Relations, 0, holder, HoldersSeen: true)).Statements[0], Test);
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => idle.RunAsync("SELECT 1"));
            await server.ExecuteAsync(Assert.Single(AdviceRules.Of(new Cause.AbandonedSlot(slot, 0, null, null, null)).Statements), Test);
            Assert.DoesNotContain((await ByteReading.ReadAsync(server, Role)).Slots!, one => one.Name == Slot);

            Assert.Null(blind.XminHolders);
            Assert.Equal(default((long?, long?, long?)), (blind.Wal, blind.Temporary, blind.Logs));
            Assert.Equal(3, blind.Blind.Count(sentence => sentence.StartsWith("Not seen", StringComparison.Ordinal) && sentence.EndsWith("GRANT pg_monitor (sql/bootstrap.sql).", StringComparison.Ordinal)));
            Assert.Contains(blind.Blind, sentence => sentence.Contains($"sessions are hidden from {Role}", StringComparison.Ordinal));
            Assert.NotNull(ByteRules.RelationsOf(blind));
        }
        finally
        {
            await server.ExecuteAsync($"SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '{Slot}'", CancellationToken.None);
        }
    }

    private static Task TakeMonitorAwayAsync(PostgresServer server) => server.ExecuteAsync($"""
        DO $$
        DECLARE grantor name;
        BEGIN
            FOR grantor IN SELECT pg_get_userbyid(m.grantor) FROM pg_auth_members m WHERE m.member = '{Role}'::regrole AND m.roleid = 'pg_monitor'::regrole LOOP
                EXECUTE 'REVOKE pg_monitor FROM {Role}' || CASE WHEN current_setting('server_version_num')::int >= 160000 THEN format(' GRANTED BY %I', grantor) ELSE '' END;
            END LOOP;
        END $$
        """, Test);
}
