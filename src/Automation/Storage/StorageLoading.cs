using Automation.Ledger;
using Automation.Storage.Forecast;

namespace Automation.Storage;

/// <summary>Reads everything that a decision about one volume needs.</summary>
internal sealed class StorageLoading(StorageHistory history, Diagnosing diagnosing, IStorageAlarms alarms, ILedger ledger, TimeProvider time)
{
    /// <exception cref="Exception">AWS does not answer: nothing is decided on half of the facts.</exception>
    public async Task<StorageReport> LoadAsync(Volume volume, StoragePolicy policy, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var records = await ledger.HistoryAsync(volume.Database.ResourceId, GrowStorage.Capability, now - LimitRules.GrowthWindow, cancellation);
        var past = (await history.ReadAsync([new MetricSeries(StorageMetric.FreeStorageSpace, volume.Database.Id)], volume.Database.Id, now, cancellation))[0];
        var fitting = AlarmRules.Of(await alarms.ListAsync(cancellation), volume.Database.Id, volume.AllocatedGiB);
        var facts = new GrowthFacts
        {
            Volume = volume,
            Outlook = OutlookRules.Of(volume, past, records, volume.AutoscalingCapGiB ?? policy.MaxGiB, now),
            Diagnosis = Diagnoses.None,
            History = records,
            LastResize = OutlookRules.LastResize(past.Resizes),
        };
        var (diagnosis, table) = await diagnosing.LookAsync(volume.Database, volume.AllocatedGiB, facts.UsedBytes, cancellation);
        return new StorageReport { Facts = facts with { Diagnosis = diagnosis }, Policy = policy, Table = table, Alarms = fitting };
    }
}
