using Automation.Database;
using Automation.Failover;

namespace Automation.LabTests.Failover;

/// <summary>Clients on the fixture's instance, with the schema of a test.</summary>
internal sealed class ProbeRig : IAsyncDisposable
{
    private readonly FailoverFixture fixture;
    private readonly Probes probes;

    private ProbeRig(FailoverFixture fixture, Probes probes, ServerIdentity before)
    {
        (this.fixture, this.probes, Before) = (fixture, probes, before);
    }

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    /// <summary>Who answered when it began.</summary>
    public ServerIdentity Before { get; }

    public Probes Probes => probes;

    public static async Task<ProbeRig> ConnectAsync(FailoverFixture fixture, IReadOnlyList<Lane> lanes, ProbeTimes times)
    {
        var before = Of(await fixture.Writer.FactsAsync(fixture.Database, Test));
        Of(await fixture.Writer.PrepareAsync(fixture.Database, Test));
        return new ProbeRig(fixture, await Probes.ConnectAsync(lanes, fixture.Login, fixture.Roots, false, times, TimeProvider.System, Test), before.Identity);
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

    public async Task<IReadOnlyList<WrittenRow>> RowsAsync() => Of(await fixture.Writer.RowsAsync(fixture.Database, Test)).Rows;

    public async ValueTask DisposeAsync()
    {
        await probes.DisposeAsync();
        await fixture.Writer.CleanUpAsync(fixture.Database, Test);
    }

    private bool started;

    private static T Of<T>(Attempt<T> attempt) => attempt.Succeeded(out var value, out var failure) ? value : throw new InvalidOperationException(failure.Sentence);
}
