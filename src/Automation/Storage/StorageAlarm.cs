namespace Automation.Storage;

/// <summary>A CloudWatch alarm on the free storage of an instance.</summary>
/// <param name="Name">The alarm's.</param>
/// <param name="InstanceId">What it watches.</param>
/// <param name="ThresholdBytes">Below it the alarm is raised; <c>null</c> of metric math and anomaly detection.</param>
/// <param name="BreachesWithoutData">Whether absent data raises it: an automatic action must not start that way.</param>
internal sealed record StorageAlarm(string Name, string InstanceId, double? ThresholdBytes, bool BreachesWithoutData);

/// <summary>The alarms on free storage.</summary>
internal interface IStorageAlarms
{
    /// <summary>Of every instance of this account and Region.</summary>
    Task<IReadOnlyList<StorageAlarm>> ListAsync(CancellationToken cancellation);
}
