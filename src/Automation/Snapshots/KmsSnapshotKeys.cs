using System.Collections.Concurrent;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;

namespace Automation.Snapshots;

/// <summary>Asks KMS.</summary>
/// <param name="home">The Region the function runs in.</param>
/// <param name="connect">Makes the client of a Region; it is asked once for each.</param>
internal sealed class KmsSnapshotKeys(string home, Func<string, IAmazonKeyManagementService> connect) : ISnapshotKeys, IDisposable
{
    private readonly ConcurrentDictionary<string, IAmazonKeyManagementService> clients = new(StringComparer.Ordinal);

    public async Task<CopyKey> OfDestinationAsync(string region, CancellationToken cancellation)
    {
        try
        {
            var key = (await In(region).DescribeKeyAsync(new DescribeKeyRequest { KeyId = CopyKey.Alias }, cancellation)).KeyMetadata;
            return key.KeyState == KeyState.Enabled ? new CopyKey.Usable(key.Arn) : new CopyKey.Unusable($"is in state {key.KeyState}");
        }
        catch (NotFoundException)
        {
            return new CopyKey.Missing();
        }
        catch (Exception e) when (AwsFailure.Is(e, cancellation))
        {
            return new CopyKey.Unusable($"cannot be asked about: {AwsFailure.CodeOf(e)}");
        }
    }

    public async Task<SharedKey> OfSharingAsync(string keyArn, string account, CancellationToken cancellation)
    {
        try
        {
            var key = (await In(home).DescribeKeyAsync(new DescribeKeyRequest { KeyId = keyArn }, cancellation)).KeyMetadata;
            if (key.KeyManager == KeyManagerType.AWS) return new SharedKey.OfAws();
            if (key.KeyState != KeyState.Enabled) return new SharedKey.Unusable($"is in state {key.KeyState}");
            var policy = (await In(home).GetKeyPolicyAsync(new GetKeyPolicyRequest { KeyId = keyArn, PolicyName = "default" }, cancellation)).Policy;
            return KeyPolicyRules.Lets(policy, account) ? new SharedKey.Usable() : new SharedKey.NotShared();
        }
        catch (Exception e) when (AwsFailure.Is(e, cancellation))
        {
            return new SharedKey.Unusable($"cannot be asked about: {AwsFailure.CodeOf(e)}");
        }
    }

    public void Dispose()
    {
        foreach (var client in clients.Values) client.Dispose();
    }

    private IAmazonKeyManagementService In(string region) => clients.GetOrAdd(region, connect);
}
