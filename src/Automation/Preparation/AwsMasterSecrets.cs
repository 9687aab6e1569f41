using Amazon.SecretsManager;
using Amazon.SecretsManager.Model;
using Automation.Database;
using Automation.Fleet;
using Automation.Secrets;

namespace Automation.Preparation;

/// <summary>Asks Secrets Manager for exactly the secret that RDS names.</summary>
internal sealed class AwsMasterSecrets(IAmazonSecretsManager client) : IMasterSecrets
{
    private const string Current = "AWSCURRENT";

    public async Task<(PasswordLogin? Login, Obstacle? Obstacle)> ReadAsync(MasterSecret secret, CancellationToken cancellation)
    {
        string? text;
        try
        {
            text = (await client.GetSecretValueAsync(new GetSecretValueRequest { SecretId = secret.Arn, VersionStage = Current }, cancellation)).SecretString;
        }
        // AWS has two names for one that may not be read, and hides in either which of the two permissions is missing.
        catch (AmazonSecretsManagerException e) when (e is ResourceNotFoundException or DecryptionFailureException || e.ErrorCode is "AccessDeniedException" or "AccessDenied")
        {
            return (null, Obstacle.Refused(Reasons.SecretUnreadable, $"Secrets Manager does not give the secret of its master user ({AwsFailure.CodeOf(e)}): "
                + "when it is encrypted with a key of yours, SecretsKeyArn must name that key, and the key's policy must let the function in"));
        }
        return AdministratorDocument.Read(text ?? "", out var fault) is { } document
            ? (new PasswordLogin(document.Username, document.Password.Value), null)
            : (null, Obstacle.Refused(Reasons.SecretMalformed, $"the secret of its master user is not one that RDS made: {fault!.Field}: expected {fault.Expected}"));
    }
}
