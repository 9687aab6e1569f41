using System.Text.Json;
using Amazon.SecretsManager;
using Amazon.SecretsManager.Model;

namespace Automation.Lab.Secrets;

/// <summary>A version of a secret, as its application reads it.</summary>
/// <param name="Id">The rotation's token.</param>
/// <param name="User">The role.</param>
/// <param name="Password">Its password.</param>
/// <param name="IsCurrent">Whether applications get this one.</param>
internal sealed record SecretVersion(string Id, string User, string Password, bool IsCurrent)
{
    public override string ToString() => $"{nameof(SecretVersion)} {Id}";
}

/// <summary>Reads versions of secrets.</summary>
internal static class SecretVersions
{
    /// <summary>All that have a value.</summary>
    public static async Task<IReadOnlyList<SecretVersion>> AllAsync(IAmazonSecretsManager secrets, string secretId, CancellationToken cancellation)
    {
        var versions = await secrets.ListSecretVersionIdsAsync(new ListSecretVersionIdsRequest { SecretId = secretId, IncludeDeprecated = true }, cancellation);
        var read = new List<SecretVersion>();
        foreach (var version in versions.Versions)
        {
            var isCurrent = version.VersionStages?.Contains("AWSCURRENT") is true;
            if (await FindAsync(secrets, secretId, version.VersionId, cancellation) is { } value) read.Add(value with { IsCurrent = isCurrent });
            else if (isCurrent) throw new InvalidOperationException($"the current version of {secretId} has no value");
        }
        return read;
    }

    /// <returns><c>null</c> of a pending version that never got a value.</returns>
    public static async Task<SecretVersion?> FindAsync(IAmazonSecretsManager secrets, string secretId, string version, CancellationToken cancellation)
    {
        try
        {
            var value = await secrets.GetSecretValueAsync(new GetSecretValueRequest { SecretId = secretId, VersionId = version }, cancellation);
            var members = JsonElement.Parse(value.SecretString);
            return new SecretVersion(version, members.GetProperty("username").GetString()!, members.GetProperty("password").GetString()!, IsCurrent: false);
        }
        catch (ResourceNotFoundException)
        {
            return null;
        }
    }
}
