using System.Net;
using Automation.Fleet;
using Automation.Lab.Gate;
using Automation.LabTests.Postgres;
using Automation.Secrets;

namespace Automation.LabTests.Secrets.Proxies;

/// <summary>Rotations of secrets that RDS Proxy uses: real logins through a gate of kind proxy in front of the same server.</summary>
[Collection(nameof(RotationFixture))]
public sealed class ProxyRotationTests(RotationFixture fixture, PostgresFixture postgres)
{
    [Fact]
    public async Task Rotation_AProxyUsesTheSecret_IsFollowedByAFreshLoginThroughIt()
    {
        await using var proxy = StartProxy();
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(SecretKind.SingleUser);

        var run = await account.RotateAsync(secret, account.Warm(Using(Proxy(proxy))));

        Assert.True(run.Succeeded, run.Error);
        Assert.Equal(1, proxy.Counts.Authenticated);
        Assert.Contains("A fresh login through RDS Proxy app works.", Assert.Single(account.Told).TextFor("email"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rotation_TheProxyLearnsThePasswordLater_IsAskedAgainUntilItDoes()
    {
        await using var proxy = StartProxy();
        proxy.Mode = GateMode.Refusing;
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(SecretKind.SingleUser);
        var targets = new Asked(Proxy(proxy));

        var rotation = account.RotateAsync(secret, account.Warm(new RotationOptions { Targets = _ => targets }));
        await targets.AfterFinish.Task.WaitAsync(TestContext.Current.CancellationToken);
        proxy.Mode = GateMode.Serving;
        var run = await rotation;

        Assert.True(run.Succeeded, run.Error);
        Assert.Contains("A fresh login through RDS Proxy app works.", Assert.Single(account.Told).TextFor("email"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_NoLoginThroughTheProxyInTime_IsAWarningWithTheReason()
    {
        await using var proxy = StartProxy();
        var (secret, clock) = (await fixture.CreateAsync(SecretKind.SingleUser), TimeProvider.System);
        await using var account = await RotationAccount.StartAsync(fixture);
        var rotation = await RotationOfAsync(account, secret, "not-the-password");
        var check = new ProxyCheck(new Asked(Proxy(proxy)), fixture.Roots, clock);

        // No time is left for a second try.
        var notes = await check.CheckAsync(rotation, clock.GetUtcNow() + RoleLogins.Limit, TestContext.Current.CancellationToken);

        Assert.StartsWith("WARNING: no fresh login through RDS Proxy app: ", Assert.Single(notes), StringComparison.Ordinal);
        Assert.Equal(0, proxy.Counts.Authenticated);
    }

    [Fact]
    public async Task Rotation_TheProxyTakesTokensOnly_TriesNoPasswordThere()
    {
        await using var proxy = StartProxy();
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(SecretKind.SingleUser);

        var run = await account.RotateAsync(secret, account.Warm(Using(Proxy(proxy) with { TakesPasswords = false })));

        Assert.True(run.Succeeded, run.Error);
        Assert.Equal(0, proxy.Counts.Authenticated);
        Assert.Contains("requires IAM of its clients", Assert.Single(account.Told).TextFor("email"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Create_AlternatingUsersBehindAProxy_NeedsBothRegistered(bool bothRegistered)
    {
        await using var proxy = StartProxy();
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(SecretKind.AlternatingByIam);
        var known = Proxy(proxy) with { Users = bothRegistered ? secret.Users : [secret.Users[0]] };

        var run = await account.RotateAsync(secret, account.Warm(Using(known)));

        Assert.Equal(bothRegistered, run.Succeeded);
        if (bothRegistered) return;
        Assert.Equal(nameof(RotationErrors.ProxyLacksUser), run.Steps[0].Answer.ErrorType);
        Assert.Contains("IAM_AUTH", run.Steps[0].Answer.ErrorMessage, StringComparison.Ordinal);
        Assert.Null(await account.ValueAsync(secret, run.Token));
    }

    private static RotationOptions Using(SecretProxy proxy) => new() { Targets = _ => new Asked(proxy) };

    private static SecretProxy Proxy(DatabaseGate gate) =>
        new() { Name = "app", Host = RotationFixture.Host, Port = gate.Port, TakesPasswords = true, Users = [] };

    private static async Task<Rotation> RotationOfAsync(RotationAccount account, RotationSecret secret, string password)
    {
        var current = (await account.ValueAsync(secret, secret.FirstVersion))!;
        return new Rotation
        {
            Token = RotationSecret.NewToken(),
            Secret = new SecretState
            {
                Arn = secret.Arn,
                Name = secret.Arn,
                RotationEnabled = true,
                OwningService = null,
                Labels = new Dictionary<string, IReadOnlyList<string>>(),
            },
            CurrentVersion = secret.FirstVersion,
            Current = current,
            Pending = SecretDocument.Read(current.With(current.Username, new Concealed(password)), out _),
        };
    }

    private DatabaseGate StartProxy() => DatabaseGate.Start(new GateOptions
    {
        Kind = GateKind.Proxy,
        PublicHost = RotationFixture.Host,
        Certificate = postgres.Authority.Issue(RotationFixture.Host).Certificate,
        Backend = new IPEndPoint(IPAddress.Loopback, fixture.Database.Server.Port),
        IsIamUser = (_, _) => ValueTask.FromResult(false),
        Credentials = _ => null,
        Region = RotationFixture.Region,
        Time = TimeProvider.System,
    });

    /// <summary>RDS as it describes this one proxy; tells when it was asked after a rotation.</summary>
    private sealed class Asked(SecretProxy proxy) : ISecretTargets
    {
        public TaskCompletionSource AfterFinish { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string?> EndpointOfAsync(string arn, CancellationToken cancellation) => Task.FromResult<string?>(null);

        public Task<IReadOnlyList<SecretProxy>> ProxiesOfAsync(string secretArn, CancellationToken cancellation)
        {
            AfterFinish.TrySetResult();
            return Task.FromResult<IReadOnlyList<SecretProxy>>([proxy]);
        }
    }
}
