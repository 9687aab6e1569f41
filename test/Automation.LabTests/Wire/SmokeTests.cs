using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;
using Amazon.RDS.Model;
using Amazon.SecretsManager.Model;
using Amazon.SimpleNotificationService.Model;
using Automation.LabTests.Fixtures;

namespace Automation.LabTests.Wire;

public sealed class SmokeTests(MotoFixture moto)
{
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task All()
    {
        var c = moto.Clients;
        await c.Rds.CreateDBInstanceAsync(new() { DBInstanceIdentifier = "smoke", Engine = "postgres", DBInstanceClass = "db.t3.micro", AllocatedStorage = 20, MasterUsername = "u", MasterUserPassword = "password1" }, cancellation);
        var d = await c.Rds.DescribeDBInstancesAsync(new DescribeDBInstancesRequest(), cancellation);
        Assert.Contains(d.DBInstances, i => i.DBInstanceIdentifier == "smoke");
        await Assert.ThrowsAsync<DBInstanceNotFoundException>(() => c.Rds.DescribeDBInstancesAsync(new() { DBInstanceIdentifier = "nope" }, cancellation));
        var topic = await c.Sns.CreateTopicAsync(new CreateTopicRequest { Name = "t" }, cancellation);
        var p = await c.Sns.PublishAsync(new PublishRequest { TopicArn = topic.TopicArn, Message = "x" }, cancellation);
        Assert.NotEmpty(p.MessageId);
        await c.CloudWatch.PutMetricDataAsync(new PutMetricDataRequest { Namespace = "n", MetricData = [new MetricDatum { MetricName = "m", Value = 1.5, Unit = StandardUnit.Count }] }, cancellation);
        var s = await c.SecretsManager.CreateSecretAsync(new CreateSecretRequest { Name = "s", SecretString = "v" }, cancellation);
        var v = await c.SecretsManager.GetSecretValueAsync(new() { SecretId = s.ARN }, cancellation);
        Assert.Equal("v", v.SecretString);
        await Assert.ThrowsAsync<Amazon.SecretsManager.Model.ResourceNotFoundException>(() => c.SecretsManager.GetSecretValueAsync(new() { SecretId = "nope" }, cancellation));
    }
}
