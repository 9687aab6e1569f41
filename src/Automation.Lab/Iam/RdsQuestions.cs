using System.Globalization;
using Automation.Lab.Account;
using Automation.Lab.Snapshots;

namespace Automation.Lab.Iam;

/// <summary>
/// RDS: the resource types of each action as the Service Authorization Reference lists them, of those the request names. A
/// parameter that is not given is a list of everything of its kind. The tags of resources are not known here.
/// </summary>
internal static class RdsQuestions
{
    private const string Instance = "db", Cluster = "cluster", Snapshot = "snapshot", ClusterSnapshot = "cluster-snapshot";

    public static IReadOnlyList<IamQuestion>? Of(AwsCall call, string accountId)
    {
        string Arn(string kind, string parameter) => ArnOf(call, accountId, kind, call.Parameter(parameter) ?? "*");
        IReadOnlyList<IamQuestion> On(params string[] arns) => [.. arns.Select(arn => IamQuestion.Of($"rds:{call.Action}", arn))];
        return call.Action switch
        {
            "DescribeDBInstances" or "DescribeValidDBInstanceModifications" or "ModifyDBInstance" or "RebootDBInstance" =>
                On(Arn(Instance, "DBInstanceIdentifier")),
            "DescribeDBClusters" => On(Arn(Cluster, "DBClusterIdentifier")),
            "DescribeDBSnapshots" => On(Arn(Instance, "DBInstanceIdentifier"), Arn(Snapshot, "DBSnapshotIdentifier")),
            "DescribeDBClusterSnapshots" => On(Arn(Cluster, "DBClusterIdentifier"), Arn(ClusterSnapshot, "DBClusterSnapshotIdentifier")),
            "DescribeDBSnapshotAttributes" or "ModifyDBSnapshotAttribute" or "DeleteDBSnapshot" => On(Arn(Snapshot, "DBSnapshotIdentifier")),
            "DescribeDBClusterSnapshotAttributes" or "ModifyDBClusterSnapshotAttribute" or "DeleteDBClusterSnapshot" =>
                On(Arn(ClusterSnapshot, "DBClusterSnapshotIdentifier")),
            // A proxy's ARN has its resource id, not the name that is asked for.
            "DescribeDBProxies" => On(ArnOf(call, accountId, "db-proxy", "*")),
            "DescribeDBProxyTargets" => On(ArnOf(call, accountId, "db-proxy", "*"), ArnOf(call, accountId, "target-group", "*")),
            "DescribePendingMaintenanceActions" => On(call.Parameter("ResourceIdentifier") ?? "*"),
            "DescribeEvents" or "DescribeAccountAttributes" => On("*"),
            "FailoverDBCluster" => On(
            [
                Arn(Cluster, "DBClusterIdentifier"),
                .. call.Parameter("TargetDBInstanceIdentifier") is { } target ? [ArnOf(call, accountId, Instance, target)] : Array.Empty<string>(),
            ]),
            "CreateDBSnapshot" => Creation(call, Arn(Instance, "DBInstanceIdentifier"), Arn(Snapshot, "DBSnapshotIdentifier")),
            "CreateDBClusterSnapshot" => Creation(call, Arn(Cluster, "DBClusterIdentifier"), Arn(ClusterSnapshot, "DBClusterSnapshotIdentifier")),
            "AddTagsToResource" => [.. On(call.Parameter("ResourceName") ?? "*").Select(question => question.With(RequestTags(call)))],
            _ => null,
        };
    }

    /// <summary>A copy is asked about by its source and its target, and its tags once more by themselves.</summary>
    public static IReadOnlyList<IamQuestion> OfCopy(AwsCall call, SnapshotKind kind, string accountId) =>
        Creation(call, SourceOf(call, kind, accountId), ArnOf(call, accountId, kind.ArnType, call.Parameter($"Target{kind.Element}Identifier") ?? "*"));

    /// <summary>The ARN of what is copied, which may be given as an id.</summary>
    public static string SourceOf(AwsCall call, SnapshotKind kind, string accountId) =>
        ArnOf(call, accountId, kind.ArnType, call.Parameter(kind.Copied) ?? "*");

    // Tags that are set while something is made need rds:AddTagsToResource on it, too ("Dependent actions").
    private static IReadOnlyList<IamQuestion> Creation(AwsCall call, string source, string made)
    {
        var tags = RequestTags(call).ToArray();
        return
        [
            IamQuestion.Of($"rds:{call.Action}", source, tags),
            IamQuestion.Of($"rds:{call.Action}", made, tags),
            .. tags.Length > 0 ? new[] { IamQuestion.Of("rds:AddTagsToResource", made, tags) } : [],
        ];
    }

    private static IEnumerable<(string Key, string Value)> RequestTags(AwsCall call)
    {
        for (var i = 1; call.Parameter(string.Create(CultureInfo.InvariantCulture, $"Tags.Tag.{i}.Key")) is { } key; i++)
        {
            yield return ("aws:TagKeys", key);
            yield return ($"aws:RequestTag/{key}", call.Parameter(string.Create(CultureInfo.InvariantCulture, $"Tags.Tag.{i}.Value")) ?? "");
        }
    }

    private static string ArnOf(AwsCall call, string accountId, string kind, string id) =>
        id.StartsWith("arn:", StringComparison.Ordinal) ? id : $"arn:aws:rds:{call.Region}:{accountId}:{kind}:{id}";
}
