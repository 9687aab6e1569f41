using Amazon.DynamoDBv2;
using Amazon.RDS;
using Amazon.Runtime;
using Amazon.SecretsManager;
using Amazon.SimpleNotificationService;

namespace Automation.LabTests.Secrets;

/// <summary>
/// SDK clients as <see cref="Startup"/> configures them. They keep nothing of what they were asked, so that the many
/// processes of one account share them.
/// </summary>
internal sealed class RotationClients(Uri endpoint, int retries, TimeSpan limit) : IDisposable
{
    public IAmazonSecretsManager SecretsManager { get; } =
        new AmazonSecretsManagerClient(RotationFixture.Credentials, Configure(new AmazonSecretsManagerConfig(), endpoint, retries, limit));

    public IAmazonRDS Rds { get; } = new AmazonRDSClient(RotationFixture.Credentials, Configure(new AmazonRDSConfig(), endpoint, retries, limit));

    public IAmazonDynamoDB DynamoDB { get; } =
        new AmazonDynamoDBClient(RotationFixture.Credentials, Configure(new AmazonDynamoDBConfig(), endpoint, retries, limit));

    public IAmazonSimpleNotificationService Sns { get; } =
        new AmazonSimpleNotificationServiceClient(RotationFixture.Credentials, Configure(new AmazonSimpleNotificationServiceConfig(), endpoint, retries, limit));

    public void Dispose()
    {
        SecretsManager.Dispose();
        Rds.Dispose();
        DynamoDB.Dispose();
        Sns.Dispose();
    }

    private static T Configure<T>(T config, Uri endpoint, int retries, TimeSpan limit) where T : ClientConfig
    {
        config.ServiceURL = endpoint.AbsoluteUri;
        config.AuthenticationRegion = RotationFixture.Region;
        config.MaxErrorRetry = retries;
        config.Timeout = limit;
        return config;
    }
}
