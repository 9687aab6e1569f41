namespace Automation.Storage.Forecast;

/// <summary>A metric of RDS about storage, all in bytes.</summary>
internal enum StorageMetric
{
    /// <summary>Free on the volume of an RDS instance. Of <c>DBInstanceIdentifier</c>.</summary>
    FreeStorageSpace,

    /// <summary>Free on the local disk of an Aurora instance, for temporary files and logs. Of <c>DBInstanceIdentifier</c>.</summary>
    FreeLocalStorage,

    /// <summary>Used by an Aurora cluster. Of <c>DBClusterIdentifier</c>.</summary>
    VolumeBytesUsed,
}
