using Automation.Storage.Forecast;

namespace Automation.Storage;

/// <summary>What CloudWatch and RDS know of storage over time.</summary>
internal interface IStorageHistory
{
    /// <summary>Of many at once, in as few calls as possible; in the order they were asked for.</summary>
    Task<IReadOnlyList<VolumeHistory>> ReadAsync(IReadOnlyList<Watched> watched, DateTimeOffset now, CancellationToken cancellation);
}

/// <summary>A series to read.</summary>
/// <param name="Metric">Which.</param>
/// <param name="Id">Of the instance or cluster.</param>
internal readonly record struct Watched(StorageMetric Metric, string Id);

/// <summary>The metrics of storage, in bytes.</summary>
internal enum StorageMetric
{
    /// <summary><c>FreeStorageSpace</c> of an instance.</summary>
    Free,

    /// <summary><c>VolumeBytesUsed</c> of an Aurora cluster.</summary>
    ClusterUsed,

    /// <summary><c>FreeLocalStorage</c> of an instance of Aurora: its temporary files and logs.</summary>
    LocalFree,
}

/// <summary>One series, and when the size behind it changed.</summary>
/// <param name="Hours">By the hour, over <see cref="ForecastRules.History"/>.</param>
/// <param name="Minutes">By the minute, over the last hours.</param>
/// <param name="Resizes">Of an instance, as RDS's events tell.</param>
internal sealed record VolumeHistory(IReadOnlyList<Reading> Hours, IReadOnlyList<Reading> Minutes, IReadOnlyList<Resize> Resizes);
