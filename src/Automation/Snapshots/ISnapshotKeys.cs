namespace Automation.Snapshots;

/// <summary>What KMS says about the keys of snapshots. An error is an answer too: a key that cannot be asked about is not used.</summary>
internal interface ISnapshotKeys
{
    /// <summary>The key behind <see cref="CopyKey.Alias"/> in a Region.</summary>
    Task<CopyKey> OfDestinationAsync(string region, CancellationToken cancellation);

    /// <summary>Whether another account could use a key of the home Region.</summary>
    Task<SharedKey> OfSharingAsync(string keyArn, string account, CancellationToken cancellation);
}
