using Automation.Fleet;

namespace Automation.Failover;

/// <summary>Whether a database asks to be tested.</summary>
internal abstract record FailoverGate
{
    private FailoverGate()
    {
    }

    public sealed record Open(FailoverPolicy Policy) : FailoverGate;

    /// <summary>It asks for something that is not done.</summary>
    public sealed record Refused(string Reason, string Sentence) : FailoverGate;

    /// <summary>It does not ask: no tag, or off.</summary>
    public sealed record NotAsked(string Reason, string Sentence) : FailoverGate;

    /// <summary>The name of the tag that opts in.</summary>
    public static string TagOf(string prefix) => $"{prefix}:failover-test";

    /// <param name="database">Which.</param>
    /// <param name="tag">The name of the tag that opts in.</param>
    /// <param name="all">Its cluster is looked for among them.</param>
    public static FailoverGate Of(RdsDatabase database, string tag, IReadOnlyList<RdsDatabase> all)
    {
        if (!database.Tags.TryGetValue(tag, out var value)) return new NotAsked(Reasons.NotOptedIn, $"no tag {tag}: not touched");
        if (database.Engine is not ("postgres" or "aurora-postgresql")) return new Refused(Reasons.NotPostgresql, $"engine {database.Engine} is not looked after");
        var policy = FailoverPolicy.Read(value, out var fault);
        if (fault is not null) return new Refused(Reasons.MalformedTag, $"tag {tag}: '{fault.Word}' {fault.Why}");
        if (!policy.Allowed) return new NotAsked(Reasons.Off, $"tag {tag} is off");
        if (database.ClusterId is { } cluster)
        {
            // Tags that a tool puts on everything are no mistake.
            return all.Any(other => other.Kind == DatabaseKind.Cluster && other.Id == cluster && other.Tags.ContainsKey(tag))
                ? new NotAsked(Reasons.MemberOfCluster, $"it is tested with its cluster {cluster}")
                : new Refused(Reasons.MemberOfCluster, $"it is a member of cluster {cluster}: the cluster as a whole fails over, and carries the tag {tag} or is not tested");
        }
        return new Open(policy);
    }
}
