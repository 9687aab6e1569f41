using Automation.Database;
using Automation.Failover;
using Automation.Fleet;

namespace Automation.LabTests.Failover;

/// <summary>Clients on the fixture's instance, with the schema of a test.</summary>
internal sealed class ProbeRig : IAsyncDisposable
{
    public const long Salt = 42;

    private readonly WriterAccess writer;
    private readonly RdsDatabase database;
    private readonly Probes probes;
    private bool started;

    private ProbeRig(WriterAccess writer, RdsDatabase database, Probes probes, ServerIdentity before) =>
        (this.writer, this.database, this.probes, Before) = (writer, database, probes, before);

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    /// <summary>Who answered when it began.</summary>
    public ServerIdentity Before { get; }

    public Probes Probes => probes;

    public static Task<ProbeRig> ConnectAsync(FailoverFixture fixture, IReadOnlyList<Lane> lanes, ProbeTimes times) =>
        ConnectAsync(fixture, lanes, times, fixture.Login, fixture.Instance.Gate.Port);

    /// <summary>As another role, by another way to the writer.</summary>
    public static async Task<ProbeRig> ConnectAsync(FailoverFixture fixture, IReadOnlyList<Lane> lanes, ProbeTimes times, DatabaseLogin login, int port)
    {
        var (writer, database) = (new WriterAccess(login, fixture.Roots, TimeProvider.System), fixture.Database with { Port = port });
        var before = Of(await writer.FactsAsync(database, Test));
        Of(await writer.PrepareAsync(database, ProbeSql.CommentOf(DateTimeOffset.UnixEpoch), Test));
        var probes = await Probes.ConnectAsync(lanes, login, fixture.Roots, false, Salt, times, TimeProvider.System, Test);
        Assert.Empty(probes.Silent);
        return new ProbeRig(writer, database, probes, before.Identity);
    }

    /// <summary>Starts them, if they are not started, and waits until each has made so many attempts more.</summary>
    public async Task EachAsync(int attempts)
    {
        if (!started) probes.Start();
        started = true;
        var goal = probes.Watched.ToDictionary(lane => lane.Lane, lane => lane.Attempts.Count + attempts);
        await UntilAsync(lanes => lanes.All(lane => lane.Attempts.Count >= goal[lane.Lane]));
    }

    public async Task UntilAsync(Func<IReadOnlyList<LaneJournal>, bool> holds)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Test);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (!holds(probes.Watched)) await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
    }

    public async Task<IReadOnlyList<LaneJournal>> StopAsync()
    {
        await probes.StopAsync();
        return probes.Watched;
    }

    public async Task<IReadOnlyList<WrittenRow>> RowsAsync() => Of(await writer.RowsAsync(database, Test)).Rows;

    public async ValueTask DisposeAsync()
    {
        await probes.DisposeAsync();
        Of(await writer.CleanUpAsync(database, Test));
    }

    private static T Of<T>(Attempt<T> attempt) => attempt.Succeeded(out var value, out var failure) ? value : throw new InvalidOperationException(failure.Sentence);
}
