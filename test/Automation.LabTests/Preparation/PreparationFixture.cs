using System.Globalization;
using Amazon.Runtime;
using Automation.Database;
using Automation.Lab;
using Automation.Lab.Gate;
using Automation.Lab.Postgres;
using Automation.LabTests.Fixtures;
using Automation.LabTests.Postgres;
using Automation.Secrets;

namespace Automation.LabTests.Preparation;

/// <summary>Tests that make and drop the automation's role of one server; one after the other.</summary>
[CollectionDefinition(nameof(PreparationFixture))]
public sealed class PreparationTests : ICollectionFixture<PreparationFixture>;

/// <summary>A real server behind a gate that checks IAM tokens, with a master password that is known by its looks wherever it turns up.</summary>
public sealed class PreparationFixture(PostgresFixture postgres, MotoFixture moto) : IAsyncLifetime
{
    internal const string Region = "il-central-1";

    /// <summary>The master password, and one that is wrong, begin with it.</summary>
    internal const string Canary = "canary-Zx81-";

    /// <summary>A key that may log in as the automation's role, and one that IAM denies <c>rds-db:connect</c>.</summary>
    internal static readonly SessionAWSCredentials Allowed = new("ASIAPREPAREALLOWED", "prepare/secret/allowed", "prepare-token-allowed");
    internal static readonly SessionAWSCredentials Denied = new("ASIAPREPAREDENIED", "prepare/secret/denied", "prepare-token-denied");

    private LabInstance? instance;
    private int cases;

    internal LabInstance Database => instance ?? throw new InvalidOperationException("The fixture has not been started.");

    internal MotoFixture Moto => moto;

    internal string CaBundlePath => postgres.Authority.BundlePath;

    internal TrustedRoots Roots => TrustedRoots.FromFile(CaBundlePath, "CA_BUNDLE_PATH");

    internal string MasterPassword { get; } = Canary + Guid.NewGuid().ToString("N");

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        instance = await LabInstance.StartAsync(new LabInstanceOptions
        {
            Id = "prepare",
            Binaries = await PostgresBinaries.ForMajorAsync(17, null, Test),
            Directory = postgres.Directory,
            Authority = postgres.Authority,
            Region = Region,
            MaxConnections = 30,
            Credentials = key => key switch
            {
                "ASIAPREPAREALLOWED" => Credential("prepare/secret/allowed", "prepare-token-allowed", LabInstance.AutomationUser),
                "ASIAPREPAREDENIED" => Credential("prepare/secret/denied", "prepare-token-denied"),
                _ => null,
            },
            Time = TimeProvider.System,
        }, Test);
        await SetMasterPasswordAsync(MasterPassword);
    }

    /// <summary>As its verifier, so that the server's log never has the password from us.</summary>
    internal Task SetMasterPasswordAsync(string password) =>
        Database.Server.ExecuteAsync($"ALTER ROLE {Database.Server.MasterUser} PASSWORD '{ScramVerifier.Of(new Concealed(password))}'", Test);

    public ValueTask DisposeAsync() => instance?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>A name no other test has.</summary>
    internal string NextName() => string.Create(CultureInfo.InvariantCulture, $"prepare-{Interlocked.Increment(ref cases)}");

    /// <summary>As on a server that nobody has prepared yet.</summary>
    internal Task ForgetRoleAsync() => Database.Server.ExecuteAsync($"""
        DO $$ BEGIN
            IF to_regrole('{LabInstance.AutomationUser}') IS NOT NULL THEN DROP OWNED BY {LabInstance.AutomationUser}; DROP ROLE {LabInstance.AutomationUser}; END IF;
        END $$
        """, Test);

    /// <summary>
    /// The server behind an endpoint that takes whoever has made a member of <c>rds_iam</c> for one too. From 16 on who makes a role
    /// is a member of it; nobody outside knows whether RDS follows that.
    /// </summary>
    internal DatabaseGate StartFollowingGate() => DatabaseGate.Start(new GateOptions
    {
        Kind = GateKind.Instance,
        PublicHost = Database.Registration.Endpoint.Host,
        Certificate = postgres.Authority.Issue(Database.Registration.Endpoint.Host).Certificate,
        Backend = Database.Server.EndPoint,
        IsIamUser = async (user, stop) =>
        {
            await using var admin = await Database.Server.OpenAdminAsync(stop);
            return await admin.ScalarAsync("""
                SELECT EXISTS (SELECT FROM pg_auth_members made JOIN pg_auth_members iam ON iam.member = made.roleid
                    WHERE made.member = to_regrole($1) AND iam.roleid = to_regrole('rds_iam'))
                """, user) is true;
        },
        Credentials = _ => null,
        Region = Region,
        Time = TimeProvider.System,
    });

    /// <summary>What the server has of the role; empty when there is none.</summary>
    internal async Task<string> RoleAsync()
    {
        await using var admin = await Database.Server.OpenAdminAsync(Test);
        return (string)(await admin.ScalarAsync("""
            SELECT coalesce(string_agg(line, E'\n' ORDER BY line), '') FROM (
                SELECT to_jsonb(r)::text AS line FROM pg_authid r WHERE r.rolname = $1
                UNION ALL SELECT to_jsonb(m)::text FROM pg_auth_members m WHERE pg_get_userbyid(m.member) = $1) AS lines
            """, LabInstance.AutomationUser))!;
    }

    private static GateCredential Credential(string secret, string token, params string[] roles) =>
        new() { SecretAccessKey = secret, SessionToken = token, ConnectAs = new HashSet<string>(roles) };
}
