using System.Security.Cryptography.X509Certificates;
using Automation.Database;
using Automation.Tests.Database;
using Npgsql;

namespace Automation.LabTests.Database;

/// <summary>The library as a service sets it up, trusting one test authority; and that authority's honest server.</summary>
internal sealed class TestClient : IDisposable
{
    public const string Password = "canary-Passw0rd";
    private readonly string roots = Path.GetTempFileName();

    public TestClient()
    {
        Tokens = TestTokens.New(Clock);
        Certificate = Authority.Issue(Tricks.Host);
        File.WriteAllText(roots, Authority.Pem);
    }

    public TestAuthority Authority { get; } = TestAuthority.Create();

    /// <summary>For the host that the client asks for, from the authority it trusts.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>Dates the tokens; keeps the deadlines where a test asks for it.</summary>
    public ManualClock Clock { get; } = ManualClock.AtNoon();

    public IamTokens Tokens { get; }

    /// <summary>The driver's own limits are a minute: what ends earlier was not ended by them.</summary>
    public RdsDataSource Source(ScriptedServer server, TestLogin login, TimeProvider clock, EndpointKind kind = EndpointKind.Instance) =>
        RdsDataSource.Create(
            new DatabaseEndpoint(Tricks.Host, server.Port, kind),
            login switch
            {
                TestLogin.Iam => new IamLogin("automation", Tokens),
                TestLogin.Password => new PasswordLogin("app", Password),
                _ => throw new ArgumentOutOfRangeException(nameof(login)),
            },
            TrustedRoots.FromFile(roots, "test"),
            new DataSourceOptions
            {
                ApplicationName = "ours",
                Pooling = false,
                ConnectTimeout = TimeSpan.FromMinutes(1),
                CommandTimeout = TimeSpan.FromMinutes(1),
            },
            clock);

    public ValueTask<string> TokenForAsync(ScriptedServer server) => Tokens.GetAsync(Tricks.Host, server.Port, "automation");

    /// <summary>Tries to open and must not; ends when the server has every byte. What it was told names no secret.</summary>
    public async Task<DatabaseFailure> FailToOpenAsync(ScriptedServer server, TestLogin login)
    {
        await using var source = Source(server, login, TimeProvider.System);
        var attempt = await source.OpenAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.False(attempt.Succeeded(out _, out var failure));
        // It ended because of what the server did.
        Assert.DoesNotContain("No answer within", failure.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, failure.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Amz", failure.Sentence, StringComparison.Ordinal);
        await server.AllEndedAsync();
        return failure;
    }

    /// <summary>Asks for the token, takes whatever comes and lets the client in.</summary>
    public async Task LetInAsync(Conversation client)
    {
        await client.StartTlsAsync(Certificate);
        await client.ReadUntypedAsync();
        await client.AskForAuthenticationAsync(Messages.Cleartext);
        await client.ReadMessageAsync();
        await client.LetInAsync();
    }

    public static async Task<object?> SelectOneAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand("SELECT 1", connection);
        return await command.ExecuteScalarAsync(stop);
    }

    public void Dispose()
    {
        Certificate.Dispose();
        Authority.Dispose();
        File.Delete(roots);
    }
}
