using System.Globalization;
using System.Text.Json;

namespace Automation.Lab.Failover;

/// <summary>An event of RDS about an instance or a cluster, as <c>DescribeEvents</c> and EventBridge tell it.</summary>
internal sealed record RdsEvent
{
    public required DateTimeOffset At { get; init; }

    /// <summary>As <c>RDS-EVENT-0013</c>; the API does not tell it.</summary>
    public required string EventId { get; init; }

    public required string Category { get; init; }

    public required string Message { get; init; }

    public required bool IsOfCluster { get; init; }

    public required string SourceId { get; init; }

    public required string SourceArn { get; init; }

    /// <summary>As the API has it.</summary>
    public string SourceType => IsOfCluster ? "db-cluster" : "db-instance";

    /// <summary>As EventBridge has it.</summary>
    public JsonElement OnTheBus => JsonSerializer.SerializeToElement(new Dictionary<string, object>
    {
        ["version"] = "0",
        ["id"] = Account.EventId.Of($"{EventId} {SourceArn} {At.UtcTicks}"),
        ["detail-type"] = IsOfCluster ? "RDS DB Cluster Event" : "RDS DB Instance Event",
        ["source"] = "aws.rds",
        ["account"] = SourceArn.Split(':')[4],
        ["time"] = At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        ["region"] = SourceArn.Split(':')[3],
        ["resources"] = new[] { SourceArn },
        ["detail"] = new Dictionary<string, object>
        {
            ["EventCategories"] = new[] { Category },
            ["SourceType"] = IsOfCluster ? "CLUSTER" : "DB_INSTANCE",
            ["SourceArn"] = SourceArn,
            ["Date"] = At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            ["Message"] = Message,
            ["SourceIdentifier"] = SourceId,
            ["EventID"] = EventId,
        },
    });
}
