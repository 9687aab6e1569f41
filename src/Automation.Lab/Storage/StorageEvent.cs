using System.Globalization;

namespace Automation.Lab.Storage;

/// <summary>What RDS tells of an instance's storage, in its own words.</summary>
/// <param name="Id">As <c>RDS-EVENT-0007</c>.</param>
/// <param name="Category">As in the guide.</param>
/// <param name="Message">With the figures in it.</param>
/// <remarks>User guide, "Amazon RDS event categories and event messages", DB instance events.</remarks>
internal sealed record StorageEvent(string Id, string Category, string Message)
{
    private const string ConfigurationChange = "configuration change", Failure = "failure";

    public static StorageEvent Exhausted { get; } =
        new("RDS-EVENT-0007", "low storage", "Allocated storage has been exhausted. Allocate additional storage to resolve.");

    public static StorageEvent ShutDown { get; } = new("RDS-EVENT-0221", "availability",
        "DB instance has reached the storage-full threshold, and the database has been shut down. You can increase the allocated storage to address this issue.");

    public static StorageEvent Applying { get; } = new("RDS-EVENT-0018", ConfigurationChange, "Applying modification to allocated storage.");

    public static StorageEvent Applied { get; } = new("RDS-EVENT-0017", ConfigurationChange, "Finished applying modification to allocated storage.");

    public static StorageEvent Autoscaling { get; } =
        new("RDS-EVENT-0217", ConfigurationChange, "Applying autoscaling-initiated modification to allocated storage.");

    public static StorageEvent Autoscaled { get; } =
        new("RDS-EVENT-0218", ConfigurationChange, "Finished applying autoscaling-initiated modification to allocated storage.");

    public static StorageEvent AutoscalingInInvalidState { get; } = new("RDS-EVENT-0219", Failure,
        "DB instance is in an invalid state. No actions are necessary. Autoscaling will retry later.");

    public static StorageEvent AutoscalingCoolingOff { get; } = new("RDS-EVENT-0220", Failure,
        "DB instance is in the cooling-off period for a previous scale storage operation. We're optimizing your DB instance. This takes at least 6 hours. No actions are necessary. Autoscaling will retry after the cooling-off period.");

    public static StorageEvent AutoscalingAtMaximum { get; } = new("RDS-EVENT-0224", Failure,
        "Storage autoscaling has triggered a pending scale storage task that will reach or exceed the maximum storage threshold. Increase the maximum storage threshold.");

    public static StorageEvent AutoscalingUnable(string reason) =>
        new("RDS-EVENT-0223", Failure, $"Storage autoscaling is unable to scale the storage for the reason: {reason}.");

    public static StorageEvent NearMaximum(int allocatedGiB, int maxGiB) => new("RDS-EVENT-0225", "notification",
        Text($"Allocated storage size {allocatedGiB} GB is approaching the maximum storage threshold {maxGiB} GB. Increase the maximum storage threshold."));

    /// <summary>Less than a tenth is free.</summary>
    public static StorageEvent Low(string instance, long allocated, long free) => new("RDS-EVENT-0089", "low storage", Text(
        $"The free storage capacity for DB instance: {instance} is low at {Percent(allocated, free)}% of the provisioned storage [Provisioned Storage: {Gigabytes(allocated)}, Free Storage: {Gigabytes(free)}]. You may want to increase the provisioned storage to address this issue."));

    /// <summary>The same, and when the end comes; the guide says that MySQL's instances alone tell it.</summary>
    public static StorageEvent ShutDownAhead(string instance, long allocated, long free) => new("RDS-EVENT-0222", "availability", Text(
        $"Free storage capacity for DB instance {instance} is low at {Percent(allocated, free)}% of the allocated storage [Allocated storage: {Gigabytes(allocated)}, Free storage: {Gigabytes(free)}]. The database will be shut down to prevent corruption if free storage is lower than {Gigabytes(1)}. You can increase the allocated storage to address this issue."));

    private static long Percent(long allocated, long free) => free * 100 / allocated;

    private static string Gigabytes(long bytes) => Text($"{(double)bytes / LabVolume.GiB:F2} GB");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
