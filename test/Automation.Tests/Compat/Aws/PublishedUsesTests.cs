using Automation.Database;

namespace Automation.Tests.Compat.Aws;

/// <summary>
/// Every type and member of an AWS package that deployed code uses, as the compiler wrote it down, is one the published
/// package has: by a listing of its public API (Amazon.Lambda.*: PublishedApiTests holds the whole subset against it), by AWS's
/// model of the service, or because the package itself is what was compiled against.
/// </summary>
public sealed class PublishedUsesTests
{
    /// <summary>Compiled against as published, on every feed (Directory.Packages.props).</summary>
    private static readonly string[] NotSwapped = ["AWSSDK.Core", "AWSSDK.DynamoDBv2", "AWSSDK.KeyManagementService", "AWSSDK.S3"];

    /// <summary>
    /// No model has them. Copies from another Region need what the published package has by hand: a request that names the Region,
    /// and a client that puts the handler of such requests into its pipeline (<c>runtimePipelineOverride</c> of its customizations).
    /// </summary>
    private static readonly string[] ByHand =
    [
        "Amazon.RDS.AmazonRDSClient.CustomizeRuntimePipeline",
        "Amazon.RDS.Model.CopyDBSnapshotRequest.set_SourceRegion", "Amazon.RDS.Model.CopyDBClusterSnapshotRequest.set_SourceRegion",
    ];

    private static readonly IReadOnlyList<AwsUse> Uses =
        [.. AwsUses.Of(typeof(Functions).Assembly.Location).Concat(AwsUses.Of(typeof(RdsDataSource).Assembly.Location)).Distinct()];

    [Fact]
    public void Packages_ThatAreUsed_AreHeldAgainstSomething() => Assert.All(Uses.Select(use => use.Assembly).Distinct(), package =>
        Assert.True(NotSwapped.Contains(package) || ServiceNames.OfPackage.ContainsKey(package) || package.StartsWith("Amazon.Lambda.", StringComparison.Ordinal), package));

    [Fact]
    public void Uses_OfServiceClients_AreOfTheServicesModels() => Assert.Equal(
        ByHand.Order(StringComparer.Ordinal),
        Uses.Where(use => ServiceNames.OfPackage.TryGetValue(use.Assembly, out var names) && !names.Has(use))
            .Select(use => use.ToString()).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("Amazon.RDS.IAmazonRDS.ModifyDBInstanceAsync")]
    [InlineData("Amazon.RDS.Model.DBInstance.get_AllocatedStorage")]
    [InlineData("Amazon.RDS.Model.DBInstanceNotFoundException")]
    [InlineData("Amazon.CloudWatch.Model.MetricDataQuery.set_Id")]
    [InlineData("Amazon.SecretsManager.Model.PutSecretValueRequest..ctor")]
    [InlineData("Amazon.SimpleNotificationService.IAmazonSimpleNotificationService.PublishAsync")]
    public void Uses_OfWhatTheCodeSays_AreFound(string use) => Assert.Contains(use, Uses.Select(found => found.ToString()));

    [Theory]
    [InlineData("Amazon.RDS", "IAmazonRDS", "ModifyDBInstance")] // only the asynchronous call is there
    [InlineData("Amazon.RDS.Model", "DBInstance", "get_Storage")]
    [InlineData("Amazon.RDS.Model", "DescribeDBInstancesRequest", "get_DBInstances")] // of the response
    [InlineData("Amazon.RDS.Model", "DBInstanceNotFoundFault", null)] // the model's name, not the package's
    [InlineData("Amazon.RDS", "DBInstance", null)]
    [InlineData("Amazon.RDS", "SourceType", "DbProxies")]
    public void Has_WhatIsNotPublished_IsFalse(string @namespace, string type, string? member) =>
        Assert.False(ServiceNames.OfPackage["AWSSDK.RDS"].Has(new AwsUse("AWSSDK.RDS", @namespace, type, member)));
}
