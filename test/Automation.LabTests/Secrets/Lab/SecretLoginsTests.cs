using System.Net;
using System.Net.Sockets;
using Automation.Lab.Secrets;
using Automation.LabTests.Fixtures;
using static Automation.LabTests.Secrets.Lab.SecretsOnMoto;

namespace Automation.LabTests.Secrets.Lab;

/// <summary>What an application that logs in all the time sees, on real PostgreSQL behind the gate.</summary>
public sealed class SecretLoginsTests(MotoFixture moto, LoginsFixture fixture) : IClassFixture<LoginsFixture>
{
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("EachLogin")]
    [InlineData("KeptUntilRefused")]
    public async Task Rotation_AlternatingUsers_NoLoginFails(string reading)
    {
        await using var secrets = await StartAsync(moto);
        var rotation = new PasswordRotation(secrets, fixture.Database, $"a_{reading}", $"b_{reading}");
        var arn = await rotation.BeginAsync();
        await using var logins = Start(secrets, arn, Enum.Parse<SecretReading>(reading));
        rotation.BetweenSetAndFinish = () => SomeLoginsAsync(logins);

        // The third rotation changes the password of the user that was current two rotations ago.
        foreach (var token in new[] { Token("1"), Token("2"), Token("3") })
        {
            await SomeLoginsAsync(logins);
            await rotation.RotateAsync(arn, token);
            await SomeLoginsAsync(logins);
        }
        var summary = await logins.StopAsync();

        Assert.DoesNotContain(logins.Attempts.Entries, a => a.Result != LoginResult.Ok);
        Assert.Equal((summary.Logins, 0, TimeSpan.Zero), (summary.Ok, summary.Failures, summary.LongestGap));
        var used = logins.Attempts.Entries.Select(a => a.VersionId).Distinct().Count();
        if (reading == "EachLogin") Assert.Equal((4, 0), (used, summary.ReadAgain));
        // The password that was kept works until its user's turn comes again.
        else Assert.True(used < 4 && summary.ReadAgain > 0);
    }

    [Theory]
    [InlineData("EachLogin")]
    [InlineData("KeptUntilRefused")]
    public async Task Rotation_SingleUser_LoginsAreRefusedBetweenSetAndFinishAlone(string reading)
    {
        await using var secrets = await StartAsync(moto);
        var rotation = new PasswordRotation(secrets, fixture.Database, $"single_{reading}");
        var arn = await rotation.BeginAsync();
        await using var logins = Start(secrets, arn, Enum.Parse<SecretReading>(reading));
        await SomeLoginsAsync(logins);
        rotation.BetweenSetAndFinish = () => FirstAsync(logins, LoginResult.Refused);

        var began = TimeProvider.System.GetUtcNow();
        await rotation.RotateAsync(arn, Token("new"));
        var ended = TimeProvider.System.GetUtcNow();
        await SomeLoginsAsync(logins);
        var summary = await logins.StopAsync();

        Assert.Equal(0, summary.Errors);
        Assert.NotEqual(0, summary.Refused);
        Assert.All(logins.Attempts.Entries.Where(a => a.Result == LoginResult.Refused),
            a => Assert.StartsWith("28P01: ", a.Error, StringComparison.Ordinal));
        // A login that began before the rotation may be the first that is refused, and one that began in it the last.
        Assert.True(summary.FirstFailure >= began - Limit && summary.LastFailure <= ended);
        Assert.True(summary.LongestGap > TimeSpan.Zero);
        Assert.Equal(reading == "KeptUntilRefused", summary.ReadAgain > 0);
        Assert.Equal(Token("new"), logins.Attempts.Entries.MaxBy(a => a.At)!.VersionId);
    }

    [Fact]
    public async Task Logins_SecretThatIsNotThere_IsAnErrorNotARefusal()
    {
        await using var secrets = await StartAsync(moto);
        await using var logins = Start(secrets, "lab/nobody", SecretReading.KeptUntilRefused);

        var attempt = await FirstAsync(logins, LoginResult.Error);

        Assert.StartsWith("ResourceNotFoundException", attempt.Error, StringComparison.Ordinal);
        Assert.Null(attempt.VersionId);
    }

    [Fact]
    public async Task Logins_ServerThatNeverAnswers_EndAtTheirLimit()
    {
        await using var secrets = await StartAsync(moto);
        var (arn, _) = await secrets.CreateAsync("""{"username":"u","password":"p"}""");
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var logins = SecretLogins.Start(Options(secrets, arn, SecretReading.EachLogin) with
        {
            Login = (user, password) => new($"Host=127.0.0.1;Port={((IPEndPoint)silent.LocalEndpoint).Port};Username={user};Password={password}"),
            Limit = TimeSpan.FromSeconds(1),
            AtOnce = 2,
        });

        await FirstAsync(logins, LoginResult.Error);
        var summary = await logins.StopAsync();

        Assert.Equal(summary.Logins, summary.Errors);
        Assert.Equal(0, summary.Ok);
    }

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private SecretLogins Start(SecretsOnMoto secrets, string secret, SecretReading reading) => SecretLogins.Start(Options(secrets, secret, reading));

    private SecretLoginsOptions Options(SecretsOnMoto secrets, string secret, SecretReading reading) => new()
    {
        Secrets = secrets.Client,
        SecretId = secret,
        Login = (user, password) => fixture.Database.Login(user, password, "logins"),
        Reading = reading,
        Limit = Limit,
        // Always one underway; more would only take the processors from the rotation.
        AtOnce = 3,
        Time = TimeProvider.System,
    };

    private async Task SomeLoginsAsync(SecretLogins logins)
    {
        using var deadline = Deadline();
        for (var i = 0; i < 3; i++) await logins.NextSuccessAsync(deadline.Token);
    }

    private async Task<LoginAttempt> FirstAsync(SecretLogins logins, LoginResult result)
    {
        using var deadline = Deadline();
        return await logins.Attempts.FirstAsync(a => a.Result == result, deadline.Token);
    }

    private CancellationTokenSource Deadline()
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        source.CancelAfter(TimeSpan.FromSeconds(60));
        return source;
    }
}
