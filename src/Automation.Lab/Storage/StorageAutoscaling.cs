using Automation.Lab.Account;

namespace Automation.Lab.Storage;

/// <summary>
/// RDS's storage autoscaling of one instance: after five minutes with a tenth or less free it grows the storage by a step, and
/// says so when it cannot. What the past hour's growth predicts is not looked at.
/// </summary>
/// <param name="database">The instance.</param>
/// <param name="clock">The five minutes are AWS's.</param>
/// <param name="accept">Asks for a size; gives the refusal.</param>
/// <param name="tell">Tells an event.</param>
internal sealed class StorageAutoscaling(
    VolumeDatabase database, LabClock clock, Func<int, StorageRefusal?> accept, Action<StorageEvent> tell)
{
    private const int SmallestStepGiB = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly HashSet<StorageEvent> told = [];
    private DateTimeOffset? lowSince;

    /// <summary>The size after the next step.</summary>
    public static int Target(int allocatedGiB) => Math.Max(allocatedGiB + SmallestStepGiB, StorageRules.SmallestGrowth(allocatedGiB));

    /// <summary>Looks once, now.</summary>
    public void Check()
    {
        var (volume, settings) = (database.Volume, database.Volume.Settings);
        if (settings.MaxAllocatedGiB is not { } max || volume.FreeBytes * 10 > volume.AllocatedBytes)
        {
            lowSince = null;
            told.Clear();
            return;
        }
        lowSince ??= clock.Now;
        if (clock.Now - lowSince < clock.Shorten(Patience)) return;
        var target = Target(settings.AllocatedGiB);
        if (target >= max) TellOnce(StorageEvent.AutoscalingAtMaximum);
        else if (accept(target) is { } refusal) TellOnce(Explain(refusal));
        else lowSince = null;
    }

    private static StorageEvent Explain(StorageRefusal refusal) =>
        refusal == StorageRules.StillOptimizing ? StorageEvent.AutoscalingCoolingOff
        : refusal == StorageRules.NotAvailable ? StorageEvent.AutoscalingInInvalidState
        : StorageEvent.AutoscalingUnable(refusal.Message);

    private void TellOnce(StorageEvent @event)
    {
        if (told.Add(@event)) tell(@event);
    }
}
