using Amazon.RDS.Model;

namespace Automation.Fleet;

/// <summary>The names of settings that RDS has still to apply. Which value they get is nobody's business here: one is a password.</summary>
internal static class PendingChanges
{
    private const string InSync = "in-sync";

    public static IReadOnlyList<string> Of(PendingModifiedValues? pending) => pending is null ? [] : Named(
        ("AllocatedStorage", pending.AllocatedStorage is not null),
        ("BackupRetentionPeriod", pending.BackupRetentionPeriod is not null),
        ("CACertificateIdentifier", pending.CACertificateIdentifier is { Length: > 0 }),
        ("DBInstanceClass", pending.DBInstanceClass is { Length: > 0 }),
        ("DBInstanceIdentifier", pending.DBInstanceIdentifier is { Length: > 0 }),
        ("DBSubnetGroupName", pending.DBSubnetGroupName is { Length: > 0 }),
        ("DedicatedLogVolume", pending.DedicatedLogVolume is not null),
        ("EngineVersion", pending.EngineVersion is { Length: > 0 }),
        ("IAMDatabaseAuthenticationEnabled", pending.IAMDatabaseAuthenticationEnabled is not null),
        ("Iops", pending.Iops is not null),
        ("LicenseModel", pending.LicenseModel is { Length: > 0 }),
        ("MasterUserPassword", pending.MasterUserPassword is { Length: > 0 }),
        ("MultiAZ", pending.MultiAZ is not null),
        ("PendingCloudwatchLogsExports", pending.PendingCloudwatchLogsExports is not null),
        ("Port", pending.Port is not null),
        ("ProcessorFeatures", pending.ProcessorFeatures is { Count: > 0 }),
        ("StorageThroughput", pending.StorageThroughput is not null),
        ("StorageType", pending.StorageType is { Length: > 0 }));

    public static IReadOnlyList<string> Of(ClusterPendingModifiedValues? pending) => pending is null ? [] : Named(
        ("AllocatedStorage", pending.AllocatedStorage is not null),
        ("BackupRetentionPeriod", pending.BackupRetentionPeriod is not null),
        ("CertificateDetails", pending.CertificateDetails is not null),
        ("DBClusterIdentifier", pending.DBClusterIdentifier is { Length: > 0 }),
        ("EngineVersion", pending.EngineVersion is { Length: > 0 }),
        ("IAMDatabaseAuthenticationEnabled", pending.IAMDatabaseAuthenticationEnabled is not null),
        ("Iops", pending.Iops is not null),
        ("MasterUserPassword", pending.MasterUserPassword is { Length: > 0 }),
        ("PendingCloudwatchLogsExports", pending.PendingCloudwatchLogsExports is not null),
        ("StorageType", pending.StorageType is { Length: > 0 }));

    /// <summary>A restart applies what somebody left for the next restart.</summary>
    public static IEnumerable<string> OfParameters(DBInstance instance) => (instance.DBParameterGroups ?? [])
        .Where(group => group.ParameterApplyStatus is { Length: > 0 } status && status != InSync)
        .Select(group => $"parameter group {group.DBParameterGroupName} is {group.ParameterApplyStatus}");

    /// <inheritdoc cref="OfParameters(DBInstance)"/>
    public static IEnumerable<string> OfParameters(DBClusterMember member) => member.DBClusterParameterGroupStatus is { Length: > 0 } status && status != InSync
        ? [$"cluster parameter group is {status}"]
        : [];

    private static List<string> Named(params ReadOnlySpan<(string Name, bool IsSet)> settings)
    {
        var names = new List<string>();
        foreach (var (name, isSet) in settings)
            if (isSet) names.Add(name);
        return names;
    }
}
