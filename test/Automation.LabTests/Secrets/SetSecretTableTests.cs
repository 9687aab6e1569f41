using System.Collections.Concurrent;
using Automation.Database;
using Automation.LabTests.Postgres;
using Automation.Secrets;

namespace Automation.LabTests.Secrets;

/// <summary>
/// What setSecret does for every combination that a server can be in: which of the passwords is the role's, and which logins
/// find no server. Whether anything was written is read from the server's catalog.
/// </summary>
[Collection(nameof(RotationMatrixTests))]
public sealed class SetSecretTableTests(RotationFixture fixture, ITestOutputHelper output)
{
    private const int Beside = 6;
    private const string Unavailable = "DatabaseUnavailable";

    private static readonly LoginState[] States = Enum.GetValues<LoginState>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // A role has one password, so at most one of the three logs in.
    private static IEnumerable<Row> OfOneRole(bool withAdministrator) =>
        from pending in States
        from current in States
        from previous in States
        from administrator in withAdministrator ? States : [LoginState.LoggedIn]
        where new[] { pending, current, previous }.Count(state => state == LoginState.LoggedIn) <= 1
        select new Row(pending, current, previous, administrator);

    private static IEnumerable<Row> OfPair() =>
        from pending in States
        from current in States
        from administrator in States
        select new Row(pending, current, LoginState.Refused, administrator);

    [Fact]
    public Task SetSecret_SingleUser_WritesOnlyWithAProvenCurrentPassword() => RunAsync(SecretKind.SingleUser, OfOneRole(false), row => row switch
    {
        // What cannot be tested after it was set stays for the retry.
        { Current: LoginState.LoggedIn, Pending: LoginState.Unavailable } => (true, "ChangedUntested"),
        { Current: LoginState.LoggedIn } => (true, null),
        _ => (false, NotChanged(row)),
    });

    [Fact]
    public Task SetSecret_Administrator_WritesOnlyWithAProvenCurrentPassword() => RunAsync(SecretKind.AdministratorBySecret, OfOneRole(true), row => row switch
    {
        { Current: LoginState.LoggedIn, Administrator: LoginState.Unavailable } => (false, Unavailable),
        { Current: LoginState.LoggedIn, Administrator: LoginState.Refused } => (false, "AdministratorRefused"),
        { Current: LoginState.LoggedIn, Pending: LoginState.Unavailable } => (true, "ChangedUntested"),
        { Current: LoginState.LoggedIn } => (true, null),
        _ => (false, NotChanged(row)),
    });

    [Fact]
    public Task SetSecret_AlternatingUsers_WritesOnlyWithAProvenCurrentPassword() => RunAsync(SecretKind.AlternatingBySecret, OfPair(), row => row switch
    {
        { Current: LoginState.Unavailable } => (false, Unavailable),
        { Pending: LoginState.LoggedIn } => (false, null),
        { Current: LoginState.Refused } => (false, "CurrentRefused"),
        { Pending: LoginState.Unavailable } => (false, Unavailable),
        { Administrator: LoginState.Unavailable } => (false, Unavailable),
        { Administrator: LoginState.Refused } => (false, "AdministratorRefused"),
        _ => (true, null),
    });

    private static string? NotChanged(Row row) => row switch
    {
        { Current: LoginState.Unavailable } => Unavailable,
        { Pending: LoginState.Unavailable } => Unavailable,
        { Pending: LoginState.LoggedIn } => null,
        { Previous: LoginState.LoggedIn } => "PreviousLogsIn",
        { Previous: LoginState.Refused } => "NoVersionLogsIn",
        _ => "CurrentRefused",
    };

    private async Task RunAsync(SecretKind kind, IEnumerable<Row> rows, Func<Row, (bool Writes, string? ErrorType)> expected)
    {
        var wrong = new ConcurrentBag<string>();
        var count = 0;
        await Parallel.ForEachAsync(rows, new ParallelOptions { MaxDegreeOfParallelism = Beside, CancellationToken = Cancellation }, async (row, _) =>
        {
            var happened = await RunAsync(kind, row);
            if (happened != expected(row)) wrong.Add($"{row}: {happened}, not {expected(row)}");
            Interlocked.Increment(ref count);
        });
        output.WriteLine($"{kind}: {count} rows");
        Assert.True(wrong.IsEmpty, $"{wrong.Count} rows went otherwise:\n{string.Join('\n', wrong.Order(StringComparer.Ordinal))}");
    }

    private async Task<(bool Wrote, string? ErrorType)> RunAsync(SecretKind kind, Row row)
    {
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(kind);
        var before = secret.FirstVersion;
        if (!secret.IsAlternating)
        {
            // So that there is a previous version.
            var run = await account.RotateAsync(secret, account.Warm());
            Assert.True(run.Succeeded, run.Error);
            before = run.Token;
        }
        var token = RotationSecret.NewToken();
        await account.Rotations.OpenAsync(secret.Arn, token);
        var created = await RotationAccount.StepAsync(secret, token, "createSecret", account.Cold());
        Assert.True(created.Succeeded, created.ErrorMessage);
        var (current, pending) = ((await account.ValueAsync(secret, before))!, (await account.ValueAsync(secret, token))!);
        await ArrangeAsync(secret, row, current, pending);

        var unavailable = new HashSet<string>();
        if (row.Current == LoginState.Unavailable) unavailable.Add(current.Password.Value);
        if (row.Pending == LoginState.Unavailable) unavailable.Add(pending.Password.Value);
        if (row.Previous == LoginState.Unavailable) unavailable.Add(secret.FirstPassword);
        if (row.Administrator == LoginState.Unavailable) unavailable.Add(secret.AdministratorPassword!);
        var roles = await RolesAsync(secret);
        var answer = await RotationAccount.StepAsync(secret, token, "setSecret",
            account.Cold(new RotationOptions { Logins = logins => new SilentLogins(logins, unavailable) }));
        return (!Equals(roles, await RolesAsync(secret)), answer.ErrorType);
    }

    /// <summary>Gives the roles the passwords of the row.</summary>
    private async Task ArrangeAsync(RotationSecret secret, Row row, SecretDocument current, SecretDocument pending)
    {
        var nobodys = PasswordGenerator.Next();
        var password = row switch
        {
            { Current: LoginState.LoggedIn } when !secret.IsAlternating => current.Password,
            { Pending: LoginState.LoggedIn } => pending.Password,
            { Previous: LoginState.LoggedIn } => new Concealed(secret.FirstPassword),
            _ => nobodys,
        };
        await SetAsync(pending.Username, password);
        if (secret.IsAlternating && row.Current == LoginState.Refused) await SetAsync(current.Username, nobodys);
        if (row.Administrator == LoginState.Refused) await SetAsync(secret.Administrator!, nobodys);
    }

    private Task SetAsync(string role, Concealed password) => fixture.SqlAsync($"ALTER ROLE {role} PASSWORD '{ScramVerifier.Of(password)}'");

    /// <summary>Everything the server keeps of the secret's roles, and of those that no test changes.</summary>
    private async Task<object?> RolesAsync(RotationSecret secret)
    {
        string[] own = [.. secret.Users, .. new[] { secret.Owner, secret.Administrator }.OfType<string>()];
        await using var admin = await fixture.Database.Server.OpenAdminAsync(Cancellation);
        return (string?)await admin.ScalarAsync(
            "SELECT md5(string_agg(to_jsonb(a)::text, ',' ORDER BY oid)) FROM pg_authid a WHERE rolname !~ '^rot[0-9]' OR rolname = ANY ($1)", (object)own);
    }

    private sealed record Row(LoginState Pending, LoginState Current, LoginState Previous, LoginState Administrator);

    /// <summary>For these passwords there is no server.</summary>
    private sealed class SilentLogins(IRoleLogins logins, HashSet<string> passwords) : IRoleLogins
    {
        public async Task<Attempt<IRoleSession>> OpenAsync(SecretDocument secret, DatabaseLogin login, CancellationToken cancellation) =>
            login is PasswordLogin { Password: var password } && passwords.Contains(password)
                ? new(new DatabaseFailure(FailureClass.Unreachable, "no answer"))
                : await logins.OpenAsync(secret, login, cancellation);
    }
}
