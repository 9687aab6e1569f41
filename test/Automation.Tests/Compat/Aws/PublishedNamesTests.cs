using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;
using Amazon.RDS;
using Amazon.RDS.Model;
using Amazon.Runtime;
using Amazon.SecretsManager;
using Amazon.SecretsManager.Model;
using Amazon.SimpleNotificationService;
using Amazon.SimpleNotificationService.Model;

namespace Automation.Tests.Compat.Aws;

/// <summary>
/// The naming and typing rules of the published packages (SDK v4), held at the members where each rule shows. The tests
/// compile against either; this one fails where the generated clients would differ.
/// </summary>
public sealed class PublishedNamesTests
{
    [Theory]
    // Value types are nullable; what is not sent is null.
    [InlineData(typeof(DBInstance), nameof(DBInstance.AllocatedStorage), typeof(int?))]
    [InlineData(typeof(DBInstance), nameof(DBInstance.MultiAZ), typeof(bool?))]
    [InlineData(typeof(DBInstance), nameof(DBInstance.InstanceCreateTime), typeof(DateTime?))]
    [InlineData(typeof(AccountQuota), nameof(AccountQuota.Used), typeof(long?))]
    [InlineData(typeof(MetricDatum), nameof(MetricDatum.Value), typeof(double?))]
    // Names are the model's with a capital first letter.
    [InlineData(typeof(DBInstance), nameof(DBInstance.DbiResourceId), typeof(string))]
    [InlineData(typeof(DBInstance), nameof(DBInstance.DbInstancePort), typeof(int?))]
    [InlineData(typeof(DescribeSecretResponse), nameof(DescribeSecretResponse.ARN), typeof(string))]
    // Enumerations are classes as members, and strings in collections.
    [InlineData(typeof(DescribeEventsRequest), nameof(DescribeEventsRequest.SourceType), typeof(SourceType))]
    [InlineData(typeof(UserAuthConfig), nameof(UserAuthConfig.IAMAuth), typeof(IAMAuthMode))]
    [InlineData(typeof(GetMetricStatisticsRequest), nameof(GetMetricStatisticsRequest.Statistics), typeof(List<string>))]
    [InlineData(typeof(MetricAlarm), nameof(MetricAlarm.StateValue), typeof(StateValue))]
    // Statuses of instances are plain strings in the model, and stay so.
    [InlineData(typeof(DBInstance), nameof(DBInstance.DBInstanceStatus), typeof(string))]
    [InlineData(typeof(DBProxy), nameof(DBProxy.Status), typeof(DBProxyStatus))]
    // Blobs, maps and lists.
    [InlineData(typeof(GetSecretValueResponse), nameof(GetSecretValueResponse.SecretBinary), typeof(MemoryStream))]
    [InlineData(typeof(DescribeSecretResponse), nameof(DescribeSecretResponse.VersionIdsToStages), typeof(Dictionary<string, List<string>>))]
    [InlineData(typeof(PublishRequest), nameof(PublishRequest.MessageAttributes), typeof(Dictionary<string, MessageAttributeValue>))]
    [InlineData(typeof(MetricDataResult), nameof(MetricDataResult.Timestamps), typeof(List<DateTime>))]
    // Members of the output are members of the response.
    [InlineData(typeof(DescribeDBInstancesResponse), nameof(DescribeDBInstancesResponse.DBInstances), typeof(List<DBInstance>))]
    [InlineData(typeof(ModifyDBInstanceResponse), nameof(ModifyDBInstanceResponse.DBInstance), typeof(DBInstance))]
    [InlineData(typeof(DescribeDBSnapshotAttributesResponse), nameof(DescribeDBSnapshotAttributesResponse.DBSnapshotAttributesResult), typeof(DBSnapshotAttributesResult))]
    [InlineData(typeof(RegisterDBProxyTargetsResponse), nameof(RegisterDBProxyTargetsResponse.DBProxyTargets), typeof(List<DBProxyTarget>))]
    // Written by hand in the published package.
    [InlineData(typeof(CopyDBSnapshotRequest), nameof(CopyDBSnapshotRequest.SourceRegion), typeof(string))]
    [InlineData(typeof(CopyDBClusterSnapshotRequest), nameof(CopyDBClusterSnapshotRequest.SourceRegion), typeof(string))]
    public void Member_OfThePublishedType_HasThatType(Type type, string member, Type expected) =>
        Assert.Equal(expected, type.GetProperty(member)!.PropertyType);

    [Theory]
    [InlineData(typeof(DBInstanceNotFoundException), typeof(AmazonRDSException))]
    [InlineData(typeof(InvalidDBClusterStateException), typeof(AmazonRDSException))]
    [InlineData(typeof(SnapshotQuotaExceededException), typeof(AmazonRDSException))]
    [InlineData(typeof(InvalidSubnetException), typeof(AmazonRDSException))]
    [InlineData(typeof(Amazon.SecretsManager.Model.ResourceNotFoundException), typeof(AmazonSecretsManagerException))]
    [InlineData(typeof(DecryptionFailureException), typeof(AmazonSecretsManagerException))]
    [InlineData(typeof(Amazon.CloudWatch.Model.LimitExceededException), typeof(AmazonCloudWatchException))]
    [InlineData(typeof(NotFoundException), typeof(AmazonSimpleNotificationServiceException))]
    [InlineData(typeof(AmazonSimpleNotificationServiceException), typeof(AmazonServiceException))]
    public void Exception_OfAnError_DerivesFromTheServices(Type exception, Type parent) => Assert.Equal(parent, exception.BaseType);

    [Theory]
    [InlineData(typeof(SourceType), "DbClusterSnapshot", "db-cluster-snapshot")]
    [InlineData(typeof(SourceType), "ZeroEtl", "zero-etl")]
    [InlineData(typeof(EngineFamily), "POSTGRESQL", "POSTGRESQL")]
    [InlineData(typeof(TargetHealthReason), "PENDING_PROXY_CAPACITY", "PENDING_PROXY_CAPACITY")]
    [InlineData(typeof(StandardUnit), "BytesSecond", "Bytes/Second")]
    [InlineData(typeof(ActivityStreamPolicyStatus), "LockingPolicy", "locking-policy")]
    [InlineData(typeof(FilterNameStringType), "TagKey", "tag-key")]
    public void Constant_OfAnEnumeration_IsNamedByItsWords(Type enumeration, string name, string value)
    {
        var constant = Assert.IsAssignableFrom<ConstantClass>(enumeration.GetField(name)!.GetValue(null));

        Assert.Equal(value, constant.Value);
        Assert.Same(constant, enumeration.GetMethod("FindValue", [typeof(string)])!.Invoke(null, [value]));
    }

    [Fact]
    public void Constant_FromText_IsTheKnownOneOrANewOne()
    {
        SourceType known = "db-instance";
        SourceType unknown = "a-type-of-tomorrow";
        SourceType none = (string)null!;

        Assert.Same(SourceType.DbInstance, known);
        Assert.Equal("a-type-of-tomorrow", unknown.Value);
        Assert.True(unknown == SourceType.FindValue("a-type-of-tomorrow"));
        Assert.Null(none);
    }

    [Theory]
    [InlineData(typeof(AmazonRDSClient), typeof(AmazonRDSConfig), typeof(IAmazonRDS))]
    [InlineData(typeof(AmazonSecretsManagerClient), typeof(AmazonSecretsManagerConfig), typeof(IAmazonSecretsManager))]
    [InlineData(typeof(AmazonSimpleNotificationServiceClient), typeof(AmazonSimpleNotificationServiceConfig), typeof(IAmazonSimpleNotificationService))]
    [InlineData(typeof(AmazonCloudWatchClient), typeof(AmazonCloudWatchConfig), typeof(IAmazonCloudWatch))]
    public void Client_OfAService_HasThePublishedConstructors(Type client, Type config, Type contract)
    {
        Type[][] published =
        [
            [], [typeof(Amazon.RegionEndpoint)], [config],
            [typeof(AWSCredentials)], [typeof(AWSCredentials), typeof(Amazon.RegionEndpoint)], [typeof(AWSCredentials), config],
            [typeof(string), typeof(string)], [typeof(string), typeof(string), typeof(Amazon.RegionEndpoint)], [typeof(string), typeof(string), config],
            [typeof(string), typeof(string), typeof(string)], [typeof(string), typeof(string), typeof(string), typeof(Amazon.RegionEndpoint)],
            [typeof(string), typeof(string), typeof(string), config],
        ];

        Assert.All(published, parameters => Assert.NotNull(client.GetConstructor(parameters)));
        Assert.Equal(published.Length, client.GetConstructors().Length);
        Assert.True(contract.IsAssignableFrom(client));
        Assert.True(typeof(IAmazonService).IsAssignableFrom(contract));
    }

    [Fact]
    public void Assembly_OfAClient_ShowsNothingOutsideItsNamespace() =>
        Assert.All(typeof(AmazonRDSClient).Assembly.GetExportedTypes(), t => Assert.StartsWith("Amazon.RDS", t.Namespace, StringComparison.Ordinal));
}
