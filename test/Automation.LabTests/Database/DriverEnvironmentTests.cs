using System.Text;
using Automation.Database;
using Automation.Tests.Database;

namespace Automation.LabTests.Database;

/// <summary>Changes the process's environment, so nothing else may run beside it.</summary>
[CollectionDefinition(nameof(DriverEnvironmentTests), DisableParallelization = true)]
public sealed class DriverEnvironmentAlone;

/// <summary>What lies in PG* variables neither weakens nor breaks a login, and does not reach the server.</summary>
[Collection(nameof(DriverEnvironmentTests))]
public sealed class DriverEnvironmentTests : IDisposable
{
    private static readonly Dictionary<string, string> Hostile = new()
    {
        ["PGUSER"] = "somebody",
        ["PGPASSWORD"] = "something",
        ["PGPASSFILE"] = "/nonexistent/pgpass",
        ["PGAPPNAME"] = "hostile",
        ["PGTZ"] = "Mars/Olympus",
        ["PGCLIENTENCODING"] = "LATIN1",
        ["PGSSLROOTCERT"] = "/nonexistent/root.crt",
        ["PGSSLNEGOTIATION"] = "direct",
        ["PGGSSENCMODE"] = "require",
        ["PGREQUIREAUTH"] = "none",
        ["PGTARGETSESSIONATTRS"] = "read-write",
        ["PGSSLMODE"] = "disable",
        ["PGHOST"] = "elsewhere.example.com",
        ["PGPORT"] = "1",
        ["PGDATABASE"] = "elsewhere",
    };

    private readonly TestAuthority authority = TestAuthority.Create();
    private readonly string roots = Path.GetTempFileName();

    public DriverEnvironmentTests()
    {
        File.WriteAllText(roots, authority.Pem);
        foreach (var (name, value) in Hostile) Environment.SetEnvironmentVariable(name, value);
    }

    [Theory]
    [InlineData(EndpointKind.Instance)]
    [InlineData(EndpointKind.Proxy)]
    public async Task Open_HostileVariables_TheServerHearsNothingOfThem(EndpointKind kind)
    {
        using var certificate = authority.Issue(Tricks.Host);
        var startup = new TaskCompletionSource<string>();
        await using var server = ScriptedServer.Start(async client =>
        {
            await client.StartTlsAsync(certificate);
            startup.SetResult(Encoding.UTF8.GetString((await client.ReadUntypedAsync())[4..]));
            await client.AskForAuthenticationAsync(Messages.Cleartext);
            await client.ReadMessageAsync();
            await client.LetInAsync();
            await client.DrainAsync();
        });
        await using var source = RdsDataSource.Create(
            new DatabaseEndpoint(Tricks.Host, server.Port, kind),
            new IamLogin("automation", TestTokens.New(ManualClock.AtNoon())),
            TrustedRoots.FromFile(roots, "test"),
            new DataSourceOptions { ApplicationName = "ours", Pooling = false },
            TimeProvider.System);

        var attempt = await source.OpenAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.True(attempt.Succeeded(out var session, out var failure), failure?.Sentence);
        await session.DisposeAsync();
        var words = (await startup.Task).TrimEnd('\0').Split('\0');
        Assert.Equal(
            ["TimeZone=UTC", "application_name=ours", "client_encoding=UTF8", "database=postgres", "user=automation"],
            words.Chunk(2).Select(pair => $"{pair[0]}={pair[1]}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Create_VariableThatCannotBeOverruled_IsRefusedByName()
    {
        Environment.SetEnvironmentVariable("PGOPTIONS", "-c search_path=evil");

        var e = Assert.Throws<InvalidOperationException>(() => RdsDataSource.Create(
            new DatabaseEndpoint(Tricks.Host, 5432, EndpointKind.Instance), new PasswordLogin("app", "secret"),
            TrustedRoots.Bundled, new DataSourceOptions { ApplicationName = "ours" }, TimeProvider.System));

        Assert.Contains("PGOPTIONS", e.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        foreach (var name in Hostile.Keys.Append("PGOPTIONS")) Environment.SetEnvironmentVariable(name, null);
        authority.Dispose();
        File.Delete(roots);
    }
}
