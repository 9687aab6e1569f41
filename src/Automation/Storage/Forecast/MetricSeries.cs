namespace Automation.Storage.Forecast;

/// <summary>What is asked for.</summary>
/// <param name="Metric">Which.</param>
/// <param name="Database">Identifier of the instance or, for <see cref="StorageMetric.VolumeBytesUsed"/>, of the cluster.</param>
internal readonly record struct MetricSeries(StorageMetric Metric, string Database)
{
    /// <summary>The dimension that names the database.</summary>
    public string Dimension => Metric switch
    {
        StorageMetric.FreeStorageSpace or StorageMetric.FreeLocalStorage => "DBInstanceIdentifier",
        StorageMetric.VolumeBytesUsed => "DBClusterIdentifier",
        _ => throw new InvalidOperationException($"No such metric: {Metric}."),
    };
}
