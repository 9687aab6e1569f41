using Automation.LabTests.Postgres;
using Automation.Storage.Bytes;
using Npgsql;

namespace Automation.LabTests.Storage.Bytes;

/// <summary>What fills a volume is told by its name, and the table adds up to the data directory within a twentieth.</summary>
public sealed class ByteSumTests(ByteFixture fixture) : IClassFixture<ByteFixture>
{
    private const long MiB = 1L << 20;

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_PlainData_NamesTheTablesAndAddsUp()
    {
        var before = await MeasureAsync();
        await using var app = await OpenAsync("loader");
        await app.RunAsync("""
            CREATE TABLE orders (id int PRIMARY KEY, note text) PARTITION BY RANGE (id);
            CREATE TABLE orders_1 PARTITION OF orders FOR VALUES FROM (0) TO (100000);
            CREATE TABLE orders_2 PARTITION OF orders FOR VALUES FROM (100000) TO (200000);
            INSERT INTO orders SELECT g, repeat('x', 150) FROM generate_series(0, 199999) g
            """);

        var now = await MeasureAsync();

        var largest = now.Relations.Single(relation => relation.Name == "orders");
        Assert.Equal(("shop", "public", "partitioned table"), (largest.Database, largest.Schema, largest.Kind));
        Assert.Equal(await SizeAsync(app, "SELECT sum(pg_total_relation_size(relid))::bigint FROM pg_partition_tree('orders')"), largest.Bytes);
        Assert.InRange(largest.IndexBytes, 4 * MiB, 8 * MiB);
        var growth = GrowthRules.Between(before, now)!;
        Assert.Equal("orders", growth.Relations[0].Relation.Name);
        Assert.InRange(growth.Of(BytePart.Relations)!.Value, largest.Bytes, largest.Bytes + MiB);
    }

    [Fact]
    public async Task Read_WalHeldByASlot_NamesTheSlotAndAddsUp()
    {
        await using var admin = await fixture.Server.OpenAdminAsync("shop", Test);
        await admin.RunAsync("SELECT pg_create_logical_replication_slot('cdc', 'pgoutput')");
        try
        {
            for (var segment = 0; segment < 4; segment++) await admin.RunAsync("SELECT pg_logical_emit_message(false, 'test', 'x'), pg_switch_wal()");

            var now = await MeasureAsync();

            var slot = now.Slots!.Single();
            Assert.Equal(("cdc", "logical", "shop", "pgoutput", false), (slot.Name, slot.Type, slot.Database, slot.Plugin, slot.Active));
            Assert.InRange(slot.RetainedBytes!.Value, 48 * MiB, now.Wal!.Value);
            Assert.Contains(now.XminHolders!, holder => holder is { Kind: HolderKind.SlotCatalogXmin, Id: "cdc" });
        }
        finally
        {
            await admin.RunAsync("SELECT pg_drop_replication_slot('cdc')");
        }
    }

    /// <summary>max_slot_wal_keep_size passed: there is no WAL for it any more, and so no number.</summary>
    [Fact]
    public async Task Read_SlotIsLost_HasNoBytesRatherThanZero()
    {
        await using var admin = await fixture.Server.OpenAdminAsync(Test);
        await admin.RunAsync("SELECT pg_create_physical_replication_slot('lost', true)");
        await admin.RunAsync("ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'");
        await admin.RunAsync("SELECT pg_reload_conf()");
        try
        {
            await Eventually.TrueAsync(async () =>
            {
                await admin.RunAsync("SELECT pg_logical_emit_message(false, 'test', 'x'), pg_switch_wal()");
                await admin.RunAsync("CHECKPOINT");
                return await admin.ScalarAsync("SELECT wal_status FROM pg_replication_slots WHERE slot_name = 'lost'") is "lost";
            });

            var slot = (await MeasureAsync()).Slots!.Single(one => one.Name == "lost");

            Assert.Null(slot.RetainedBytes);
            Assert.Equal("wal_removed", slot.InvalidationReason);
        }
        finally
        {
            await admin.RunAsync("SELECT pg_drop_replication_slot('lost')");
            await admin.RunAsync("ALTER SYSTEM RESET max_slot_wal_keep_size");
            await admin.RunAsync("SELECT pg_reload_conf()");
        }
    }

    [Fact]
    public async Task Read_SortThatSpills_NamesTheSessionAndAddsUp()
    {
        await using var app = await OpenAsync("report");
        // The sort's files stay until its cursor is closed.
        await app.RunAsync("BEGIN; SET LOCAL work_mem = '64kB'; DECLARE report CURSOR FOR SELECT repeat(md5(g::text), 5) FROM generate_series(1, 200000) g ORDER BY 1; FETCH 1 FROM report");

        var now = await MeasureAsync();

        Assert.InRange(now.Temporary!.Value, 30 * MiB, 100 * MiB);
        var user = now.TemporaryUsers.Single();
        Assert.Equal((app.ProcessID, ByteFixture.App, "report", "shop", "127.0.0.1"), (user.Pid, user.Role, user.Application, user.Database, user.Address));
        Assert.Equal(now.Temporary, user.Bytes);

        // With its end a session tells what it has counted.
        await app.CloseAsync();
        await Eventually.TrueAsync(async () => await MeasureAsync() is { Temporary: 0 } after && GrowthRules.Between(now, after)!.TemporaryWritten >= user.Bytes);
    }

    [Fact]
    public async Task Read_LargeObjects_AreCountedOnceAndAddUp()
    {
        var before = await MeasureAsync();
        await using var app = await OpenAsync("scans");
        await app.RunAsync("SELECT lo_from_bytea(0, d) FROM (SELECT decode(string_agg(md5(random()::text), ''), 'hex') AS d FROM generate_series(1, 65536)) one, generate_series(1, 30)");

        var now = await MeasureAsync();
        var growth = GrowthRules.Between(before, now)!;

        Assert.InRange(now.LargeObjects!.Value, 30 * MiB, 50 * MiB);
        Assert.InRange(growth.Of(BytePart.LargeObjects)!.Value, 30 * MiB, 50 * MiB);
        Assert.InRange(growth.Of(BytePart.Relations)!.Value, 0, MiB);
        Assert.DoesNotContain(now.Relations, relation => relation.Name == "pg_largeobject");
    }

    /// <summary>The transaction has written and looks at nothing: <c>backend_xid</c> alone, which holds dead rows all the same.</summary>
    [Fact]
    public async Task Read_DeadRowsHeldByAnIdleTransaction_NamesTheHolderAndAddsUp()
    {
        await using var app = await OpenAsync("updates");
        await app.RunAsync("CREATE TABLE stock (id int, note text); INSERT INTO stock SELECT g, repeat('x', 150) FROM generate_series(1, 80000) g");
        await using var idle = await OpenAsync("forgotten");
        await idle.RunAsync("BEGIN; SELECT pg_current_xact_id()");
        // Takes the place of the SELECT, which the driver would leave open together with its snapshot.
        await idle.RunAsync("SAVEPOINT waits");
        Assert.Equal(DBNull.Value, await app.ScalarAsync("SELECT backend_xmin FROM pg_stat_activity WHERE pid = $1", idle.ProcessID));
        await app.RunAsync("UPDATE stock SET id = id + 1");
        await app.RunAsync("UPDATE stock SET id = id + 1");
        // Else what the updates counted comes in after what the vacuum found.
        await app.RunAsync("SELECT pg_stat_force_next_flush()");
        await app.RunAsync("VACUUM stock");

        var now = await MeasureAsync();

        var stock = now.Relations.Single(relation => relation.Name == "stock");
        Assert.InRange(stock.DeadBytes!.Value, stock.Bytes / 2, stock.Bytes * 3 / 4);
        var holder = now.XminHolders![0];
        Assert.Equal((HolderKind.Backend, $"{idle.ProcessID}", "forgotten", "idle in transaction", "shop"), (holder.Kind, holder.Id, holder.Application, holder.State, holder.Database));
        Assert.NotNull(holder.Since);

        await idle.RunAsync("ROLLBACK");
        await app.RunAsync("VACUUM stock");
        Assert.Equal(0, (await MeasureAsync()).Relations.Single(relation => relation.Name == "stock").DeadBytes ?? 0);
    }

    /// <summary>It has the oldest snapshot of all, and PostgreSQL leaves it out of account.</summary>
    [Fact]
    public async Task Read_AVacuumRuns_IsNoHolder()
    {
        await using var app = await OpenAsync("swept");
        await app.RunAsync("CREATE TABLE swept AS SELECT g AS id FROM generate_series(1, 500000) g");
        await app.RunAsync("SET vacuum_cost_delay = 100; SET vacuum_cost_limit = 1");
        await using var vacuum = new NpgsqlCommand("VACUUM (TRUNCATE off) swept", app);
        var running = vacuum.ExecuteNonQueryAsync(Test);
        try
        {
            await using var admin = await fixture.Server.OpenAdminAsync(Test);
            await Eventually.TrueAsync(async () => await admin.ScalarAsync(
                "SELECT true FROM pg_stat_progress_vacuum JOIN pg_stat_activity USING (pid) WHERE pid = $1 AND backend_xmin IS NOT NULL", app.ProcessID) is true);

            Assert.DoesNotContain((await MeasureAsync()).XminHolders!, holder => holder.Id == $"{app.ProcessID}");
        }
        finally
        {
            vacuum.Cancel();
            await Assert.ThrowsAsync<OperationCanceledException>(() => running);
        }
    }

    [Fact]
    public async Task Read_TableIsLocked_WaitsForNobody()
    {
        await using var app = await OpenAsync("maintenance");
        await app.RunAsync("CREATE TABLE locked (id int); INSERT INTO locked SELECT generate_series(1, 500000)");
        await app.RunAsync("ANALYZE locked");
        await app.RunAsync("BEGIN; LOCK TABLE locked");

        var now = await MeasureAsync();

        Assert.Contains(now.Blind, sentence => sentence.Contains("public.locked", StringComparison.Ordinal));
        Assert.InRange(now.Relations.Single(relation => relation.Name == "locked").Bytes, 15 * MiB, 20 * MiB);
    }

    /// <summary>Longer than our own limit: the session is given up, another one asks the rest.</summary>
    [Fact]
    public async Task Read_StatementThatHangs_IsSaidAndTheRestIsMeasured()
    {
        await using var admin = await fixture.Server.OpenAdminAsync("shop", Test);
        await fixture.Server.ExecuteAsync($"ALTER ROLE {ByteFixture.Role} SET lock_timeout = 0", Test);
        try
        {
            await admin.RunAsync("BEGIN; LOCK TABLE pg_largeobject");

            var now = await ByteReading.ReadAsync(fixture.Server, ByteFixture.Role);

            Assert.Contains(now.Blind, sentence => sentence.StartsWith("Not seen: large objects of the database shop", StringComparison.Ordinal));
            Assert.Contains(now.Databases, database => database is { Name: "shop", Bytes: > 0, LargeObjects: null });
            Assert.Contains(now.Databases, database => database is { Name: "postgres", LargeObjects: >= 0 });
            Assert.NotNull(now.Wal);
        }
        finally
        {
            await admin.RunAsync("ROLLBACK");
            await fixture.Server.ExecuteAsync($"ALTER ROLE {ByteFixture.Role} SET lock_timeout = '2s'", CancellationToken.None);
        }
    }

    [Fact]
    public async Task Read_ManyDatabases_LooksIntoTheLargestAndSaysOfTheRestThatItDidNot()
    {
        string[] small = ["small_1", "small_2", "small_3"];
        foreach (var name in small) await fixture.Server.ExecuteAsync($"CREATE DATABASE {name}", Test);
        try
        {
            var now = await MeasureAsync();

            Assert.Contains(now.Blind, sentence => sentence.StartsWith("Of 5 databases the 3 largest were looked into", StringComparison.Ordinal));
            Assert.Equal(3, now.Databases.Count(database => database.LargeObjects is not null));
            Assert.Contains(now.Databases, database => database is { Name: "shop", LargeObjects: not null });
            Assert.All(small, name => Assert.Contains(now.Databases, database => database.Name == name && database.Bytes > 0));
        }
        finally
        {
            foreach (var name in small) await fixture.Server.ExecuteAsync($"DROP DATABASE {name}", CancellationToken.None);
        }
    }

    [Fact]
    public async Task Read_DatabaseThatLetsNobodyIn_IsNamedAndItsSizeCountsWhereItIsShown()
    {
        foreach (var sql in new[] { "CREATE DATABASE closed", "REVOKE CONNECT ON DATABASE closed FROM PUBLIC", "CREATE DATABASE rdsadmin" }) await fixture.Server.ExecuteAsync(sql, Test);
        try
        {
            var now = await MeasureAsync();
            var stranger = await ByteReading.ReadAsync(fixture.Server, ByteFixture.Stranger);

            Assert.Contains(now.Blind, sentence => sentence.StartsWith("The database closed did not let us in", StringComparison.Ordinal));
            Assert.Contains(now.Databases, database => database is { Name: "closed", Bytes: > 0, LargeObjects: null });
            Assert.Contains(now.Relations, relation => relation.Database == "postgres");
            Assert.Contains(stranger.Databases, database => database is { Name: "closed", Bytes: null });
            Assert.Contains(stranger.Blind, sentence => sentence.StartsWith("The size of the database closed is not shown to stranger", StringComparison.Ordinal));
            // RDS's own database, which nobody may enter: not even tried.
            Assert.Contains(now.Databases, database => database is { Name: "rdsadmin", Bytes: > 0, LargeObjects: null });
            Assert.DoesNotContain(now.Blind, sentence => sentence.Contains("rdsadmin", StringComparison.Ordinal));
        }
        finally
        {
            foreach (var sql in new[] { "DROP DATABASE closed", "DROP DATABASE rdsadmin" }) await fixture.Server.ExecuteAsync(sql, CancellationToken.None);
        }
    }

    /// <summary>
    /// A parallel hash has its files in directories, which <c>pg_ls_tmpdir</c> leaves out: not temporary but other, and counted by
    /// PostgreSQL when it ends.
    /// </summary>
    [Fact]
    public async Task Read_ParallelHashThatSpills_IsInOtherAndSaidAndWrittenLater()
    {
        await using var app = await OpenAsync("joins");
        await app.RunAsync("CREATE UNLOGGED TABLE facts AS SELECT g AS id, repeat(md5(g::text), 6) AS note FROM generate_series(1, 200000) g");
        await app.RunAsync("ANALYZE facts");
        await app.RunAsync("""
            SET work_mem = '64kB'; SET hash_mem_multiplier = 1; SET enable_mergejoin = off; SET enable_nestloop = off;
            SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0
            """);
        await using var command = new NpgsqlCommand("SELECT a.note, b.note FROM facts a JOIN facts b USING (id)", app);
        var reader = await command.ExecuteReaderAsync(Test);
        ByteTable now;
        long hidden;
        try
        {
            // One row is read, and the server waits with the rest until somebody takes it.
            await reader.ReadAsync(Test);
            now = await ByteReading.ReadAsync(fixture.Server, ByteFixture.Role);
            hidden = new DirectoryInfo(Path.Combine(fixture.Server.DataFolder, "base", "pgsql_tmp")).EnumerateDirectories()
                .SelectMany(directory => directory.EnumerateFiles("*", SearchOption.AllDirectories)).Sum(file => file.Length);
        }
        finally
        {
            command.Cancel();
            await reader.DisposeAsync();
        }

        Assert.True(hidden > 20 * MiB, $"{hidden} bytes");
        Assert.True(now.Temporary < hidden / 4, $"{now.Temporary} of {hidden} bytes");
        Assert.Contains(now.Blind, sentence => sentence.StartsWith("Parallel queries run", StringComparison.Ordinal));
        // The workers' numbers come in as they end.
        await Eventually.TrueAsync(async () =>
            GrowthRules.Between(now, await ByteReading.ReadAsync(fixture.Server, ByteFixture.Role))!.TemporaryWritten >= hidden);
    }

    [Fact]
    public async Task Read_PreparedTransaction_IsAHolderWithItsOwner()
    {
        await using var app = await OpenAsync("two-phase");
        await app.RunAsync("CREATE TABLE ledger (id int)");
        await app.RunAsync("BEGIN; INSERT INTO ledger VALUES (1); PREPARE TRANSACTION 'it''s open'");

        var holder = (await MeasureAsync()).XminHolders!.Single(one => one.Kind == HolderKind.PreparedTransaction);

        Assert.Equal(("it's open", ByteFixture.App, "shop"), (holder.Id, holder.Role, holder.Database));
        Assert.NotNull(holder.Since);
        await app.RunAsync("ROLLBACK PREPARED 'it''s open'");
    }

    /// <summary>Measures, and holds the sum of the parts against the data directory.</summary>
    private async Task<ByteTable> MeasureAsync()
    {
        var (table, used) = await ByteReading.ReadWithUsedAsync(fixture.Server, ByteFixture.Role);
        var parts = ByteRules.Compose(table, used);
        Assert.Empty(parts.Unseen);
        Assert.InRange(parts.Other, 0, used / 20);
        Assert.InRange(parts.Used, used, used + used / 20);
        return table;
    }

    private async Task<NpgsqlConnection> OpenAsync(string application)
    {
        var settings = fixture.Server.Connection(ByteFixture.App, ByteFixture.Password, "shop");
        settings.ApplicationName = application;
        var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(Test);
        return connection;
    }

    private static async Task<long> SizeAsync(NpgsqlConnection connection, string sql) => (long)(await connection.ScalarAsync(sql))!;
}
