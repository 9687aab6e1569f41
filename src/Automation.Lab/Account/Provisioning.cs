using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.RDS;
using Amazon.RDS.Model;
using Amazon.SimpleNotificationService.Model;
using Automation.Lab.Aws;
using Automation.Lab.Failover;
using Automation.Lab.Template;

namespace Automation.Lab.Account;

/// <summary>Creates in moto what the template describes and what the lab registers.</summary>
internal sealed class Provisioning(LabClients clients, DefaultSubnets subnets, Buckets buckets)
{
    /// <exception cref="InvalidOperationException">moto plays another account or Region than the template was read for.</exception>
    public async Task CreateAsync(SamTemplate template, CancellationToken cancellation)
    {
        foreach (var table in template.Tables) await CreateTableAsync(table, cancellation);
        foreach (var bucket in template.Buckets) await buckets.CreateAsync(bucket.Name, cancellation);
        foreach (var topic in template.Topics)
        {
            var created = await clients.Sns.CreateTopicAsync(new CreateTopicRequest { Name = topic.Name }, cancellation);
            Expect(topic.Arn, created.TopicArn);
        }
    }

    /// <summary>Creates an instance, in a cluster where one is named.</summary>
    public async Task<RegisteredDatabase> CreateAsync(LabDatabase database, string? clusterId, CancellationToken cancellation)
    {
        var created = await clients.Rds.CreateDBInstanceAsync(new CreateDBInstanceRequest
        {
            DBInstanceIdentifier = database.Id,
            DBClusterIdentifier = clusterId,
            Engine = database.Engine,
            EngineVersion = database.EngineVersion,
            DBInstanceClass = database.Class,
            MultiAZ = database.MultiAz,
            AllocatedStorage = clusterId is null ? database.AllocatedStorageGiB : null,
            StorageType = clusterId is null ? database.StorageType : null,
            MasterUsername = clusterId is null ? database.MasterUser : null,
            MasterUserPassword = clusterId is null ? "not-the-real-one" : null,
            EnableIAMDatabaseAuthentication = database.IamAuthentication,
            StorageEncrypted = true,
            KmsKeyId = database.KmsKeyId,
            PreferredBackupWindow = clusterId is null ? QuietWindows.Backup(TimeProvider.System.GetUtcNow()) : null,
            PreferredMaintenanceWindow = QuietWindows.Maintenance(TimeProvider.System.GetUtcNow()),
            Tags = Tags(database.Tags),
        }, cancellation);
        return new RegisteredDatabase(database.Id, created.DBInstance.DBInstanceArn, DatabaseDirectory.InstanceResourceId(database.Id));
    }

    public async Task<RegisteredDatabase> CreateAsync(LabCluster cluster, CancellationToken cancellation)
    {
        var created = await clients.Rds.CreateDBClusterAsync(new CreateDBClusterRequest
        {
            DBClusterIdentifier = cluster.Id,
            Engine = "aurora-postgresql",
            EngineVersion = cluster.EngineVersion,
            MasterUsername = cluster.MasterUser,
            MasterUserPassword = "not-the-real-one",
            EnableIAMDatabaseAuthentication = cluster.IamAuthentication,
            StorageEncrypted = true,
            KmsKeyId = cluster.KmsKeyId,
            PreferredBackupWindow = QuietWindows.Backup(TimeProvider.System.GetUtcNow()),
            PreferredMaintenanceWindow = QuietWindows.Maintenance(TimeProvider.System.GetUtcNow()),
            Tags = Tags(cluster.Tags),
        }, cancellation);
        return new RegisteredDatabase(cluster.Id, created.DBCluster.DBClusterArn, DatabaseDirectory.ClusterResourceId(cluster.Id));
    }

    /// <summary>Creates a proxy before an instance or a cluster.</summary>
    public async Task CreateProxyAsync(string name, string databaseId, bool isCluster, CancellationToken cancellation)
    {
        await clients.Rds.CreateDBProxyAsync(new CreateDBProxyRequest
        {
            DBProxyName = name,
            EngineFamily = EngineFamily.POSTGRESQL,
            RoleArn = $"arn:aws:iam::{MotoServer.AccountId}:role/proxy",
            VpcSubnetIds = await subnets.ListAsync(cancellation),
            RequireTLS = true,
            // moto asks for one; the lab's answers show none.
            Auth = [new UserAuthConfig { IAMAuth = IAMAuthMode.REQUIRED }],
        }, cancellation);
        await clients.Rds.RegisterDBProxyTargetsAsync(new RegisterDBProxyTargetsRequest
        {
            DBProxyName = name,
            TargetGroupName = "default",
            DBClusterIdentifiers = isCluster ? [databaseId] : null,
            DBInstanceIdentifiers = isCluster ? null : [databaseId],
        }, cancellation);
    }

    private static List<Amazon.RDS.Model.Tag> Tags(IReadOnlyDictionary<string, string> tags) =>
        [.. tags.Select(t => new Amazon.RDS.Model.Tag { Key = t.Key, Value = t.Value })];

    private async Task CreateTableAsync(TemplateTable table, CancellationToken cancellation)
    {
        var keys = new List<KeySchemaElement> { new(table.PartitionKey, KeyType.HASH) };
        if (table.SortKey is { } sortKey) keys.Add(new KeySchemaElement(sortKey, KeyType.RANGE));
        var created = await clients.DynamoDB.CreateTableAsync(new CreateTableRequest
        {
            TableName = table.Name,
            KeySchema = keys,
            AttributeDefinitions = [.. table.Attributes.Select(a => new AttributeDefinition(a.Key, a.Value))],
            BillingMode = BillingMode.PAY_PER_REQUEST,
        }, cancellation);
        Expect(table.Arn, created.TableDescription.TableArn);
        if (table.TimeToLiveAttribute is not { } attribute) return;
        await clients.DynamoDB.UpdateTimeToLiveAsync(new UpdateTimeToLiveRequest
        {
            TableName = table.Name,
            TimeToLiveSpecification = new TimeToLiveSpecification { AttributeName = attribute, Enabled = true },
        }, cancellation);
    }

    // The functions' environment was computed from the names alone; a difference here would send them elsewhere.
    private static void Expect(string arn, string created)
    {
        if (arn != created) throw new InvalidOperationException($"the template's {arn} was created as {created}");
    }
}
