using Automation.Fleet;
using Automation.Outcomes;

namespace Automation.Snapshots;

/// <summary>Whether a database is one of ours to look after.</summary>
internal abstract record SnapshotGate
{
    private SnapshotGate()
    {
    }

    public sealed record Open(SnapshotsPolicy Policy) : SnapshotGate;

    /// <summary>It asks for something that is not done.</summary>
    public sealed record Refused(Finding Finding) : SnapshotGate;

    /// <summary>It does not ask: no tag, or off.</summary>
    public sealed record NotAsked(string Reason, string Sentence) : SnapshotGate;

    public static SnapshotGate Of(RdsDatabase database, SnapshotTags tags)
    {
        if (!database.Tags.TryGetValue(tags.OptIn, out var tag))
            return new NotAsked(Reasons.NotOptedIn, $"no tag {tags.OptIn}: not touched");
        // DocumentDB and Neptune answer to the same API.
        if (database.Engine is not ("postgres" or "aurora-postgresql"))
            return new Refused(new(Reasons.NotPostgresql, $"engine {database.Engine} is not looked after", null));

        var policy = SnapshotsPolicy.Read(tag, out var fault);
        if (fault is not null)
            return new Refused(new(Reasons.MalformedTag, $"tag {tags.OptIn}: '{fault.Word}' {fault.Why}", Severity.Warning));
        if (policy.Off) return new NotAsked(Reasons.Off, $"tag {tags.OptIn} is off");
        // RDS snapshots a cluster as a whole, and refuses its members.
        if (database.ClusterId is { } cluster)
            return new Refused(new(Reasons.TagOnMember, $"it is a member of cluster {cluster}, which carries the tag {tags.OptIn} or is not snapshotted", Severity.Warning));
        return new Open(policy);
    }
}
