using Automation.Fleet;
using Automation.Outcomes;

namespace Automation.Connections;

/// <summary>Whether this database may be touched at all, before anything is opened on it.</summary>
internal abstract record DatabaseGate
{
    private DatabaseGate()
    {
    }

    public sealed record Open(ConnectionsPolicy Policy, Mode Mode) : DatabaseGate;

    /// <param name="Reason">Kebab-case code.</param>
    /// <param name="Sentence">What a person should know.</param>
    /// <param name="Severity"><c>null</c>: nobody needs a message about it.</param>
    public sealed record Refused(string Reason, string Sentence, Severity? Severity) : DatabaseGate;

    /// <summary>States in which RDS lets clients in; in any other the connection count says nothing.</summary>
    private static readonly string[] Reachable =
    [
        "available", "backing-up", "configuring-enhanced-monitoring", "configuring-iam-database-auth", "configuring-log-exports",
        "maintenance", "modifying", "storage-config-upgrade", "storage-initialization", "storage-optimization",
    ];

    public static DatabaseGate Of(RdsDatabase database, Mode functionMode, string tagPrefix)
    {
        var tagName = tagPrefix + ":connections";
        if (database.Engine is not ("postgres" or "aurora-postgresql"))
            return new Refused("not-postgresql", $"engine {database.Engine} is not looked after", null);
        if (!database.Tags.TryGetValue(tagName, out var tag))
            return new Refused("not-opted-in", $"no tag {tagName}: not touched", null);

        var policy = ConnectionsPolicy.Read(tag, out var fault);
        if (fault is not null)
            return new Refused("malformed-tag", $"tag {tagName}: '{fault.Word}' {fault.Why}", Severity.Warning);
        if (policy.Mode == Mode.Off)
            return new Refused("off", $"tag {tagName} is off", null);
        if (database.ClusterId is { } cluster && database.IsWriter != true)
            return new Refused("not-the-writer",
                $"it is not known to be the writer of cluster {cluster}: readers are left to their own pools", Severity.Warning);
        if (!Reachable.Contains(database.Status, StringComparer.Ordinal))
            return new Refused("not-available", $"status is {database.Status}", Severity.Warning);
        if (database.Host is null)
            return new Refused("not-available", "it has no endpoint yet", Severity.Warning);

        return new Open(policy, Weaker(functionMode, policy.Mode));
    }

    /// <summary>RDS names a cluster's new writer some time after it took over, so the server says itself what it is.</summary>
    public static bool IsWriterNoMore(RdsDatabase database, bool inRecovery) => database.ClusterId is not null && inRecovery;

    private static Mode Weaker(Mode one, Mode other) => one < other ? one : other;
}
