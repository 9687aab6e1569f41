using Automation.Events;
using Automation.Fleet;
using Automation.Notifications;
using Automation.Outcomes;
using Automation.Snapshots;
using Automation.Tests.Snapshots.Year;
using static Automation.Tests.Snapshots.Given;

namespace Automation.Tests.Snapshots;

/// <summary>What happens between the moment something is decided and the moment it is done.</summary>
public sealed class ExecutionTests
{
    private static readonly Invocation Run = new("run", Now.AddMinutes(5));

    private readonly FakeTime time = new(Now);
    private readonly SimulatedLedger ledger;
    private readonly SimulatedRds rds;
    private readonly LateStores stores;
    private readonly Settings settings = new()
    {
        Mode = Mode.Act, TagPrefix = "automation", NotificationTopicArn = "arn:aws:sns:eu-central-1:123456789012:news", LedgerTableName = "ledger",
        StagingTag = new StagingTag("environment", "staging"), DatabaseUser = "automation", CaBundlePath = null, ShareAccounts = [],
    };

    public ExecutionTests()
    {
        var mishaps = new Mishaps(new Chance(1));
        ledger = new SimulatedLedger(mishaps, time);
        rds = new SimulatedRds(new Chance(1), trouble: false, mishaps, time, new Watch(mishaps, time) { Ledger = ledger });
        stores = new LateStores(rds);
        rds.Databases.Add(new SimulatedDatabase
        {
            Id = "orders", Kind = DatabaseKind.Instance, ResourceId = "db-ORDERS", CreatedAt = Now.AddDays(-9), Engine = "postgres", Tag = "every=6h hourly=0 daily=0 weekly=0 monthly=0 yearly=0 min=1",
        });
    }

    [Fact]
    public async Task Act_SwitchIsSetAfterItWasRead_DoesNothing()
    {
        ledger.Stopped = true;
        var (answer, stopped) = await new SnapshotActions(ledger, time).RunAsync(
            new SnapshotActions.Context(Orders(), Run, []), SnapshotActions.Delete, $"{Home}/any", new SnapshotImage("arn", "available", null, null, true, "old"),
            _ => throw new InvalidOperationException("It was done."), CancellationToken.None);
        Assert.Equal(("stopped", true), (stopped?.Reason, answer is null));
    }

    /// <summary>The name was free when the snapshots were listed.</summary>
    [Theory]
    [InlineData(true, "not-due")]
    [InlineData(false, "name-taken")]
    public async Task Take_NameIsTakenMeanwhile_CountsOnlyWhenItIsTheSnapshotOfTheSlot(bool ours, string reason)
    {
        if (ours) rds.Inherit(rds.Databases[0], Slot);
        else rds.AddByHand(Home, rds.Databases[0], SnapshotNames.Of(DatabaseKind.Instance, "orders", Slot, 1), [], null, TimeSpan.Zero);
        rds.Progress();
        stores.Hides = true;
        var take = new TakeSnapshots(rds, stores, ledger, new SnapshotActions(ledger, time), new DailyNews(new ToldOnce(ledger), time), settings, time);
        Assert.Equal(reason, Assert.Single(await take.RunAsync(new SnapshotsRequest.Everything(), Run, CancellationToken.None)).Outcome.Reason);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public async Task Delete_SharedAfterItWasAsked_Stays(int sharedFromQuestion, int deletions)
    {
        rds.Inherit(rds.Databases[0], Slot);
        var old = rds.Inherit(rds.Databases[0], Slot.AddHours(-6));
        stores.SharedFromQuestion = sharedFromQuestion;
        var loading = new SnapshotLoading(stores, rds, settings, time);
        var actions = new SnapshotActions(ledger, time);
        var news = new DailyNews(new ToldOnce(ledger), time);
        var reconcile = new ReconcileSnapshots(rds, stores, loading, new ReconcileExecution(rds, stores, loading, actions, ledger, settings, time),
            new FleetReport(rds, stores, new ToldOnce(ledger), news, settings), ledger, news, settings, time);
        var conclusions = await reconcile.RunAsync(new SnapshotsRequest.Everything(), Run, CancellationToken.None);
        Assert.True(deletions == (rds.Region(Home).Find(old.Kind, old.Id) is null ? 1 : 0), string.Join('\n', conclusions.Select(conclusion => $"{conclusion.Outcome.Reason}: {conclusion.Outcome.Summary}")));
    }

    /// <summary>The Regions as they are a moment later than a run looked at them.</summary>
    private sealed class LateStores(ISnapshotStores inner) : ISnapshotStores
    {
        /// <summary>Listings do not show anything yet.</summary>
        public bool Hides { get; set; }

        /// <summary>Answers before this one say that a snapshot is not shared; 0: it never is.</summary>
        public int SharedFromQuestion { get; set; }

        public ISnapshotStore Home => In(Given.Home);

        public ISnapshotStore In(string region) => new LateStore(this, inner.In(region));

        private int questions;

        private sealed class LateStore(LateStores stores, ISnapshotStore inner) : ISnapshotStore
        {
            public string Region => inner.Region;

            public async Task<IReadOnlyList<Snapshot>> ListAsync(string? databaseId, CancellationToken cancellation) =>
                stores.Hides ? [] : await inner.ListAsync(databaseId, cancellation);

            public Task<Snapshot?> FindAsync(DatabaseKind kind, string id, CancellationToken cancellation) => inner.FindAsync(kind, id, cancellation);

            public Task<IReadOnlyList<string>> SharedWithAsync(DatabaseKind kind, string id, CancellationToken cancellation) =>
                Task.FromResult<IReadOnlyList<string>>(stores.SharedFromQuestion > 0 && stores.questions++ >= stores.SharedFromQuestion ? [SimulatedYear.Stranger] : []);

            public Task<SnapshotAnswer> CreateAsync(DatabaseKind kind, string databaseId, string id, IReadOnlyDictionary<string, string> tags, CancellationToken cancellation) =>
                inner.CreateAsync(kind, databaseId, id, tags, cancellation);

            public Task<SnapshotAnswer> CopyAsync(CopyOrder order, CancellationToken cancellation) => inner.CopyAsync(order, cancellation);

            public Task<SnapshotAnswer> DeleteAsync(DatabaseKind kind, string id, CancellationToken cancellation) => inner.DeleteAsync(kind, id, cancellation);

            public Task<SnapshotAnswer> ShareAsync(DatabaseKind kind, string id, string account, bool share, CancellationToken cancellation) =>
                inner.ShareAsync(kind, id, account, share, cancellation);

            public Task<SnapshotAnswer> TagAsync(string arn, string key, string value, CancellationToken cancellation) => inner.TagAsync(arn, key, value, cancellation);
        }
    }
}
