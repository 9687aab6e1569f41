namespace Automation.Ledger;

/// <summary>What was measured of a database, for comparing with later. It proves nothing and allows nothing: losing it costs a comparison.</summary>
internal interface IMemory
{
    /// <summary>Keeps the first measurement of a day; a later one of the same day is forgotten.</summary>
    /// <param name="resourceId">Whose it is.</param>
    /// <param name="what">As <c>storage-bytes</c>.</param>
    /// <param name="at">When it was measured.</param>
    /// <param name="json">The measurement, far below DynamoDB's 400 KB an item.</param>
    /// <param name="cancellation">The caller's wish to stop.</param>
    Task KeepAsync(string resourceId, string what, DateTimeOffset at, string json, CancellationToken cancellation);

    /// <summary>The youngest measurement of a day before the one that <paramref name="now"/> is in, not older than <paramref name="oldest"/>; <c>null</c> when there is none.</summary>
    /// <param name="resourceId">Whose it is.</param>
    /// <param name="what">As <c>storage-bytes</c>.</param>
    /// <param name="oldest">Its day is the first that counts.</param>
    /// <param name="now">When the one to compare with was measured.</param>
    /// <param name="apart">Between the two at least: a day before may be minutes before.</param>
    /// <param name="cancellation">The caller's wish to stop.</param>
    Task<string?> EarlierAsync(string resourceId, string what, DateTimeOffset oldest, DateTimeOffset now, TimeSpan apart, CancellationToken cancellation);
}
