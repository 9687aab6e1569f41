using Amazon.CloudWatch;
using Amazon.DynamoDBv2;
using Amazon.RDS;
using Amazon.Runtime;
using Amazon.SecretsManager;
using Amazon.SimpleNotificationService;

namespace Automation.Lab.Aws;

/// <summary>SDK clients of one caller at one endpoint.</summary>
/// <param name="endpoint">Serves every service.</param>
/// <param name="credentials">Who calls.</param>
/// <param name="region">The Region to sign for, for example <c>eu-central-1</c>.</param>
internal sealed class LabClients(Uri endpoint, AWSCredentials credentials, string region) : IDisposable
{
    /// <summary>Credentials of somebody who may do everything; moto takes any.</summary>
    public static AWSCredentials Anybody { get; } = new BasicAWSCredentials("AKIAIOSFODNN7EXAMPLE", "lab-only-not-a-real-secret");

    public IAmazonCloudWatch CloudWatch { get; } = new AmazonCloudWatchClient(credentials, Point(new AmazonCloudWatchConfig(), endpoint, region));

    public IAmazonDynamoDB DynamoDB { get; } = new AmazonDynamoDBClient(credentials, Point(new AmazonDynamoDBConfig(), endpoint, region));

    public IAmazonRDS Rds { get; } = new AmazonRDSClient(credentials, Point(new AmazonRDSConfig(), endpoint, region));

    public IAmazonSecretsManager SecretsManager { get; } =
        new AmazonSecretsManagerClient(credentials, Point(new AmazonSecretsManagerConfig(), endpoint, region));

    public IAmazonSimpleNotificationService Sns { get; } =
        new AmazonSimpleNotificationServiceClient(credentials, Point(new AmazonSimpleNotificationServiceConfig(), endpoint, region));

    public void Dispose()
    {
        CloudWatch.Dispose();
        DynamoDB.Dispose();
        Rds.Dispose();
        SecretsManager.Dispose();
        Sns.Dispose();
    }

    private static T Point<T>(T config, Uri endpoint, string region) where T : ClientConfig
    {
        // The SDK clears one when the other is set: a URL decides where to, the authentication Region what is signed.
        config.ServiceURL = endpoint.AbsoluteUri;
        config.AuthenticationRegion = region;
        // moto's server unpacks gzip twice, and fails.
        config.DisableRequestCompression = true;
        return config;
    }
}
