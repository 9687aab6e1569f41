using Automation.Fleet;

namespace Automation.Preparation;

/// <summary>Which database is meant, and whether RDS says anything that is in the way, before anything is opened on it.</summary>
internal static class TargetRules
{
    /// <summary>Of a database that asks for any of these. What opts in need not act: to observe, the role is needed too. Snapshots need none, so that tag is no consent to one.</summary>
    public static IReadOnlyList<string> Tags { get; } = ["connections", "failover-test", "storage"];

    /// <summary>States that say that clients get in and nothing is about to change.</summary>
    private static readonly string[] Quiet = ["available", "backing-up", "storage-optimization"];

    /// <summary>The database of a name; a member of a cluster stands for its cluster.</summary>
    /// <param name="id">The name.</param>
    /// <param name="found">Every instance and cluster of the name.</param>
    /// <param name="obstacle">Why there is none.</param>
    /// <returns>The database, or the name of a cluster that is still to be looked up, or neither.</returns>
    public static (RdsDatabase? Database, string? ClusterId) Find(string id, IReadOnlyList<RdsDatabase> found, out Obstacle? obstacle)
    {
        obstacle = null;
        var (instance, cluster) = (found.FirstOrDefault(one => one.Kind == DatabaseKind.Instance), found.FirstOrDefault(one => one.Kind == DatabaseKind.Cluster));
        switch (instance, cluster)
        {
            case (null, null):
                obstacle = Obstacle.Refused(Reasons.DatabaseNotFound, "RDS knows no instance or cluster of this name here");
                return default;
            case ({ ClusterId: { } own }, _) when cluster?.Id != own:
                if (cluster is null) return (null, own);
                break;
            case ({ ClusterId: null }, not null):
                break;
            default:
                return (cluster ?? instance, null);
        }
        obstacle = Obstacle.Refused(Reasons.AmbiguousName, $"{id} is the name of an instance and of a cluster that it does not belong to: name a member of the cluster, or run sql/bootstrap.sql with psql");
        return default;
    }

    /// <summary>Why it must be left alone, or <c>null</c>.</summary>
    /// <param name="database">A cluster, or an instance that is in none.</param>
    /// <param name="tagPrefix">Of the tags that opt in.</param>
    public static Obstacle? Check(RdsDatabase database, string tagPrefix)
    {
        var kind = database.Kind == DatabaseKind.Cluster ? "db-cluster" : "db-instance";
        if (database.Engine is not ("postgres" or "aurora-postgresql"))
            return Obstacle.Refused(Reasons.NotPostgresql, $"engine {database.Engine} is not looked after");
        if (!Tags.Any(tag => database.Tags.TryGetValue($"{tagPrefix}:{tag}", out var value) && !value.Split(' ').Contains("off")))
            return Obstacle.Refused(Reasons.NotOptedIn, $"it has none of the tags {string.Join(", ", Tags.Select(tag => $"{tagPrefix}:{tag}"))} without the word off: not touched");
        if (!Quiet.Contains(database.Status, StringComparer.Ordinal) || database.Host is null)
            return Obstacle.Refused(Reasons.NotAvailable, $"status is {database.Status}{(database.Host is null ? " and it has no endpoint yet" : "")}: ask again when it is available");
        if (!database.IamAuthenticationEnabled)
            return Obstacle.Refused(Reasons.IamAuthenticationOff, "IAM database authentication is off, so the role could not log in; to turn it on: "
                + $"aws rds modify-{kind} --{kind}-identifier {database.Id} --enable-iam-database-authentication --apply-immediately");
        return database.MasterSecret switch
        {
            null => Obstacle.Refused(Reasons.NoManagedSecret, "RDS does not manage its master password in Secrets Manager: run sql/bootstrap.sql with psql instead, as the master user"),
            { Status: not "active" } secret => Obstacle.Refused(Reasons.SecretNotActive, $"the secret of its master user is {secret.Status}: ask again when it is active, or run sql/bootstrap.sql with psql, as the master user"),
            _ => null,
        };
    }
}
