using Automation.Ledger;
using Automation.Storage.Bytes;
using Automation.Storage.Forecast;

namespace Automation.Storage;

/// <summary>Reads everything that a decision about one volume needs.</summary>
internal sealed class StorageLoading(StorageHistory history, Diagnosing diagnosing, IStorageAlarms alarms, ILedger ledger, TimeProvider time)
{
    /// <summary>What asking the database may take of the function's 105 seconds.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(45);

    private static readonly TimeSpan Listing = TimeSpan.FromSeconds(15);

    /// <exception cref="Exception">AWS does not answer: nothing is decided on half of the facts.</exception>
    public async Task<StorageReport> LoadAsync(Volume volume, StoragePolicy policy, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var records = await ledger.HistoryAsync(volume.Database.ResourceId, GrowStorage.Capability, now - LimitRules.GrowthWindow, cancellation);
        var past = (await history.ReadAsync([new MetricSeries(StorageMetric.FreeStorageSpace, volume.Database.Id)], volume.Database.Id, now, cancellation))[0];
        // An account may have thousands of them: meanwhile the database is asked.
        var listing = AlarmsAsync(cancellation);
        var facts = GrowthFacts.Measured(volume, policy, past, records, now);
        var (diagnosis, table) = volume.IsFull
            ? (Diagnoses.Unseen("RDS has shut it down because it is full"), null)
            : await LookAsync(volume, facts.UsedBytes, cancellation);
        var fitting = AlarmRules.Of(await listing, volume.Database.Id, volume.AllocatedGiB);
        var outlook = table is null ? facts.Outlook : facts.Outlook.AtLeast(ByteRules.SeenOn(table, volume.HasLogVolume), facts.SizeBytes);
        return new StorageReport { Facts = facts with { Diagnosis = diagnosis, Outlook = outlook }, Policy = policy, Table = table, Alarms = fitting };
    }

    private async Task<(Diagnosis Diagnosis, ByteTable? Table)> LookAsync(Volume volume, double? usedBytes, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Look);
        try
        {
            return await diagnosing.LookAsync(volume.Database, volume.AllocatedGiB, usedBytes, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (Diagnoses.Unseen($"the database did not say it within {Words.Span(Look)}"), null);
        }
    }

    /// <summary>They decide nothing, and must not keep a disk from being grown.</summary>
    private async Task<IReadOnlyList<StorageAlarm>> AlarmsAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Listing);
        try
        {
            return await alarms.ListAsync(limit.Token);
        }
        catch (Exception e) when (AwsFailure.Is(e, cancellation))
        {
            return [];
        }
    }
}
