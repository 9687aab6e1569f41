using Amazon.SecretsManager;
using Amazon.SecretsManager.Model;
using Automation.Events;

namespace Automation.Secrets;

/// <summary>Secrets Manager over the wire.</summary>
internal sealed class AwsSecretStore(IAmazonSecretsManager client) : ISecretStore
{
    public async Task<SecretState?> DescribeAsync(string secretId, CancellationToken cancellation)
    {
        try
        {
            var answer = await client.DescribeSecretAsync(new DescribeSecretRequest { SecretId = secretId }, cancellation);
            if (answer.DeletedDate is not null) return null;
            return new SecretState
            {
                Arn = answer.ARN,
                Name = answer.Name,
                RotationEnabled = answer.RotationEnabled,
                OwningService = string.IsNullOrEmpty(answer.OwningService) ? null : answer.OwningService,
                Labels = (answer.VersionIdsToStages ?? []).ToDictionary(version => version.Key, version => (IReadOnlyList<string>)version.Value),
            };
        }
        catch (ResourceNotFoundException)
        {
            return null;
        }
    }

    public Task<string?> ReadAsync(string secretArn, string versionId, string label, CancellationToken cancellation) =>
        ReadAsync(new GetSecretValueRequest { SecretId = secretArn, VersionId = versionId, VersionStage = label }, cancellation);

    public Task<string?> ReadVersionAsync(string secretArn, string versionId, CancellationToken cancellation) =>
        ReadAsync(new GetSecretValueRequest { SecretId = secretArn, VersionId = versionId }, cancellation);

    public async Task<AdministratorSecret?> ReadAdministratorAsync(string secretId, CancellationToken cancellation)
    {
        var value = await ReadAsync(new GetSecretValueRequest { SecretId = secretId, VersionStage = SecretState.Current }, cancellation);
        if (value is null) return null;
        // RDS names the database of a secret it made in the tags, not in the value.
        var tags = (await client.DescribeSecretAsync(new DescribeSecretRequest { SecretId = secretId }, cancellation)).Tags ?? [];
        string? Tag(string key) => tags.Find(tag => string.Equals(tag.Key, key, StringComparison.OrdinalIgnoreCase))?.Value;
        return new AdministratorSecret(new Concealed(value), Tag("aws:rds:primaryDBInstanceArn"), Tag("aws:rds:primaryDBClusterArn"));
    }

    public async Task<PutResult> PutPendingAsync(string secretArn, RotationRequest.Step request, string value, CancellationToken cancellation)
    {
        try
        {
            await client.PutSecretValueAsync(new PutSecretValueRequest
            {
                SecretId = secretArn,
                ClientRequestToken = request.Token,
                SecretString = value,
                // Without it AWSCURRENT moves at once, to a password the database does not have.
                VersionStages = [SecretState.Pending],
                RotationToken = request.RotationToken?.Value,
            }, cancellation);
            return PutResult.Stored;
        }
        catch (ResourceExistsException)
        {
            return PutResult.Exists;
        }
    }

    public async Task<MoveResult> MoveCurrentAsync(string secretArn, string from, string to, CancellationToken cancellation)
    {
        try
        {
            await client.UpdateSecretVersionStageAsync(new UpdateSecretVersionStageRequest
            {
                SecretId = secretArn,
                VersionStage = SecretState.Current,
                RemoveFromVersionId = from,
                MoveToVersionId = to,
            }, cancellation);
            return MoveResult.Moved;
        }
        catch (Exception e) when (e is InvalidParameterException or InvalidRequestException)
        {
            return MoveResult.WasElsewhere;
        }
    }

    public async Task<IReadOnlyList<SecretVersion>> ListVersionsAsync(string secretArn, CancellationToken cancellation)
    {
        var versions = new List<SecretVersion>();
        var request = new ListSecretVersionIdsRequest { SecretId = secretArn, IncludeDeprecated = true };
        do
        {
            var page = await client.ListSecretVersionIdsAsync(request, cancellation);
            versions.AddRange((page.Versions ?? []).Select(version => new SecretVersion(
                version.VersionId, new DateTimeOffset(version.CreatedDate ?? default, TimeSpan.Zero), version.VersionStages ?? [])));
            request.NextToken = page.NextToken;
        }
        while (!string.IsNullOrEmpty(request.NextToken));
        return [.. versions.OrderByDescending(version => version.Created)];
    }

    private async Task<string?> ReadAsync(GetSecretValueRequest request, CancellationToken cancellation)
    {
        try
        {
            return (await client.GetSecretValueAsync(request, cancellation)).SecretString;
        }
        catch (ResourceNotFoundException)
        {
            return null;
        }
        catch (InvalidRequestException) when (request is { VersionId: not null, VersionStage: not null })
        {
            // The version does not carry the label any more.
            return null;
        }
    }
}
