using System.Text;
using Automation.Database;
using Automation.LabTests.Database;
using Automation.Secrets;

namespace Automation.LabTests.Secrets.Guards;

/// <summary>
/// A server that wants the password without proving who it is, or in another form than SCRAM, met by each step of a rotation:
/// it gets none, and nothing is written anywhere. What it received is read from its bytes.
/// </summary>
[Collection(nameof(RotationGuardTests))]
public sealed class HostileServerTests(RotationFixture fixture) : IDisposable
{
    private readonly TestClient ours = new();
    private readonly string roots = Path.GetTempFileName();

    public static TheoryData<string, SecretKind, string> BeforeTls => Each(Tricks.BeforeTls.Keys);

    public static TheoryData<string, SecretKind, string> AroundTheHandshake => Each(Tricks.AroundTheHandshake.Keys);

    public static TheoryData<int, string> OtherLogins
    {
        get
        {
            var all = new TheoryData<int, string>();
            foreach (var kind in (int[])[Messages.Cleartext, Messages.Md5, Messages.Gss, Messages.Ok])
                foreach (var step in (string[])["createSecret", "setSecret", "testSecret", "finishSecret"]) all.Add(kind, step);
            return all;
        }
    }

    [Theory, MemberData(nameof(BeforeTls))]
    public async Task Step_ServerAvoidsTls_GetsTheRequestForTlsAndNothingElse(string trick, SecretKind kind, string step)
    {
        await using var server = ScriptedServer.Start(client => Tricks.BeforeTls[trick](client, ours.Authority));

        await RefusedAsync(server, kind, step, "tls-not-verified");

        Assert.All(server.Conversations, client => Assert.Equal(Messages.SslRequest, client.Wire));
    }

    [Theory, MemberData(nameof(AroundTheHandshake))]
    public async Task Step_ServerIsNotVerified_GetsNothingInsideTls(string trick, SecretKind kind, string step)
    {
        await using var server = ScriptedServer.Start(client => Tricks.AroundTheHandshake[trick](client, ours.Authority));

        await RefusedAsync(server, kind, step, "tls-not-verified");

        Assert.All(server.Conversations, client =>
        {
            Assert.Equal(Messages.SslRequest, client.InTheClear);
            Assert.Empty(client.InsideTls);
        });
    }

    /// <summary>The server is the right one, and asks for a password in another form: it gets the role's name and no password.</summary>
    [Theory, MemberData(nameof(OtherLogins))]
    public async Task Step_VerifiedServerAsksForAnotherLogin_GetsNoPassword(int kind, string step)
    {
        await using var server = ScriptedServer.Start(async client =>
        {
            await client.StartTlsAsync(ours.Certificate);
            await client.ReadUntypedAsync();
            await client.AskForAuthenticationAsync(kind, kind == Messages.Md5 ? Messages.Md5Salt : []);
            await client.DrainAsync();
        });

        var secret = await RefusedAsync(server, SecretKind.SingleUser, step, "login-not-scram");

        foreach (var sent in server.Conversations.Select(client => client.InsideTls))
        {
            // The automation's own login answers a request for its token, which is good for this host alone; the role's answers nothing.
            if (Encoding.UTF8.GetString(sent).Contains($"user\0{secret.Users[0]}\0", StringComparison.Ordinal))
            {
                byte[] afterStartup = [.. sent.Skip(sent[3])];
                Assert.True(afterStartup is [] || afterStartup.SequenceEqual(Messages.Of('X')), Convert.ToHexString(afterStartup));
            }
        }
    }

    public void Dispose()
    {
        ours.Dispose();
        File.Delete(roots);
    }

    /// <summary>Runs the step against the server, and holds that it met it, told it no password and changed nothing.</summary>
    private async Task<RotationSecret> RefusedAsync(ScriptedServer server, SecretKind kind, string step, string reason)
    {
        await File.WriteAllTextAsync(roots, ours.Authority.Pem, TestContext.Current.CancellationToken);
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(kind, members => new(members) { ["host"] = Tricks.Host, ["port"] = server.Port });
        string token;
        if (step == "createSecret") await account.Rotations.OpenAsync(secret.Arn, token = RotationSecret.NewToken());
        else token = await account.OpenWithPendingAsync(secret);
        var next = await account.ValueAsync(secret, token);
        var options = new RotationOptions { Logins = _ => new RoleLogins(TrustedRoots.FromFile(roots, "test"), TimeProvider.System) };

        await account.RefusedAsync(secret, token, step, reason, options);
        await server.AllEndedAsync();

        Assert.NotEmpty(server.Conversations);
        foreach (var password in (string?[])[secret.FirstPassword, next?.Password.Value, secret.AdministratorPassword])
        {
            if (password is null) continue;
            Assert.All(server.Conversations, client => Assert.False(Has(client.Wire, password) || Has(client.InsideTls, password)));
        }
        return secret;
    }

    private static bool Has(byte[] bytes, string text) => bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    // Who logs in first: the role itself, or with setSecret the administrator by a password or a token.
    private static TheoryData<string, SecretKind, string> Each(IEnumerable<string> tricks)
    {
        var all = new TheoryData<string, SecretKind, string>();
        foreach (var trick in tricks)
        {
            foreach (var step in (string[])["createSecret", "setSecret", "testSecret", "finishSecret"]) all.Add(trick, SecretKind.SingleUser, step);
            all.Add(trick, SecretKind.AdministratorBySecret, "setSecret");
            all.Add(trick, SecretKind.AdministratorByIam, "setSecret");
        }
        return all;
    }
}
