using Automation.Database;
using Automation.LabTests.Postgres;
using Automation.LabTests.Storage.Bytes;
using Automation.Outcomes;
using Automation.Preparation;
using Npgsql;

namespace Automation.LabTests.Preparation;

/// <summary>Planning with the real script and making it so, as the master user of a real server, on every major version.</summary>
public sealed class BootstrapTests(PostgresFixture postgres)
{
    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(PostgresFixture.Majors), MemberType = typeof(PostgresFixture))]
    public async Task Plan_IsWhatIsDone_AndLeavesNothing(int major)
    {
        const string Role = "planned automation", Quoted = "\"planned automation\"";
        await using var own = await DatabaseAsync(major, "planned");
        await using var master = await own.OpenMasterAsync();
        var wanted = new BootstrapRequest(Role, [], TestsFailover: false);
        var before = await own.CatalogAsync();

        var planned = Ran(await Bootstrap.PlanAsync(master, wanted, Test));

        Assert.Equal(before, await own.CatalogAsync());
        var options = major >= 16 ? " with admin false, inherit true, set false" : "";
        string[] expected =
        [
            $"create role {Quoted}", $"alter role {Quoted} CONNECTION LIMIT 10", $"alter role {Quoted} LOGIN", $"alter role {Quoted} VALID UNTIL 'infinity'",
            $"alter role {Quoted} set idle_in_transaction_session_timeout = '10s'", .. major >= 14 ? new[] { $"alter role {Quoted} set idle_session_timeout = '5min'" } : [],
            $"alter role {Quoted} set lock_timeout = '2s'", $"alter role {Quoted} set search_path = 'pg_catalog, pg_temp'", $"alter role {Quoted} set statement_timeout = '15s'",
            $"comment on role {Quoted} is 'rds-automation: watches and relieves this server (sql/bootstrap.sql)'",
            $"grant pg_monitor to {Quoted}{options}", $"grant pg_signal_backend to {Quoted}{options}",
            .. major >= 16 ? new[] { $"grant pg_use_reserved_connections to {Quoted}{options}" } : [],
            $"grant rds_iam to {Quoted}{(major >= 16 ? " with admin false, inherit true, set true" : "")}",
            // From 16 on who makes a role may give it to others.
            .. major >= 16 ? new[] { $"grant {Quoted} to {own.Server.MasterUser} with admin true, inherit false, set false (by rdsadmin)" } : [],
        ];
        Assert.Equal(expected, planned.Steps);
        Assert.Equal(major < 16, planned.Messages.Any(said => said.StartsWith("before version 16 no role but rds_superuser", StringComparison.Ordinal)));

        Assert.Equal(planned.Steps, Ran(await Bootstrap.ApplyAsync(master, wanted, planned, Test)).Steps);

        var made = await own.CatalogAsync();
        Assert.NotEqual(before, made);
        Assert.Empty(Ran(await Bootstrap.PlanAsync(master, wanted, Test)).Steps);
        Assert.Equal(made, await own.CatalogAsync());
    }

    [Theory, MemberData(nameof(PostgresFixture.Majors), MemberType = typeof(PostgresFixture))]
    public async Task Plan_WhatAnEarlierRunGave_IsShownAsTakenBack(int major)
    {
        const string Role = "giving_automation";
        await using var own = await DatabaseAsync(major, "giving");
        await using var master = await own.OpenMasterAsync();
        await using (var session = await own.Server.OpenMasterAsync()) await session.RunAsync("DROP ROLE IF EXISTS giving_app; CREATE ROLE giving_app LOGIN");
        var full = new BootstrapRequest(Role, ["giving_app"], TestsFailover: true);
        await ApplyAsync(master, full);

        var less = Ran(await Bootstrap.PlanAsync(master, full with { Rotates = [], TestsFailover = false }, Test));

        Assert.Contains($"alter role {Role} NOCREATEROLE", less.Steps);
        Assert.Contains($"revoke CREATE on database giving from {Role} (granted by {own.Server.MasterUser})", less.Steps);
        Assert.Contains(less.Steps, step => step.StartsWith($"revoke rds_password from {Role}", StringComparison.Ordinal));
        Assert.Equal(major >= 16, less.Steps.Any(step => step.StartsWith($"revoke giving_app from {Role}", StringComparison.Ordinal)));
        Assert.Contains(less.Messages, said => said.StartsWith($"taken back from \"{Role}\"", StringComparison.Ordinal));
        Assert.Empty(Ran(await Bootstrap.PlanAsync(master, full, Test)).Steps);
    }

    // The session ends when the script has made the role and waits for another one's change of the database.
    [Fact]
    public async Task Plan_SessionThatDiesHalfway_LeavesNothing()
    {
        await using var own = await DatabaseAsync(17, "dying");
        await using var admin = await own.Server.OpenAdminAsync(Test);
        await using var master = await own.OpenMasterAsync();
        await using var holder = await own.Server.OpenMasterAsync();
        var before = await own.CatalogAsync();
        await holder.RunAsync("BEGIN; GRANT TEMPORARY ON DATABASE dying TO pg_monitor");

        DatabaseFailure? failure = null;
        await Eventually.TrueAsync(async () =>
        {
            var planning = Bootstrap.PlanAsync(master, new BootstrapRequest("dying_automation", [], TestsFailover: true), Test);
            // It waits for 2 seconds; who is slower than that asks once more.
            while (!planning.IsCompleted && await admin.ScalarAsync(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = 'dying' AND wait_event_type = 'Lock'") is not 1L) { }
            return !(await planning).Succeeded(out _, out failure);
        });
        await holder.RunAsync("ROLLBACK");

        Assert.Equal(Reasons.Unreachable, ObstacleRules.Of(ByteReading.DatabaseAt(own.Server.Address, own.Server.Port), failure!).Reason);
        Assert.Equal(before, await own.CatalogAsync());
    }

    // Whoever waits in a queue of locks makes everybody behind wait too.
    [Fact]
    public async Task Plan_LockThatIsHeld_IsNotWaitedFor()
    {
        await using var own = await DatabaseAsync(17, "waiting");
        await using var master = await own.OpenMasterAsync();
        await using var holder = await own.Server.OpenMasterAsync("waiting");
        await holder.RunAsync("SELECT pg_advisory_lock(hashtext('rds-automation bootstrap'))");

        var run = Run(await Bootstrap.PlanAsync(master, new BootstrapRequest("waiting_automation", [], TestsFailover: false), Test));

        Assert.Equal(Reasons.Locked, ObstacleRules.Of(Assert.IsType<BootstrapRun.Refused>(run)).Reason);
        await holder.RunAsync("SELECT pg_advisory_unlock_all()");
        Assert.NotEmpty(Ran(await Bootstrap.PlanAsync(master, new BootstrapRequest("waiting_automation", [], TestsFailover: false), Test)).Steps);
    }

    // What is written down in the ledger is done, or nothing.
    [Fact]
    public async Task Apply_RoleThatBecameAnother_CommitsNothing()
    {
        const string Role = "moving_automation";
        await using var own = await DatabaseAsync(17, "moving");
        await using var admin = await own.Server.OpenAdminAsync(Test);
        await using var master = await own.OpenMasterAsync();
        var wanted = new BootstrapRequest(Role, [], TestsFailover: false);
        await ApplyAsync(master, wanted);
        await admin.RunAsync($"ALTER ROLE {Role} CONNECTION LIMIT 3");
        var planned = Ran(await Bootstrap.PlanAsync(master, wanted, Test));
        await admin.RunAsync($"ALTER ROLE {Role} CREATEDB");
        var before = await own.CatalogAsync();

        var run = Ran(await Bootstrap.ApplyAsync(master, wanted, planned, Test));

        Assert.Equal([$"alter role {Role} CONNECTION LIMIT 10"], planned.Steps);
        Assert.Equal([$"alter role {Role} CONNECTION LIMIT 10", $"alter role {Role} NOCREATEDB"], run.Steps);
        Assert.False(run.IsSame(planned));
        Assert.Equal(before, await own.CatalogAsync());
    }

    // Whatever the database has set for the script: only what was asked for here counts.
    [Fact]
    public async Task Plan_StrangersRole_IsRefusedAndLeftAsItIs()
    {
        await using var own = await DatabaseAsync(17, "strange");
        await using var admin = await own.Server.OpenAdminAsync(Test);
        await admin.RunAsync("DROP ROLE IF EXISTS strange_automation; CREATE ROLE strange_automation LOGIN PASSWORD 'kept'; ALTER DATABASE strange SET automation.adopt = 'on'");
        await using var master = await own.OpenMasterAsync();
        var before = await own.CatalogAsync();

        var run = Run(await Bootstrap.PlanAsync(master, new BootstrapRequest("strange_automation", [], TestsFailover: false), Test));

        var obstacle = ObstacleRules.Of(Assert.IsType<BootstrapRun.Refused>(run));
        Assert.Equal((Decision.Refused, Reasons.ScriptRefused), (obstacle.Decision, obstacle.Reason));
        Assert.Contains("was not made by this script", obstacle.Sentence, StringComparison.Ordinal);
        Assert.Equal(before, await own.CatalogAsync());
    }

    // An application's schema on the search path must not get the master user to run its code (CVE-2018-1058).
    [Fact]
    public async Task Plan_FunctionsOfAnApplication_AreNotCalled()
    {
        await using var own = await DatabaseAsync(17, "trapped");
        await using (var admin = await own.Server.OpenAdminAsync("trapped", Test))
        {
            foreach (var trap in (string[])["format(text, text)", "quote_ident(text)", "set_config(text, text, boolean)", "hashtext(text)", "pg_get_userbyid(oid)"])
                await admin.RunAsync($"CREATE FUNCTION public.{trap} RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped'; END $$");
            await admin.RunAsync("ALTER DATABASE trapped SET search_path = public, pg_catalog");
        }
        await using var master = await own.OpenMasterAsync();

        var planned = Ran(await Bootstrap.PlanAsync(master, new BootstrapRequest("trapped_automation", [], TestsFailover: true), Test));

        Assert.Equal("create role trapped_automation", planned.Steps[0]);
        // The traps work: without the path of the transaction, this session calls them.
        var sprung = await master.RunAsync(async (connection, stop) =>
        {
            await using var command = new NpgsqlCommand("SELECT set_config('automation.role', 'x', true)", connection);
            return await command.ExecuteNonQueryAsync(stop);
        }, DatabaseActivity.Reading, TimeSpan.FromSeconds(10), Test);
        Assert.False(sprung.Succeeded(out _, out var failure));
        Assert.Contains("trapped", failure.Sentence, StringComparison.Ordinal);
    }

    private async Task<OwnDatabase> DatabaseAsync(int major, string name) => await OwnDatabase.CreateAsync(await postgres.ServerAsync(major), name);

    private static async Task ApplyAsync(DatabaseSession master, BootstrapRequest wanted)
    {
        var planned = Ran(await Bootstrap.PlanAsync(master, wanted, Test));
        Assert.True(Ran(await Bootstrap.ApplyAsync(master, wanted, planned, Test)).IsSame(planned));
    }

    private static BootstrapRun Run(Attempt<BootstrapRun> attempt) => attempt.Succeeded(out var run, out var failure) ? run : throw new InvalidOperationException(failure.Sentence);

    private static BootstrapRun.Ran Ran(Attempt<BootstrapRun> attempt) => Assert.IsType<BootstrapRun.Ran>(Run(attempt));
}
