using Amazon.RDS;
using Amazon.RDS.Model;
using Automation.Fleet;

namespace Automation.Snapshots;

/// <summary>Asks RDS. Instances and clusters have calls of their own for everything, with errors of their own.</summary>
internal sealed class RdsSnapshotStore(string region, IAmazonRDS rds) : ISnapshotStore
{
    // The most that RDS gives in one answer.
    private const int PageSize = 100;

    private const string Manual = "manual", Restore = "restore";

    public string Region => region;

    public async Task<IReadOnlyList<Snapshot>> ListAsync(string? databaseId, CancellationToken cancellation)
    {
        var found = new List<Snapshot>();
        var ofInstances = new DescribeDBSnapshotsRequest { DBInstanceIdentifier = databaseId, SnapshotType = Manual, MaxRecords = PageSize };
        do
        {
            var page = await rds.DescribeDBSnapshotsAsync(ofInstances, cancellation);
            found.AddRange((page.DBSnapshots ?? []).Select(ToSnapshot));
            ofInstances.Marker = page.Marker;
        }
        while (!string.IsNullOrEmpty(ofInstances.Marker));

        var ofClusters = new DescribeDBClusterSnapshotsRequest { DBClusterIdentifier = databaseId, SnapshotType = Manual, MaxRecords = PageSize };
        do
        {
            var page = await rds.DescribeDBClusterSnapshotsAsync(ofClusters, cancellation);
            found.AddRange((page.DBClusterSnapshots ?? []).Select(ToSnapshot));
            ofClusters.Marker = page.Marker;
        }
        while (!string.IsNullOrEmpty(ofClusters.Marker));
        return found;
    }

    public async Task<Snapshot?> FindAsync(DatabaseKind kind, string id, CancellationToken cancellation)
    {
        try
        {
            return kind == DatabaseKind.Cluster
                ? (await rds.DescribeDBClusterSnapshotsAsync(new DescribeDBClusterSnapshotsRequest { DBClusterSnapshotIdentifier = id }, cancellation))
                    .DBClusterSnapshots?.Select(ToSnapshot).SingleOrDefault()
                : (await rds.DescribeDBSnapshotsAsync(new DescribeDBSnapshotsRequest { DBSnapshotIdentifier = id }, cancellation))
                    .DBSnapshots?.Select(ToSnapshot).SingleOrDefault();
        }
        catch (Exception e) when (e is DBSnapshotNotFoundException or DBClusterSnapshotNotFoundException)
        {
            return null;
        }
    }

    public async Task<IReadOnlyList<string>> SharedWithAsync(DatabaseKind kind, string id, CancellationToken cancellation)
    {
        try
        {
            return kind == DatabaseKind.Cluster
                ? (await rds.DescribeDBClusterSnapshotAttributesAsync(new DescribeDBClusterSnapshotAttributesRequest { DBClusterSnapshotIdentifier = id }, cancellation))
                    .DBClusterSnapshotAttributesResult?.DBClusterSnapshotAttributes?.Find(attribute => attribute.AttributeName == Restore)?.AttributeValues ?? []
                : (await rds.DescribeDBSnapshotAttributesAsync(new DescribeDBSnapshotAttributesRequest { DBSnapshotIdentifier = id }, cancellation))
                    .DBSnapshotAttributesResult?.DBSnapshotAttributes?.Find(attribute => attribute.AttributeName == Restore)?.AttributeValues ?? [];
        }
        catch (Exception e) when (e is DBSnapshotNotFoundException or DBClusterSnapshotNotFoundException)
        {
            return [];
        }
    }

    public Task<SnapshotAnswer> CreateAsync(
        DatabaseKind kind, string databaseId, string id, IReadOnlyDictionary<string, string> tags, CancellationToken cancellation) => AnswerAsync(kind == DatabaseKind.Cluster
        ? () => rds.CreateDBClusterSnapshotAsync(new CreateDBClusterSnapshotRequest
        {
            DBClusterIdentifier = databaseId,
            DBClusterSnapshotIdentifier = id,
            Tags = ToTags(tags),
        }, cancellation)
        : () => rds.CreateDBSnapshotAsync(new CreateDBSnapshotRequest
        {
            DBInstanceIdentifier = databaseId,
            DBSnapshotIdentifier = id,
            Tags = ToTags(tags),
        }, cancellation));

    // SourceRegion makes the SDK sign the request for the other Region where one must (GovCloud); elsewhere it is ignored.
    // Tags are given, so CopyTags would be ignored: a copy carries ours alone.
    public Task<SnapshotAnswer> CopyAsync(CopyOrder order, CancellationToken cancellation) => AnswerAsync(order.Kind == DatabaseKind.Cluster
        ? () => rds.CopyDBClusterSnapshotAsync(new CopyDBClusterSnapshotRequest
        {
            SourceDBClusterSnapshotIdentifier = order.SourceArn,
            SourceRegion = order.SourceRegion,
            TargetDBClusterSnapshotIdentifier = order.Id,
            KmsKeyId = order.KmsKeyId,
            Tags = ToTags(order.Tags),
        }, cancellation)
        : () => rds.CopyDBSnapshotAsync(new CopyDBSnapshotRequest
        {
            SourceDBSnapshotIdentifier = order.SourceArn,
            SourceRegion = order.SourceRegion,
            TargetDBSnapshotIdentifier = order.Id,
            KmsKeyId = order.KmsKeyId,
            Tags = ToTags(order.Tags),
        }, cancellation));

    public Task<SnapshotAnswer> DeleteAsync(DatabaseKind kind, string id, CancellationToken cancellation) => AnswerAsync(kind == DatabaseKind.Cluster
        ? () => rds.DeleteDBClusterSnapshotAsync(new DeleteDBClusterSnapshotRequest { DBClusterSnapshotIdentifier = id }, cancellation)
        : () => rds.DeleteDBSnapshotAsync(new DeleteDBSnapshotRequest { DBSnapshotIdentifier = id }, cancellation));

    public Task<SnapshotAnswer> ShareAsync(DatabaseKind kind, string id, string account, bool share, CancellationToken cancellation)
    {
        List<string>? adding = share ? [account] : null, removing = share ? null : [account];
        return AnswerAsync(kind == DatabaseKind.Cluster
            ? () => rds.ModifyDBClusterSnapshotAttributeAsync(new ModifyDBClusterSnapshotAttributeRequest
            {
                DBClusterSnapshotIdentifier = id,
                AttributeName = Restore,
                ValuesToAdd = adding,
                ValuesToRemove = removing,
            }, cancellation)
            : () => rds.ModifyDBSnapshotAttributeAsync(new ModifyDBSnapshotAttributeRequest
            {
                DBSnapshotIdentifier = id,
                AttributeName = Restore,
                ValuesToAdd = adding,
                ValuesToRemove = removing,
            }, cancellation));
    }

    public Task<SnapshotAnswer> TagAsync(string arn, string key, string value, CancellationToken cancellation) =>
        AnswerAsync(() => rds.AddTagsToResourceAsync(new AddTagsToResourceRequest { ResourceName = arn, Tags = [new Tag { Key = key, Value = value }] }, cancellation));

    private static async Task<SnapshotAnswer> AnswerAsync(Func<Task> call)
    {
        try
        {
            await call();
            return SnapshotAnswer.Done;
        }
        // 5xx: it may have been done.
        catch (AmazonRDSException e) when ((int)e.StatusCode is >= 400 and < 500)
        {
            return SnapshotFaults.Of(e.ErrorCode, e.Message);
        }
    }

    private static List<Tag> ToTags(IReadOnlyDictionary<string, string> tags) => [.. tags.Select(tag => new Tag { Key = tag.Key, Value = tag.Value })];

    private static Snapshot ToSnapshot(DBSnapshot snapshot) => new()
    {
        Id = snapshot.DBSnapshotIdentifier,
        Arn = snapshot.DBSnapshotArn,
        Kind = DatabaseKind.Instance,
        Status = snapshot.Status,
        DatabaseId = snapshot.DBInstanceIdentifier,
        ResourceId = snapshot.DbiResourceId is { Length: > 0 } resource ? resource : null,
        CreatedAt = RdsDatabases.Utc(snapshot.SnapshotCreateTime),
        Encrypted = snapshot.Encrypted is true,
        KmsKeyId = snapshot.KmsKeyId is { Length: > 0 } key ? key : null,
        SourceArn = snapshot.SourceDBSnapshotIdentifier is { Length: > 0 } source ? source : null,
        Tags = RdsDatabases.Tags(snapshot.TagList),
    };

    private static Snapshot ToSnapshot(DBClusterSnapshot snapshot) => new()
    {
        Id = snapshot.DBClusterSnapshotIdentifier,
        Arn = snapshot.DBClusterSnapshotArn,
        Kind = DatabaseKind.Cluster,
        Status = snapshot.Status,
        DatabaseId = snapshot.DBClusterIdentifier,
        ResourceId = snapshot.DbClusterResourceId is { Length: > 0 } resource ? resource : null,
        CreatedAt = RdsDatabases.Utc(snapshot.SnapshotCreateTime),
        Encrypted = snapshot.StorageEncrypted is true,
        KmsKeyId = snapshot.KmsKeyId is { Length: > 0 } key ? key : null,
        SourceArn = snapshot.SourceDBClusterSnapshotArn is { Length: > 0 } source ? source : null,
        Tags = RdsDatabases.Tags(snapshot.TagList),
    };
}

/// <summary>The stores of the Regions, through RDS.</summary>
internal sealed class RdsSnapshotStores(IRdsRegions regions) : ISnapshotStores
{
    public ISnapshotStore Home => In(regions.Home);

    public ISnapshotStore In(string region) => new RdsSnapshotStore(region, regions.In(region));
}
