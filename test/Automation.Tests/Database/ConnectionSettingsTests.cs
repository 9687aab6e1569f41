using Automation.Database;
using Npgsql;

namespace Automation.Tests.Database;

public sealed class ConnectionSettingsTests
{
    private static readonly DataSourceOptions Options = new() { ApplicationName = "test" };
    private static readonly PasswordLogin Password = new("app", "canary-password");
    private static readonly IamLogin Iam = new("automation", TestTokens.New(ManualClock.AtNoon()));

    public static TheoryData<EndpointKind> Kinds => [.. Enum.GetValues<EndpointKind>()];

    [Theory, MemberData(nameof(Kinds))]
    public void Settings_EveryEndpoint_VerifyTheServerAndNeverFallBack(EndpointKind kind)
    {
        var settings = Settings(kind, Password);

        Assert.Equal(SslMode.VerifyFull, settings.SslMode);
        Assert.Equal(SslNegotiation.Postgres, settings.SslNegotiation);
        Assert.Equal(GssEncryptionMode.Disable, settings.GssEncryptionMode);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Settings_EveryEndpoint_HaveNothingThatPinsAProxySessionOrSurprises(EndpointKind kind)
    {
        var settings = Settings(kind, Password);

        Assert.Null(settings.Options);
        Assert.Null(settings.SearchPath);
        Assert.Equal(0, settings.MaxAutoPrepare);
        Assert.False(settings.Multiplexing);
        Assert.False(settings.Enlist);
        Assert.Equal(kind == EndpointKind.Proxy, settings.NoResetOnClose);
    }

    [Fact]
    public void Settings_Password_OnlyScramAndNotInTheString()
    {
        var settings = Settings(EndpointKind.Instance, Password);

        Assert.Equal("ScramSHA256", settings.RequireAuth);
        Assert.DoesNotContain("canary-password", settings.ConnectionString, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_Iam_OnlyTheTokenExchange() =>
        Assert.Equal("Password", Settings(EndpointKind.Instance, Iam).RequireAuth);

    [Fact]
    public void Settings_Times_AreShortAndRoundedUp()
    {
        var settings = ConnectionSettings.For(Endpoint(EndpointKind.Instance), Password, Options with
        {
            ConnectTimeout = TimeSpan.FromMilliseconds(1200),
            CommandTimeout = TimeSpan.FromSeconds(7),
            ConnectionLifetime = TimeSpan.FromMinutes(1),
        });

        Assert.Equal((2, 7, 60), (settings.Timeout, settings.CommandTimeout, settings.ConnectionLifetime));
        Assert.Equal(-1, settings.CancellationTimeout);
        Assert.True(settings.TcpKeepAlive);
    }

    [Fact]
    public void Settings_ZeroTimeout_IsRefusedBecauseItMeansNone()
    {
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => ConnectionSettings.For(Endpoint(EndpointKind.Instance), Password,
            Options with { ConnectTimeout = TimeSpan.Zero }));

        Assert.Equal(nameof(DataSourceOptions.ConnectTimeout), e.ParamName);
    }

    [Fact]
    public void Settings_NoApplicationName_IsRefusedBecauseTheEnvironmentWouldGiveOne() =>
        Assert.Throws<ArgumentException>(() => ConnectionSettings.For(Endpoint(EndpointKind.Instance), Password,
            Options with { ApplicationName = " " }));

    [Fact]
    public async Task DataSource_OfBothLogins_ShowsNoSecret()
    {
        await using var source = RdsDataSource.Create(Endpoint(EndpointKind.Proxy), Password, TrustedRoots.Bundled, Options, TimeProvider.System);

        Assert.DoesNotContain("canary-password", source.DataSource.ConnectionString, StringComparison.Ordinal);
        Assert.DoesNotContain("canary-password", Password.ToString(), StringComparison.Ordinal);
        Assert.Contains("app", Password.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PGOPTIONS")]
    [InlineData("PGSSLCERT")]
    [InlineData("PGSSLKEY")]
    public void Environment_VariableThatCannotBeOverruled_IsRefusedByName(string name)
    {
        var e = Assert.Throws<InvalidOperationException>(() => DriverEnvironment.Check(asked => asked == name ? "-c role=postgres" : null));

        Assert.Contains(name, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("role=postgres", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Environment_Clean_IsAccepted() => DriverEnvironment.Check(name => name == "PGOPTIONS" ? "" : null);

    [Theory]
    [InlineData("")]
    [InlineData("one,two")]
    [InlineData("fe80::1%a,b")]
    [InlineData("[::1%a b]")]
    [InlineData("d\u0430tabase.example.com")]
    [InlineData("/var/run/postgresql")]
    [InlineData("@abstract")]
    [InlineData("host name")]
    public void Endpoint_NotOneHost_IsRefused(string host)
    {
        var e = Assert.Throws<ArgumentException>(() => new DatabaseEndpoint(host, 5432, EndpointKind.Instance));

        Assert.Equal("host", e.ParamName);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65536)]
    public void Endpoint_NoPort_IsRefused(int port) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new DatabaseEndpoint("localhost", port, EndpointKind.Instance));

    [Fact]
    public void Login_WithoutUserOrPassword_IsRefusedBecauseTheEnvironmentWouldGiveOne()
    {
        Assert.Throws<ArgumentException>(() => new PasswordLogin("", "x"));
        Assert.Throws<ArgumentException>(() => new PasswordLogin("app", ""));
    }

    private static DatabaseEndpoint Endpoint(EndpointKind kind) => new("db.example.com", 5432, kind);

    // Through the string, as Npgsql itself reads the settings.
    private static NpgsqlConnectionStringBuilder Settings(EndpointKind kind, DatabaseLogin login) =>
        new(ConnectionSettings.For(Endpoint(kind), login, Options).ConnectionString);
}
