using System.Net;
using Amazon.RDS;
using Amazon.RDS.Model;
using Amazon.Runtime;
using Automation.Fleet;
using Automation.Telemetry;

namespace Automation.Failover;

/// <summary>Asks RDS.</summary>
/// <param name="rds">For questions, with the SDK's retries.</param>
/// <param name="once">For the call itself, with none: the SDK would repeat a call whose answer got lost, and RebootDBInstance has no token that tells a repetition from a second failover.</param>
internal sealed class RdsFailoverControl(IAmazonRDS rds, IAmazonRDS once) : IFailoverControl
{
    public async Task<FailoverTopology?> TopologyAsync(RdsDatabase database, CancellationToken cancellation)
    {
        try
        {
            return database.Kind == DatabaseKind.Cluster
                ? await OfClusterAsync(database.Id, cancellation)
                : await InstanceAsync(database.Id, cancellation) is { } instance ? TopologyOf(instance) : null;
        }
        catch (Exception e) when (e is DBInstanceNotFoundException or DBClusterNotFoundException)
        {
            return null;
        }
    }

    public async Task<IReadOnlyList<string>> PendingMaintenanceAsync(IReadOnlyList<string> arns, CancellationToken cancellation)
    {
        var found = new List<string>();
        foreach (var arn in arns)
        {
            var answer = await rds.DescribePendingMaintenanceActionsAsync(new DescribePendingMaintenanceActionsRequest { ResourceIdentifier = arn }, cancellation);
            found.AddRange((answer.PendingMaintenanceActions ?? [])
                .SelectMany(resource => resource.PendingMaintenanceActionDetails ?? [])
                // Optional ones stand there for months; a date or somebody's consent makes one pending.
                .Where(action => action.CurrentApplyDate is not null || action.AutoAppliedAfterDate is not null || action.ForcedApplyDate is not null || Text(action.OptInStatus) is not null)
                .Select(action => $"{arn[(arn.LastIndexOf(':') + 1)..]}: {action.Action}"));
        }
        return found;
    }

    public async Task<IReadOnlyList<string>> SnapshotsUnderwayAsync(RdsDatabase database, CancellationToken cancellation)
    {
        var found = new List<string>();
        if (database.Kind == DatabaseKind.Cluster)
        {
            var request = new DescribeDBClusterSnapshotsRequest { DBClusterIdentifier = database.Id };
            do
            {
                var page = await rds.DescribeDBClusterSnapshotsAsync(request, cancellation);
                found.AddRange((page.DBClusterSnapshots ?? []).Where(snapshot => snapshot.Status == "creating").Select(snapshot => snapshot.DBClusterSnapshotIdentifier));
                request.Marker = page.Marker;
            }
            while (!string.IsNullOrEmpty(request.Marker));
        }
        else
        {
            var request = new DescribeDBSnapshotsRequest { DBInstanceIdentifier = database.Id };
            do
            {
                var page = await rds.DescribeDBSnapshotsAsync(request, cancellation);
                found.AddRange((page.DBSnapshots ?? []).Where(snapshot => snapshot.Status == "creating").Select(snapshot => snapshot.DBSnapshotIdentifier));
                request.Marker = page.Marker;
            }
            while (!string.IsNullOrEmpty(request.Marker));
        }
        return found;
    }

    public async Task<IReadOnlyList<RdsEventLine>> FailoverEventsAsync(
        RdsDatabase database, FailoverTopology topology, DateTimeOffset since, CancellationToken cancellation)
    {
        var sources = topology.Members.Select(member => (Type: SourceType.DbInstance, member.Id)).ToList();
        if (database.Kind == DatabaseKind.Cluster) sources.Add((SourceType.DbCluster, database.Id));
        var found = new List<RdsEventLine>();
        foreach (var (type, id) in sources)
        {
            var request = new DescribeEventsRequest
            {
                SourceType = type,
                SourceIdentifier = id,
                StartTime = since.UtcDateTime,
                EventCategories = ["failover"],
            };
            do
            {
                var page = await rds.DescribeEventsAsync(request, cancellation);
                found.AddRange((page.Events ?? []).Where(line => line.Date is not null)
                    .Select(line => new RdsEventLine(RdsDatabases.Utc(line.Date)!.Value, id, Printable.Line(line.Message ?? "", 300))));
                request.Marker = page.Marker;
            }
            while (!string.IsNullOrEmpty(request.Marker));
        }
        return [.. found.OrderBy(line => line.At)];
    }

    public async Task<CallAnswer> FailOverAsync(RdsDatabase database, string? target, CancellationToken cancellation)
    {
        try
        {
            if (database.Kind == DatabaseKind.Cluster)
                await once.FailoverDBClusterAsync(new FailoverDBClusterRequest { DBClusterIdentifier = database.Id, TargetDBInstanceIdentifier = target }, cancellation);
            else
                await once.RebootDBInstanceAsync(new RebootDBInstanceRequest { DBInstanceIdentifier = database.Id, ForceFailover = true }, cancellation);
            return new CallAnswer.Accepted();
        }
        catch (AmazonServiceException e) when (e.StatusCode is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError
            and not HttpStatusCode.RequestTimeout)
        {
            return new CallAnswer.Refused(AwsFailure.CodeOf(e), Printable.Line(e.Message));
        }
        // Whatever ended the waiting, also our own limit: the request had left.
        catch (Exception e) when (AwsFailure.Is(e, CancellationToken.None))
        {
            return new CallAnswer.Unanswered(AwsFailure.CodeOf(e));
        }
    }

    private async Task<DBInstance?> InstanceAsync(string id, CancellationToken cancellation) =>
        (await rds.DescribeDBInstancesAsync(new DescribeDBInstancesRequest { DBInstanceIdentifier = id }, cancellation)).DBInstances?.SingleOrDefault();

    private async Task<FailoverTopology?> OfClusterAsync(string id, CancellationToken cancellation)
    {
        var cluster = (await rds.DescribeDBClustersAsync(new DescribeDBClustersRequest { DBClusterIdentifier = id }, cancellation)).DBClusters?.SingleOrDefault();
        if (cluster is null) return null;
        var members = new List<FailoverMember>();
        var windows = new HashSet<string>(StringComparer.Ordinal);
        if (cluster.PreferredMaintenanceWindow is { Length: > 0 } own) windows.Add(own);
        foreach (var member in cluster.DBClusterMembers ?? [])
        {
            if (await InstanceAsync(member.DBInstanceIdentifier, cancellation) is not { } instance) continue;
            var ofMember = MemberOf(instance, member.IsClusterWriter is true);
            members.Add(ofMember with
            {
                PromotionTier = member.PromotionTier ?? 1,
                PendingModifications = [.. ofMember.PendingModifications, .. PendingChanges.OfParameters(member)],
            });
            if (instance.PreferredMaintenanceWindow is { Length: > 0 } window) windows.Add(window);
        }
        return new FailoverTopology
        {
            Members = members,
            ReaderHost = members.Count > 1 ? cluster.ReaderEndpoint : null,
            ReplicaOf = Text(cluster.ReplicationSourceIdentifier),
            PendingModifications = PendingChanges.Of(cluster.PendingModifiedValues),
            BackupWindow = Text(cluster.PreferredBackupWindow),
            MaintenanceWindows = [.. windows],
        };
    }

    private static FailoverTopology TopologyOf(DBInstance instance) => new()
    {
        Members = [MemberOf(instance, isWriter: true)],
        StandbyZone = Text(instance.SecondaryAvailabilityZone),
        ReplicaOf = Text(instance.ReadReplicaSourceDBInstanceIdentifier) ?? Text(instance.ReadReplicaSourceDBClusterIdentifier),
        BackupWindow = Text(instance.PreferredBackupWindow),
        MaintenanceWindows = Text(instance.PreferredMaintenanceWindow) is { } window ? [window] : [],
    };

    private static FailoverMember MemberOf(DBInstance instance, bool isWriter) => new()
    {
        Id = instance.DBInstanceIdentifier,
        Arn = instance.DBInstanceArn,
        Status = instance.DBInstanceStatus,
        Zone = Text(instance.AvailabilityZone),
        IsWriter = isWriter,
        Tags = RdsDatabases.Tags(instance.TagList),
        PendingModifications = [.. PendingChanges.Of(instance.PendingModifiedValues), .. PendingChanges.OfParameters(instance)],
    };

    private static string? Text(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
