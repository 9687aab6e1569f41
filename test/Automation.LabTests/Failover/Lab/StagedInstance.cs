using System.Net.Sockets;
using Automation.Lab;
using Automation.Lab.Failover;
using Automation.Lab.Gate;
using Automation.Lab.Postgres;
using Automation.LabTests.Postgres;
using Automation.Tests;
using Npgsql;

namespace Automation.LabTests.Failover.Lab;

/// <summary>An instance whose failovers go on when the test says so, and what a plain client sees of it meanwhile.</summary>
internal sealed class StagedInstance : IAsyncDisposable
{
    private const string Role = "application";
    // Seconds; Npgsql counts no less.
    private const int Patience = 1;
    private readonly FakeTime time;
    private readonly string password;
    private Task underway = Task.CompletedTask;

    private StagedInstance(LabInstance instance, FakeTime time, string password)
    {
        Instance = instance;
        this.time = time;
        this.password = password;
    }

    public LabInstance Instance { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<StagedInstance> StartAsync(PostgresFixture postgres, string id, MultiAz? multiAz, bool proxy = false)
    {
        var time = new FakeTime(TimeProvider.System.GetUtcNow());
        var instance = await LabInstance.StartAsync(new LabInstanceOptions
        {
            Id = id,
            Binaries = await PostgresBinaries.FindOrInstallAsync(null, Cancellation),
            Directory = postgres.Directory,
            Authority = postgres.Authority,
            Region = "ap-southeast-6",
            Credentials = _ => null,
            MultiAz = multiAz,
            Proxy = proxy,
            Time = time,
        }, Cancellation);
        return new StagedInstance(instance, time, await instance.CreateLoginAsync(Role, Cancellation));
    }

    public Task<FailoverTruth> FailOverAsync(FailoverScript script)
    {
        var failover = Instance.FailOverAsync(script, Cancellation);
        underway = failover;
        return failover;
    }

    /// <summary>Lets time pass until the direct endpoint behaves so; then it stays so.</summary>
    public Task UntilAsync(GateMode mode) => UntilAsync(() => Instance.Gate.Mode == mode);

    /// <summary>Lets time pass until it is so.</summary>
    public Task UntilAsync(Func<bool> condition) => Eventually.TrueAsync(async () =>
    {
        if (condition()) return true;
        // What became of it is said here, and not by a deadline.
        if (underway.IsFaulted) await underway;
        time.Advance(TimeSpan.FromMilliseconds(20));
        return condition();
    });

    public async Task<FailoverTruth> EndAsync(Task<FailoverTruth> failover)
    {
        await UntilAsync(() => failover.IsCompleted);
        return await failover;
    }

    /// <summary>An open session through the direct endpoint, with a longer patience than its silence.</summary>
    public async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(Instance.Login(Role, password, "application").ConnectionString);
        await connection.OpenAsync(Cancellation);
        return connection;
    }

    /// <summary>What a new client sees that asks who the server is and writes, in the words of this test.</summary>
    public Task<string> SeenAsync() => SeenAsync(Instance.Login(Role, password, "application"));

    public Task<string> SeenThroughProxyAsync() => SeenAsync(Instance.LoginThroughProxy(Role, password, "application"));

    public ValueTask DisposeAsync() => Instance.DisposeAsync();

    private static async Task<string> SeenAsync(NpgsqlConnectionStringBuilder login)
    {
        login.Timeout = Patience;
        await using var connection = new NpgsqlConnection(login.ConnectionString);
        try
        {
            await connection.OpenAsync(Cancellation);
        }
        catch (PostgresException e)
        {
            return e.SqlState;
        }
        catch (NpgsqlException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
        {
            return "refused";
        }
        catch (NpgsqlException e) when (e is { InnerException: TimeoutException })
        {
            return "silence";
        }
        try
        {
            await connection.RunAsync("CREATE TEMPORARY TABLE written (id int)");
            return "writes";
        }
        catch (PostgresException e)
        {
            return e.SqlState;
        }
    }
}
