using Amazon.RDS;
using Amazon.RDS.Model;
using Automation.Lab.Failover;
using Automation.LabTests.Fixtures;

namespace Automation.LabTests.Wire;

/// <summary>What the tests start from, in a moto that they share: every name is used once.</summary>
internal static class Given
{
    private static int last;

    /// <summary>Everything that a careless encoder gets wrong.</summary>
    public const string AwkwardText = "Größe & \"Menge\" <b>'x'</b> + 100% = ✓ 数据 / a;b?c#d";

    public static string Name(string prefix) => $"{prefix}-{Interlocked.Increment(ref last)}";

    public static async Task<DBInstance> InstanceAsync(IAmazonRDS rds, CancellationToken cancellation, params Tag[] tags)
    {
        var response = await rds.CreateDBInstanceAsync(new CreateDBInstanceRequest
        {
            DBInstanceIdentifier = Name("instance"),
            DBInstanceClass = "db.t4g.micro",
            Engine = "postgres",
            AllocatedStorage = 20,
            MasterUsername = "owner",
            MasterUserPassword = "not-a-secret-1",
            Tags = [.. tags],
        }, cancellation);
        return response.DBInstance;
    }

    public static async Task<DBCluster> ClusterAsync(IAmazonRDS rds, CancellationToken cancellation)
    {
        var response = await rds.CreateDBClusterAsync(new CreateDBClusterRequest
        {
            DBClusterIdentifier = Name("cluster"),
            Engine = "aurora-postgresql",
            MasterUsername = "owner",
            MasterUserPassword = "not-a-secret-1",
        }, cancellation);
        return response.DBCluster;
    }

    public static async Task<DBSnapshot> SnapshotAsync(IAmazonRDS rds, CancellationToken cancellation)
    {
        var instance = await InstanceAsync(rds, cancellation);
        var response = await rds.CreateDBSnapshotAsync(new CreateDBSnapshotRequest
        {
            DBInstanceIdentifier = instance.DBInstanceIdentifier,
            DBSnapshotIdentifier = Name("snapshot"),
        }, cancellation);
        return response.DBSnapshot;
    }

    public static async Task<DBClusterSnapshot> ClusterSnapshotAsync(IAmazonRDS rds, CancellationToken cancellation)
    {
        var cluster = await ClusterAsync(rds, cancellation);
        var response = await rds.CreateDBClusterSnapshotAsync(new CreateDBClusterSnapshotRequest
        {
            DBClusterIdentifier = cluster.DBClusterIdentifier,
            DBClusterSnapshotIdentifier = Name("snapshot"),
        }, cancellation);
        return response.DBClusterSnapshot;
    }

    public static async Task<DBProxy> ProxyAsync(MotoFixture moto, CancellationToken cancellation)
    {
        var response = await moto.Clients.Rds.CreateDBProxyAsync(new CreateDBProxyRequest
        {
            DBProxyName = Name("proxy"),
            EngineFamily = EngineFamily.POSTGRESQL,
            RoleArn = "arn:aws:iam::123456789012:role/proxy",
            VpcSubnetIds = await SubnetsAsync(moto.Server.Uri, cancellation),
            Auth = [new UserAuthConfig { AuthScheme = AuthScheme.SECRETS, SecretArn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:a", IAMAuth = IAMAuthMode.REQUIRED }],
        }, cancellation);
        return response.DBProxy;
    }

    /// <summary>The subnets of the account's default VPC. The application needs no client for EC2, so there is none.</summary>
    public static Task<List<string>> SubnetsAsync(Uri moto, CancellationToken cancellation, string region = MotoFixture.Region) =>
        new DefaultSubnets(moto, region).ListAsync(cancellation);
}
