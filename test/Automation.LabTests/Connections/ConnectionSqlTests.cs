using Automation.Connections;
using Automation.Lab.Postgres;
using Automation.LabTests.Postgres;
using Npgsql;

namespace Automation.LabTests.Connections;

/// <summary>Every statement of RelieveConnections on every major version, as the role that sql/bootstrap.sql creates.</summary>
public sealed class ConnectionSqlTests(PostgresFixture postgres)
{
    private const string Automation = "sql_automation";
    private const string Shop = "sql_shop";
    private const string Password = "shop-password";
    private static readonly ConnectionsPolicy Policy = new() { Mode = Outcomes.Mode.Act };

    public static TheoryData<int> Majors => PostgresFixture.Majors;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Majors))]
    public async Task Measure_EveryKindOfSession_IsSeenAsItIs(int major)
    {
        var (server, healer) = await PrepareAsync(major);
        await using var _ = healer;
        await using var idle = await OpenAsync(server, "idle-app");
        await idle.RunAsync("SELECT 1");
        await using var writer = await OpenAsync(server, "writer");
        await writer.RunAsync("CREATE TEMP TABLE t (id int); BEGIN; INSERT INTO t VALUES (1)");
        await using var aborted = await OpenAsync(server, "aborted");
        await Assert.ThrowsAsync<PostgresException>(() => aborted.RunAsync("CREATE TEMP TABLE t (id int); BEGIN; INSERT INTO t VALUES (1); SELECT 1/0"));
        await using var savepoint = await OpenAsync(server, "savepoint");
        await Assert.ThrowsAsync<PostgresException>(() => savepoint.RunAsync("CREATE TEMP TABLE t (id int); BEGIN; INSERT INTO t VALUES (1); SAVEPOINT s; SELECT 1/0"));
        await using var reading = await OpenAsync(server, "reading");
        await Assert.ThrowsAsync<PostgresException>(() => reading.RunAsync("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1; SAVEPOINT s; SELECT 1/0"));
        await using var leader = await OpenAsync(server, "leader");
        await leader.RunAsync("SELECT pg_advisory_lock(7)");
        await using var listener = await OpenAsync(server, "listener");
        await listener.RunAsync("listen jobs");
        await using var waiter = await OpenAsync(server, "waiter");
        var waiting = waiter.RunAsync("SELECT pg_advisory_lock(7)");

        Measurement? seen = null;
        await Eventually.TrueAsync(async () =>
        {
            seen = await ActivityReader.PrepareAndReadAsync(healer, [], Cancellation);
            return seen.Facts.Sessions.Single(s => s.Pid == waiter.ProcessID).BlockedBy is [var blocker] && blocker == leader.ProcessID;
        });

        var facts = seen!.Facts;
        Session Of(NpgsqlConnection connection) => facts.Sessions.Single(session => session.Pid == connection.ProcessID);
        Assert.Equal(Automation, seen.OurRole);
        Assert.Equal(major, seen.ServerVersion / 10000);
        Assert.Equal(0, facts.Hidden);
        Assert.DoesNotContain(facts.Sessions, session => session.Pid == healer.ProcessID);
        Assert.Equal(int.Parse((string)(await healer.ScalarAsync("SHOW max_connections"))!, null), facts.Slots.MaxConnections);
        Assert.Equal(("idle", "idle-app", Shop, "127.0.0.1", false), (Of(idle).State, Of(idle).Application, Of(idle).Role, Of(idle).ClientAddress, Of(idle).Wrote));
        Assert.Equal(("idle in transaction", true), (Of(writer).State, Of(writer).Wrote));
        Assert.Equal(("idle in transaction (aborted)", true), (Of(aborted).State, Of(aborted).CanOnlyRollBack));
        Assert.Equal(("idle in transaction (aborted)", false), (Of(savepoint).State, Of(savepoint).CanOnlyRollBack));
        Assert.Equal(("idle in transaction (aborted)", false, false), (Of(reading).State, Of(reading).Wrote, Of(reading).CanOnlyRollBack));
        Assert.Equal((false, true), (Of(idle).HoldsTransaction, Of(writer).HoldsTransaction));
        await reading.RunAsync("ROLLBACK TO s; SELECT 1"); // it may indeed
        Assert.False(seen.InRecovery);
        Assert.True(Of(leader).HoldsAdvisoryLock);
        Assert.True(Of(listener).Listens);
        Assert.All([idle, writer, aborted], connection => Assert.Null(ProtectionRules.Of(Of(connection), Policy, Automation)));
        Assert.All([leader, listener, waiter], connection => Assert.NotNull(ProtectionRules.Of(Of(connection), Policy, Automation)));
        Assert.Contains(facts.Sessions, session => session.BackendType != "client backend");

        await leader.RunAsync("SELECT pg_advisory_unlock(7)");
        await waiting;
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task Measure_RoleWithoutMonitor_IsBlind(int major)
    {
        var (server, healer) = await PrepareAsync(major);
        await using var _ = healer;
        await using var blind = await OpenAsync(server, "blind");

        var facts = (await ActivityReader.ReadAsync(blind, [], Cancellation)).Facts;

        Assert.True(facts.Hidden > 0);
        Assert.Equal("blind-role", Assert.IsType<ConnectionDecision.Refuse>(
            ConnectionRules.Decide(facts, Policy, ConnectionHistory.Empty, Shop)).Reason);
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task Measure_LimitsThatAreReached_AreNamed(int major)
    {
        var (server, healer) = await PrepareAsync(major);
        await using var _ = healer;
        await EnsureLoginAsync(server, "sql_limited", "CONNECTION LIMIT 1");
        await using var limited = await OpenAsync(server, "limited", "sql_limited");

        var facts = (await ActivityReader.ReadAsync(healer, [], Cancellation)).Facts;

        Assert.Contains(new ReachedLimit("role", "sql_limited", 1, 1), facts.ReachedLimits);
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task Measure_ProtectedGroup_CoversItsMembersAndUnknownNamesAreSaid(int major)
    {
        var (server, healer) = await PrepareAsync(major);
        await using var _ = healer;
        await EnsureLoginAsync(server, "sql_etl_group", "");
        await EnsureLoginAsync(server, "sql_etl", "IN ROLE sql_etl_group");
        await using var member = await OpenAsync(server, "etl", "sql_etl");
        await member.RunAsync("SELECT 1");

        var facts = (await ActivityReader.ReadAsync(healer, ["sql_etl_group", "no such role"], Cancellation)).Facts;
        var session = facts.Sessions.Single(candidate => candidate.Pid == member.ProcessID);

        Assert.True(session.InProtectedRole);
        Assert.Equal(["no such role"], facts.UnknownProtectedRoles);
        var (measured, seen) = await LookAsync(healer, member);
        Assert.False(seen.InProtectedRole);
        Assert.Equal(TerminationResult.Changed, await EndAsync(healer, measured, seen, untouchable: ["sql_etl_group"]));
    }

    /// <summary>A role of RDS's is left alone under any name: the rule sees its members, and the statement refuses them, and superusers, by itself.</summary>
    [Theory, MemberData(nameof(Majors))]
    public async Task Measure_MemberOfARoleOfRds_IsProtectedLikeASuperuser(int major)
    {
        var (server, healer) = await PrepareAsync(major);
        await using var _ = healer;
        await EnsureLoginAsync(server, "rdstopmgr", "");
        await EnsureLoginAsync(server, "sql_manager", "IN ROLE rdstopmgr");
        await EnsureLoginAsync(server, "sql_super", "SUPERUSER");
        await using var member = await OpenAsync(server, "manager", "sql_manager");
        await member.RunAsync("SELECT 1");
        await using var superuser = await OpenAsync(server, "super", "sql_super");
        await superuser.RunAsync("SELECT 1");

        var (measured, ofMember) = await LookAsync(healer, member);
        var (_, ofSuperuser) = await LookAsync(healer, superuser);

        Assert.Equal(Protection.ProtectedRole, ProtectionRules.Of(ofMember, Policy, Automation));
        Assert.Equal(Protection.Superuser, ProtectionRules.Of(ofSuperuser, Policy, Automation));
        Assert.Equal(TerminationResult.Changed, await EndAsync(healer, measured, ofMember, untouchable: ProtectionRules.RdsRoles));
        Assert.Equal(TerminationResult.Changed, await EndAsync(healer, measured, ofSuperuser));
        // What saves the member is the list, and nothing else about it.
        Assert.Equal(TerminationResult.Ended, await EndAsync(healer, measured, ofMember));
    }

    /// <summary>
    /// The order that keeps a session that went back to work alive: the locks are read, and only then
    /// <c>pg_stat_activity</c>, in a plan that reads nothing else that is slow.
    /// </summary>
    [Theory, MemberData(nameof(Majors))]
    public async Task Terminate_Plan_ReadsLocksBeforeActivityAndApart(int major)
    {
        var (_, healer) = await PrepareAsync(major);
        await using var owned = healer;
        var sql = (major >= 14 ? ConnectionSql.Terminate : ConnectionSql.TerminateBefore14)
            .Replace("$1", "1", StringComparison.Ordinal).Replace("$2", "now()", StringComparison.Ordinal).Replace("$3", "'idle'", StringComparison.Ordinal)
            .Replace("$4", "now()", StringComparison.Ordinal).Replace("$5", "'x'", StringComparison.Ordinal)
            .Replace("$6", "1", StringComparison.Ordinal).Replace("$7", "'a/b'", StringComparison.Ordinal);

        // No such session: run for real, the plan's lazy part must not even begin when a lock is found.
        var plan = string.Join('\n', await healer.StringsAsync("EXPLAIN " + sql));
        var activity = plan.IndexOf("pg_stat_get_activity", StringComparison.Ordinal);
        var locks = plan.IndexOf("pg_lock_status", StringComparison.Ordinal);

        Assert.InRange(locks, 0, activity);
        Assert.DoesNotContain("pg_lock_status", plan[activity..], StringComparison.Ordinal);
        Assert.Contains("InitPlan", plan[locks..activity], StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task Terminate_TheVerySession_IsGone(int major)
    {
        var (server, healer) = await PrepareAsync(major);
        await using var _ = healer;
        await using var victim = await OpenAsync(server, "victim");
        await victim.RunAsync("BEGIN; SELECT 1");

        var (measured, session) = await LookAsync(healer, victim);
        var result = await EndAsync(healer, measured, session);

        Assert.Equal(TerminationResult.Ended, result);
        Assert.DoesNotContain((await ActivityReader.ReadAsync(healer, [], Cancellation)).Facts.Sessions, s => s.Pid == session.Pid);
        Assert.Equal(TerminationResult.Changed, await EndAsync(healer, measured, session));
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task Terminate_AnythingDiffers_LeavesItAlone(int major)
    {
        var (server, healer) = await PrepareAsync(major);
        await using var _ = healer;
        await using var victim = await OpenAsync(server, "untouched");
        await victim.RunAsync("SELECT 1");
        var (measured, session) = await LookAsync(healer, victim);

        Session[] others =
        [
            session with { Pid = session.Pid + 1 },
            session with { BackendStart = session.BackendStart!.Value.AddTicks(10) },
            session with { State = "idle in transaction" },
            session with { StateChange = session.StateChange!.Value.AddTicks(-10) },
            session with { Role = Automation },
        ];
        foreach (var other in others)
            Assert.Equal(TerminationResult.Changed, await EndAsync(healer, measured, other));
        Assert.Equal(TerminationResult.Changed, await EndAsync(healer, measured, session, minimumAge: TimeSpan.FromHours(1)));
        Assert.Equal(TerminationResult.Changed, await EndAsync(healer, measured, session, untouchable: [Shop]));
        Assert.Equal(1, await victim.ScalarAsync("SELECT 1"));
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task Terminate_SessionMovedOn_LeavesItAlone(int major)
    {
        var (server, healer) = await PrepareAsync(major);
        await using var _ = healer;
        await using var victim = await OpenAsync(server, "busy");
        await victim.RunAsync("SELECT 1");
        var (measured, session) = await LookAsync(healer, victim);

        await victim.RunAsync("SELECT 2"); // idle again, but since another moment

        Assert.Equal(TerminationResult.Changed, await EndAsync(healer, measured, session));
        Assert.Equal(1, await victim.ScalarAsync("SELECT 1"));
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task Terminate_BecameProtectedSince_LeavesItAlone(int major)
    {
        var (server, healer) = await PrepareAsync(major);
        await using var _ = healer;
        await EnsureLoginAsync(server, "sql_replicates", "");
        await server.ExecuteAsync("GRANT rds_replication TO sql_replicates", Cancellation);
        await using var leader = await OpenAsync(server, "leads");
        await leader.RunAsync("SELECT pg_advisory_lock(8)");
        await using var listener = await OpenAsync(server, "listens");
        await listener.RunAsync("LISTEN jobs");
        await using var replicates = await OpenAsync(server, "replicates", "sql_replicates");
        await replicates.RunAsync("SELECT 1");
        await EnsureLoginAsync(server, "rdswriteforwarduser", "");
        await using var forwards = await OpenAsync(server, "forwards", "rdswriteforwarduser");
        await forwards.RunAsync("SELECT 1");
        await using var active = await OpenAsync(server, "works");
        var working = active.RunAsync("SELECT pg_sleep(30)");
        await using var superuser = await server.OpenAdminAsync(Cancellation);
        await superuser.RunAsync("SELECT 1");

        foreach (var protectedSession in new[] { leader, listener, replicates, forwards, active, superuser })
        {
            // As if the rules had not looked: the statement alone must refuse.
            var (measured, session) = await LookAsync(healer, protectedSession, works: protectedSession == active);
            Assert.Equal(TerminationResult.Changed, await EndAsync(healer, measured, session));
        }
        var alive = (await ActivityReader.ReadAsync(healer, [], Cancellation)).Facts.Sessions.Select(session => session.Pid).ToHashSet();
        Assert.Superset(new HashSet<int> { leader.ProcessID, listener.ProcessID, replicates.ProcessID, forwards.ProcessID, active.ProcessID, superuser.ProcessID }, alive);
        await server.ExecuteAsync($"SELECT pg_cancel_backend({active.ProcessID})", Cancellation);
        await Assert.ThrowsAsync<PostgresException>(() => working);
    }

    private static async Task<(Measurement Measured, Session Session)> LookAsync(
        NpgsqlConnection healer, NpgsqlConnection target, bool works = false)
    {
        (Measurement, Session)? found = null;
        // The answer reaches the client a moment before the server notes that the session is idle.
        await Eventually.TrueAsync(async () =>
        {
            var measured = await ActivityReader.ReadAsync(healer, [], Cancellation);
            var session = measured.Facts.Sessions.Single(candidate => candidate.Pid == target.ProcessID);
            found = (measured, session);
            return session.State == "active" == works;
        });
        return found!.Value;
    }

    private static Task<TerminationResult> EndAsync(
        NpgsqlConnection healer, Measurement measured, Session session, TimeSpan? minimumAge = null, string[]? untouchable = null) =>
        SessionTerminator.EndAsync(healer, new Victim(session, "test", minimumAge ?? TimeSpan.Zero, 0, TimeSpan.Zero),
            untouchable ?? [], measured.ServerVersion, Cancellation);

    private async Task<(PostgresServer Server, NpgsqlConnection Healer)> PrepareAsync(int major)
    {
        var server = await postgres.ServerAsync(major);
        await AutomationRole.CreateAsync(server, Automation, Cancellation);
        await EnsureLoginAsync(server, Shop, "");
        return (server, await server.OpenAsync(Automation));
    }

    private static async Task EnsureLoginAsync(PostgresServer server, string name, string attributes)
    {
        try
        {
            await server.CreateLoginAsync(name, Password, attributes, Cancellation);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DuplicateObject)
        {
            // Another test of this class made it on the shared server.
        }
    }

    private static async Task<NpgsqlConnection> OpenAsync(PostgresServer server, string application, string role = Shop)
    {
        var settings = server.Connection(role, Password);
        settings.ApplicationName = application;
        var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(Cancellation);
        return connection;
    }
}
