using System.Collections.Concurrent;
using System.Globalization;
using Automation.Lab.Account;
using Automation.Lab.Postgres;
using Automation.Lab.Secrets;

namespace Automation.Lab.Snapshots;

/// <summary>
/// Snapshots as RDS has them: moto keeps the records and speaks the protocol; this takes the time they take, makes them of
/// real base backups where the database has a server, refuses what RDS refuses and sends its events.
/// </summary>
internal sealed class SnapshotsService : IAsyncDisposable
{
    private const string Service = "rds";
    private static int restored;
    private readonly SnapshotsServiceOptions options;
    // moto answers on many threads, and its listings do not survive a change underway.
    private readonly Turn turn = new();
    private readonly SnapshotShelf shelf = new();
    private readonly ConcurrentDictionary<string, PostgresServer> servers = new(StringComparer.OrdinalIgnoreCase);
    private readonly SnapshotParts parts;
    private readonly SnapshotCreation creation;
    private readonly SnapshotCopies copies;
    private readonly SnapshotDeletion deletion;
    private readonly SnapshotSharing sharing;
    private readonly SnapshotReads reads;

    public SnapshotsService(SnapshotsServiceOptions options)
    {
        this.options = options;
        var moto = new MotoRds(options.Moto);
        parts = new SnapshotParts
        {
            Moto = moto,
            Shelf = shelf,
            View = new SnapshotView(shelf, options.Keys),
            Work = new SnapshotWork(shelf, Faults, options.Time),
            Account = new AccountAttributes(moto, Quotas),
            OnEvent = options.OnEvent,
            Time = options.Time,
        };
        creation = new SnapshotCreation(parts, (region, id) => region == options.Region ? servers.GetValueOrDefault(id) : null);
        copies = new SnapshotCopies(parts, options.Keys);
        deletion = new SnapshotDeletion(parts);
        sharing = new SnapshotSharing(parts, options.Keys);
        reads = new SnapshotReads(parts);
    }

    /// <summary>What goes wrong with the snapshots that begin from now on.</summary>
    public SnapshotFaults Faults { get; } = new();

    /// <summary>What the account may have.</summary>
    public SnapshotQuotas Quotas { get; } = new();

    /// <summary>Snapshots as they are, by whoever they were asked for through the endpoint.</summary>
    public IReadOnlyList<LabSnapshot> All => shelf.All;

    /// <summary>Every state of every snapshot, in order; wait here for what is to happen.</summary>
    public Journal<LabSnapshot> Changes => shelf.Changes;

    /// <summary>From now on, snapshots of an instance are base backups of this server.</summary>
    public void SetServer(string instanceId, PostgresServer server) => servers[instanceId] = server;

    /// <summary>Answers at the endpoint from now on.</summary>
    public void Install(LabEndpoint endpoint)
    {
        void Serve(string action, Func<AwsCall, Task<AwsAnswer>> answer) =>
            endpoint.Serve(Service, action, (call, _) => new ValueTask<AwsAnswer>(AnswerAsync(call, answer)));

        foreach (var kind in SnapshotKind.All)
        {
            Serve($"Create{kind.Element}", call => creation.CreateAsync(call, kind));
            Serve($"Copy{kind.Element}", call => copies.CopyAsync(call, kind));
            Serve($"Delete{kind.Element}", call => deletion.DeleteAsync(call, kind));
            Serve($"Describe{kind.Element}s", call => reads.DescribeAsync(call, kind));
            Serve($"Modify{kind.Element}Attribute", call => sharing.ModifyAsync(call, kind));
            endpoint.After(Service, $"Delete{kind.Database}", parts.Account.ForgetAsync);
        }
        Serve("DescribeAccountAttributes", parts.Account.DescribeAsync);
        endpoint.After(Service, null, parts.View.ShowAsync);
    }

    /// <summary>Starts a server on a copy of a snapshot's data; the caller disposes it.</summary>
    /// <param name="snapshot">An ARN, or the id of a snapshot of an instance in the home Region.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="InvalidOperationException">There is none, or it has no data: not finished, or of a database without a server.</exception>
    public async Task<RestoredDatabase> RestoreAsync(string snapshot, CancellationToken cancellation)
    {
        var found = shelf.Find(snapshot) ?? shelf.Find(SnapshotKind.Instance, options.Region, snapshot)
            ?? throw new InvalidOperationException($"there is no snapshot '{snapshot}'");
        var data = found.Data
            ?? throw new InvalidOperationException($"the snapshot '{snapshot}' ({found.Status}) has no data to restore");
        var name = string.Create(CultureInfo.InvariantCulture, $"restored-{Interlocked.Increment(ref restored)}");
        return new RestoredDatabase(await PostgresServer.RestoreAsync(data, name, cancellation));
    }

    /// <summary>Ends what is underway and removes all data.</summary>
    public async ValueTask DisposeAsync()
    {
        await parts.Work.DisposeAsync();
        foreach (var snapshot in shelf.All) snapshot.Data?.Remove();
        parts.Moto.Dispose();
        turn.Dispose();
    }

    private async Task<AwsAnswer> AnswerAsync(AwsCall call, Func<AwsCall, Task<AwsAnswer>> answer)
    {
        try
        {
            return await turn.TakeAsync(() => answer(call));
        }
        catch (SnapshotRefusal refusal)
        {
            return refusal.Answer;
        }
    }
}
