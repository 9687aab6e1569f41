namespace Automation.Storage.Forecast;

/// <summary>What RDS told of storage.</summary>
internal interface IStorageEvents
{
    /// <summary>Changes of allocated sizes in the last 14 days, as long as RDS keeps events.</summary>
    /// <param name="instance">Its identifier; <c>null</c> for all instances of the Region.</param>
    /// <param name="cancellation">The caller's wish to stop.</param>
    /// <returns>By identifier, whatever its case, oldest first; instances without any are not in it.</returns>
    Task<IReadOnlyDictionary<string, IReadOnlyList<Resize>>> ResizesAsync(string? instance, CancellationToken cancellation);
}
