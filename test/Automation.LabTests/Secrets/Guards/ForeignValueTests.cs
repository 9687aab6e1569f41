using Automation.LabTests.Database;

namespace Automation.LabTests.Secrets.Guards;

/// <summary>
/// The confused deputy: a value that somebody else wrote names another host or another role. No socket is opened to that
/// host, and nobody logs in as that role.
/// </summary>
[Collection(nameof(RotationGuardTests))]
public sealed class ForeignValueTests(RotationFixture fixture)
{
    private const string Stranger = "stranger";

    public static TheoryData<string, string, string> PendingCases
    {
        get
        {
            var all = new TheoryData<string, string, string>();
            foreach (var step in (string[])["createSecret", "setSecret", "testSecret", "finishSecret"])
            {
                all.Add(step, "host", "pending-host-differs");
                all.Add(step, "port", "pending-host-differs");
                all.Add(step, "username", "pending-user-differs");
                all.Add(step, "usernames", "pending-differs");
                all.Add(step, "masterarn", "pending-differs");
            }
            return all;
        }
    }

    [Theory, MemberData(nameof(PendingCases))]
    public async Task Step_PendingVersionIsForeign_OpensNoSocket(string step, string member, string reason)
    {
        await using var elsewhere = ScriptedServer.Start(client => client.DrainAsync());
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(SecretKind.SingleUser);
        var token = await account.OpenWithPendingAsync(secret, (member, member switch
        {
            // The same machine by another name; and the port at which somebody listens.
            "host" => "127.0.0.1",
            "port" => elsewhere.Port,
            "username" => Stranger,
            "usernames" => new[] { secret.Users[0], Stranger },
            _ => "arn:aws:secretsmanager:eu-north-1:123456789012:secret:mine-AbCdEf",
        }), ("port", member == "host" || member == "port" ? elsewhere.Port : fixture.Database.Gate.Port));
        var sockets = fixture.Database.Gate.Counts.Accepted;

        await account.RefusedAsync(secret, token, step, reason);

        Assert.Empty(elsewhere.Conversations);
        Assert.Equal(sockets, fixture.Database.Gate.Counts.Accepted);
        Assert.DoesNotContain(Stranger, account.Output.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("host")]
    [InlineData("username")]
    public async Task Set_PreviousVersionIsForeign_IsNotTried(string member)
    {
        await using var elsewhere = ScriptedServer.Start(client => client.DrainAsync());
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(SecretKind.SingleUser);
        // The first version becomes the previous one, and names somewhere or somebody else.
        var first = await account.CurrentWithAsync(secret);
        await PutCurrentAsync(secret, await account.CurrentWithAsync(secret, member == "host" ? ("port", elsewhere.Port) : ("username", Stranger)));
        await PutCurrentAsync(secret, first);
        await fixture.SqlAsync($"ALTER ROLE {secret.Users[0]} PASSWORD 'set-by-hand'");
        var token = await account.OpenWithPendingAsync(secret);
        var (options, logins) = Recorded();

        await account.RefusedAsync(secret, token, "setSecret", "no-version-logs-in", options);

        Assert.Empty(elsewhere.Conversations);
        Assert.All(logins().Tried, login => Assert.Equal((RotationFixture.Host, fixture.Database.Gate.Port, secret.Users[0]), login));
    }

    [Theory]
    [InlineData("createSecret")]
    [InlineData("setSecret")]
    public async Task Step_AdministratorIsOfAnotherHost_IsNotTried(string step)
    {
        await using var elsewhere = ScriptedServer.Start(client => client.DrainAsync());
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(SecretKind.AdministratorBySecret);
        await fixture.Aws.SecretsManager.PutSecretValueAsync(new()
        {
            SecretId = secret.AdministratorArn,
            SecretString = $$"""{"host":"127.0.0.1","port":{{elsewhere.Port}},"username":"{{secret.Administrator}}","password":"{{secret.AdministratorPassword}}"}""",
        }, TestContext.Current.CancellationToken);
        var token = RotationSecret.NewToken();
        if (step == "setSecret") token = await account.OpenWithPendingAsync(secret);
        else await account.Rotations.OpenAsync(secret.Arn, token);
        var (options, logins) = Recorded();

        await account.RefusedAsync(secret, token, step, "administrator-host-differs", options);

        Assert.Empty(elsewhere.Conversations);
        Assert.DoesNotContain(logins().Tried, login => login.User == secret.Administrator);
    }

    /// <summary>The administrator's secret has a port of its own, which is not asked: it counts for the host of the secret.</summary>
    [Fact]
    public async Task Set_AdministratorNamesAnotherPort_IsTriedAtTheSecretsOwn()
    {
        await using var elsewhere = ScriptedServer.Start(client => client.DrainAsync());
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(SecretKind.AdministratorBySecret);
        await fixture.Aws.SecretsManager.PutSecretValueAsync(new()
        {
            SecretId = secret.AdministratorArn,
            SecretString = $$"""{"host":"{{RotationFixture.Host}}","port":{{elsewhere.Port}},"username":"{{secret.Administrator}}","password":"{{secret.AdministratorPassword}}"}""",
        }, TestContext.Current.CancellationToken);

        var run = await account.RotateAsync(secret, account.Warm());

        Assert.True(run.Succeeded, run.Error);
        Assert.Empty(elsewhere.Conversations);
    }

    [Theory]
    [InlineData("host", "observe")]
    [InlineData("host", "act")]
    [InlineData("username", "observe")]
    [InlineData("username", "act")]
    public async Task Recovery_VersionsAreForeign_AreNotTried(string member, string mode)
    {
        await using var elsewhere = ScriptedServer.Start(client => client.DrainAsync());
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(SecretKind.AdministratorByIam);
        var first = await account.CurrentWithAsync(secret);
        for (var turn = 0; turn < 3; turn++)
            await PutCurrentAsync(secret, await account.CurrentWithAsync(secret, member == "host" ? ("port", elsewhere.Port) : ("username", Stranger), ("turn", turn)));
        await PutCurrentAsync(secret, first);
        await fixture.SqlAsync($"ALTER ROLE {secret.Users[0]} PASSWORD 'set-by-hand'");
        var roles = await fixture.Database.Server.FingerprintAsync();
        var (options, logins) = Recorded();

        await account.RecoverAsync(secret, mode, options);

        Assert.Contains("no-version-logs-in", account.Output.Text, StringComparison.Ordinal);
        Assert.Empty(elsewhere.Conversations);
        Assert.All(logins().Tried, login => Assert.Equal((RotationFixture.Host, fixture.Database.Gate.Port), (login.Host, login.Port)));
        Assert.DoesNotContain(logins().Tried, login => login.User == Stranger);
        Assert.Equal(roles, await fixture.Database.Server.FingerprintAsync());
    }

    private static (RotationOptions Options, Func<RecordingLogins> Logins) Recorded()
    {
        RecordingLogins? recording = null;
        return (new RotationOptions { Logins = inner => recording = new RecordingLogins(inner) }, () => recording!);
    }

    private async Task PutCurrentAsync(RotationSecret secret, string value) => await fixture.Aws.SecretsManager.PutSecretValueAsync(
        new() { SecretId = secret.Arn, SecretString = value }, TestContext.Current.CancellationToken);
}
