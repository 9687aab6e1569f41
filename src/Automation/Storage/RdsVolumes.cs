using System.Net;
using Amazon.RDS;
using Amazon.RDS.Model;
using Amazon.Runtime;
using Automation.Fleet;
using Automation.Telemetry;

namespace Automation.Storage;

/// <summary>Asks RDS.</summary>
/// <param name="rds">For questions, with the SDK's retries.</param>
/// <param name="once">For the change: its repetition by the SDK would be refused because the first one was taken.</param>
internal sealed class RdsVolumes(IAmazonRDS rds, IAmazonRDS once) : IVolumes
{
    // RDS answers so with 400, as it does when it refuses for good.
    private static readonly string[] Throttling = ["Throttling", "ThrottlingException", "RequestLimitExceeded", "RequestThrottled"];

    public async Task<Volume?> DescribeAsync(string id, CancellationToken cancellation)
    {
        try
        {
            var answer = await rds.DescribeDBInstancesAsync(new DescribeDBInstancesRequest { DBInstanceIdentifier = id }, cancellation);
            return answer.DBInstances?.SingleOrDefault() is { } instance ? Of(instance) with { Ranges = await RangesAsync(instance, cancellation) } : null;
        }
        catch (DBInstanceNotFoundException)
        {
            return null;
        }
    }

    public async Task<(IReadOnlyList<Volume> Instances, IReadOnlyList<RdsDatabase> Clusters)> ListAsync(CancellationToken cancellation) =>
        ([.. (await RdsPages.InstancesAsync(rds, null, cancellation)).Select(Of)], [.. (await RdsPages.ClustersAsync(rds, null, cancellation)).Select(RdsDatabases.Of)]);

    public async Task<GrowthAnswer> GrowAsync(string id, Step.Legal step, CancellationToken cancellation)
    {
        try
        {
            await once.ModifyDBInstanceAsync(new ModifyDBInstanceRequest
            {
                DBInstanceIdentifier = id,
                AllocatedStorage = step.TargetGiB,
                Iops = step.Iops,
                StorageThroughput = step.Throughput,
                ApplyImmediately = true,
            }, cancellation);
            return new GrowthAnswer.Accepted();
        }
        catch (AmazonServiceException e) when (e.StatusCode is HttpStatusCode.TooManyRequests || Throttling.Contains(e.ErrorCode, StringComparer.Ordinal))
        {
            return new GrowthAnswer.Throttled(AwsFailure.CodeOf(e));
        }
        catch (AmazonServiceException e) when (e.StatusCode is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError
            and not HttpStatusCode.RequestTimeout)
        {
            return new GrowthAnswer.Refused(AwsFailure.CodeOf(e), Printable.Line(e.Message));
        }
        // Whatever ended the waiting, also our own limit: the request had left.
        catch (Exception e) when (AwsFailure.Is(e, CancellationToken.None))
        {
            return new GrowthAnswer.Unanswered(AwsFailure.CodeOf(e));
        }
    }

    internal static Volume Of(DBInstance instance) => new()
    {
        Database = RdsDatabases.Of(instance, null),
        AllocatedGiB = instance.AllocatedStorage ?? 0,
        Type = instance.StorageType ?? "",
        Iops = instance.Iops is > 0 ? instance.Iops : null,
        Throughput = instance.StorageThroughput is > 0 ? instance.StorageThroughput : null,
        // Equal to the size means off (RDS user guide, "Managing capacity automatically").
        AutoscalingCapGiB = instance.MaxAllocatedStorage > (instance.AllocatedStorage ?? 0) ? instance.MaxAllocatedStorage : null,
        HasLogVolume = instance.DedicatedLogVolume is true,
        Pending = PendingChanges.Of(instance.PendingModifiedValues),
        PendingGiB = instance.PendingModifiedValues?.AllocatedStorage,
        Replicas = [.. instance.ReadReplicaDBInstanceIdentifiers ?? [], .. instance.ReadReplicaDBClusterIdentifiers ?? []],
    };

    private async Task<IReadOnlyList<StorageRange>> RangesAsync(DBInstance instance, CancellationToken cancellation)
    {
        try
        {
            var answer = await rds.DescribeValidDBInstanceModificationsAsync(
                new DescribeValidDBInstanceModificationsRequest { DBInstanceIdentifier = instance.DBInstanceIdentifier }, cancellation);
            return [.. (answer.ValidDBInstanceModificationsMessage?.Storage ?? [])
                .Where(storage => storage.StorageType == instance.StorageType)
                .SelectMany(storage => storage.StorageSize ?? [])
                .Where(range => range is { From: not null, To: not null })
                .Select(range => new StorageRange(range.From!.Value, range.To!.Value))];
        }
        // It has no answer for an instance in some states, storage-full among them; our own table of limits stands, and whatever
        // else keeps it from answering must not keep a disk from being grown.
        catch (Exception e) when (AwsFailure.Is(e, cancellation))
        {
            return [];
        }
    }
}
