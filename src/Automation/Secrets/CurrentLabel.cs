namespace Automation.Secrets;

/// <summary>Makes a rotation's version the current one, by compare and swap. Only a version that was proven under its role's lock.</summary>
internal sealed class CurrentLabel(ISecretStore store)
{
    /// <returns>Whether the label is on the rotation's version; if not, somebody moved it elsewhere.</returns>
    public async Task<bool> MoveAsync(Rotation rotation, CancellationToken cancellation)
    {
        try
        {
            if (await store.MoveCurrentAsync(rotation.Secret.Arn, rotation.CurrentVersion, rotation.Token, cancellation) == MoveResult.Moved)
                return true;
        }
        catch (Exception e) when (AwsFailure.Is(e, cancellation))
        {
            // It may have been carried out and its answer lost. If it was not, the next try moves it.
            if (await IsMovedAsync(rotation, cancellation)) return true;
            throw;
        }
        return await IsMovedAsync(rotation, cancellation);
    }

    private async Task<bool> IsMovedAsync(Rotation rotation, CancellationToken cancellation) =>
        (await store.DescribeAsync(rotation.Secret.Arn, cancellation))?.VersionWith(SecretState.Current) == rotation.Token;
}
