using Automation.Fleet;
using Automation.Ledger;

namespace Automation.Failover;

/// <summary>Reads what the guards look at. Nothing is kept between two readings.</summary>
internal sealed class FailoverLoading(IFailoverControl control, IFailoverHealth health, IDatabaseInventory inventory, ILedger ledger, WriterAccess writer, TimeProvider time)
{
    /// <summary>What a trend is made of.</summary>
    private static readonly TimeSpan History = TimeSpan.FromDays(400);

    /// <param name="listed">The database as it was listed; its status and tags are read again.</param>
    /// <param name="deadline">The run's.</param>
    /// <param name="cancellation">The run's deadline.</param>
    /// <returns><c>null</c> when RDS does not know it any more.</returns>
    public async Task<FailoverFacts?> LoadAsync(RdsDatabase listed, DateTimeOffset deadline, CancellationToken cancellation)
    {
        var database = (await inventory.ListAsync(listed.Id, cancellation)).SingleOrDefault(found => found.Kind == listed.Kind && found.ResourceId == listed.ResourceId);
        if (database is null || await control.TopologyAsync(database, cancellation) is not { } topology) return null;

        var now = time.GetUtcNow();
        var readers = database.Kind == DatabaseKind.Cluster ? topology.Members.Where(member => !member.IsWriter).Select(member => member.Id).ToList() : [];
        var server = database.Host is null ? null : await writer.FactsAsync(database, cancellation);
        ServerFacts? facts = null;
        var loginFailure = server is null ? "it has no endpoint" : server.Succeeded(out facts, out var failure) ? null : failure.Sentence;
        return new FailoverFacts
        {
            Database = database,
            Topology = topology,
            PendingMaintenance = await control.PendingMaintenanceAsync([database.Arn, .. topology.Members.Select(member => member.Arn).Where(arn => arn != database.Arn)], cancellation),
            SnapshotsUnderway = await control.SnapshotsUnderwayAsync(database, cancellation),
            Lags = await health.LagsAsync(database, readers, cancellation),
            AlarmsFiring = await health.AlarmsFiringAsync([database.Id, .. topology.Members.Select(member => member.Id)], cancellation),
            RecentFailovers = await control.FailoverEventsAsync(database, topology, now - GuardRules.Cooldown, cancellation),
            History = await ledger.HistoryAsync(database.ResourceId, TestFailover.Capability, now - History, cancellation),
            Switch = await ledger.ReadSwitchAsync(TestFailover.Capability, cancellation),
            Server = facts,
            LoginFailure = loginFailure,
            TimeLeft = deadline - time.GetUtcNow(),
        };
    }
}
