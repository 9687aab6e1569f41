using Automation.Database;
using Automation.Failover;
using Automation.Fleet;
using Automation.Lab.Postgres;
using Automation.LabTests.Postgres;
using Npgsql;

namespace Automation.LabTests.Failover;

/// <summary>Every statement of a test on every major version, as the role that sql/bootstrap.sql creates.</summary>
[Collection("a test's schema on the shared servers")]
public sealed class ProbeSqlTests(PostgresFixture postgres)
{
    private const string Role = "game_automation", Password = "game-password";
    private static readonly string Comment = ProbeSql.CommentOf(new DateTimeOffset(2026, 11, 21, 10, 0, 0, TimeSpan.Zero));

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(PostgresFixture.Majors), MemberType = typeof(PostgresFixture))]
    public async Task WholeLife_OfASchema_WorksAsTheAutomationRole(int major)
    {
        var server = await postgres.ServerAsync(major);
        await AutomationRole.CreateAsync(server, Role, testsFailover: true, Test);
        // As the role itself, by password: what a role may do does not depend on how it logged in.
        await server.ExecuteAsync($"REVOKE rds_iam FROM {Role}{(major >= 16 ? $" GRANTED BY {server.MasterUser}" : "")}; ALTER ROLE {Role} PASSWORD '{Password}'", Test);
        var database = new RdsDatabase
        {
            Id = "any",
            Kind = DatabaseKind.Instance,
            Arn = "arn",
            ResourceId = "db-ANY",
            Engine = "postgres",
            EngineVersion = "any",
            Status = "available",
            Host = PostgresServer.Host,
            Port = server.Port,
            Tags = new Dictionary<string, string>(),
            MultiAz = true,
            IamAuthenticationEnabled = true,
        };
        var login = new PasswordLogin(Role, Password);
        var roots = TrustedRoots.FromFile(server.CaBundlePath, "CA_BUNDLE_PATH");
        var writer = new WriterAccess(login, roots, TimeProvider.System);

        var before = Of(await writer.FactsAsync(database, Test));
        Assert.Equivalent(new { IsAurora = false, MayCreateSchema = true, SchemaOwner = (string?)null, StrangersInSchema = 0, Role, Database = "postgres" }, before);
        Assert.False(before.Identity.InRecovery);
        Assert.Equal($"{PostgresServer.Host}:{server.Port}", before.Identity.Address);
        Of(await writer.PrepareAsync(database, Comment, Test));
        Of(await writer.PrepareAsync(database, Comment, Test));
        Assert.Equal((Role, 0, Comment), Of(await writer.FactsAsync(database, Test)) is var facts ? (facts.SchemaOwner, facts.StrangersInSchema, facts.SchemaComment) : default);
        await server.ExecuteAsync($"CREATE TYPE {GuardRules.Schema}.mood AS ENUM ('fine'); CREATE VIEW {GuardRules.Schema}.one AS SELECT 1", Test);
        Assert.Equal(2, Of(await writer.FactsAsync(database, Test)).StrangersInSchema);
        await server.ExecuteAsync($"DROP TYPE {GuardRules.Schema}.mood; DROP VIEW {GuardRules.Schema}.one", Test);

        await using (var probes = await Probes.ConnectAsync(LaneRules.Of(database, new FailoverTopology { Members = [] }, []), login, roots, false, 7, new ProbeTimes(), TimeProvider.System, Test))
        {
            Assert.Empty(probes.Silent);
            var (counted, rows) = (probes.Everything, Of(await writer.RowsAsync(database, Test)).Rows);
            Assert.Equivalent(new { Acknowledged = 2, Lost = 0, Unexpected = 0 }, WriteAudit.Of(counted, rows, 7));
        }

        Of(await writer.CleanUpAsync(database, Test));
        Assert.Null(Of(await writer.FactsAsync(database, Test)).SchemaOwner);
    }

    /// <summary>Aurora has this function in pg_catalog; one of its name elsewhere is somebody's trap.</summary>
    [Fact]
    public async Task Facts_FunctionOfAurorasNameElsewhere_IsNotCalled()
    {
        await using var server = await postgres.StartOwnAsync();
        await server.ExecuteAsync("CREATE FUNCTION public.aurora_db_instance_identifier() RETURNS text LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''called''; END'", Test);
        await using var admin = await server.OpenAdminAsync(Test);
        await using var command = new NpgsqlCommand(ProbeSql.Facts, admin);
        await using var reader = await command.ExecuteReaderAsync(Test);
        await reader.ReadAsync(Test);

        Assert.False(reader.GetBoolean(4));
    }

    private static T Of<T>(Attempt<T> attempt) => attempt.Succeeded(out var value, out var failure) ? value : throw new InvalidOperationException(failure.Sentence);
}
