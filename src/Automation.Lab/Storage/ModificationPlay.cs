using Automation.Lab.Account;

namespace Automation.Lab.Storage;

/// <summary>Plays an accepted change: the instance's statuses, the new size, the events.</summary>
/// <param name="database">Whose storage changes.</param>
/// <param name="accepted">To what.</param>
/// <param name="tell">Gets the events.</param>
/// <param name="clock">The script's.</param>
internal sealed class ModificationPlay(VolumeDatabase database, AcceptedModification accepted, Action<StorageEvent> tell, LabClock clock)
{
    // RDS warns from here on.
    private const int PercentNearMaximum = 80;

    public async Task RunAsync(ModificationScript script, CancellationToken cancellation)
    {
        await Task.Delay(script.Lead, clock.Time, cancellation);
        database.Shown.Status = VolumeDatabase.Modifying;
        tell(accepted.IsAutoscaling ? StorageEvent.Autoscaling : StorageEvent.Applying);
        await Task.Delay(script.Modifying, clock.Time, cancellation);
        // Also when it became full meanwhile.
        database.Shown.Status = VolumeDatabase.Modifying;
        database.Apply(accepted.To, clock.Now, script.Optimization);
        // A server that was stopped comes back before anybody is told.
        await database.Instance.CheckVolumeAsync(cancellation);
        database.Shown.TryChange(VolumeDatabase.Modifying, database.Volume.IsFull ? VolumeDatabase.Full : VolumeDatabase.Optimizing);
        tell(accepted.IsAutoscaling ? StorageEvent.Autoscaled : StorageEvent.Applied);
        var applied = database.Volume.Settings;
        if (applied.MaxAllocatedGiB is { } max && applied.AllocatedGiB * 100L >= max * (long)PercentNearMaximum)
            tell(StorageEvent.NearMaximum(applied.AllocatedGiB, max));
        await Task.Delay(script.Optimization, clock.Time, cancellation);
        database.End();
        database.Shown.TryChange(VolumeDatabase.Optimizing, VolumeDatabase.Available);
    }
}
