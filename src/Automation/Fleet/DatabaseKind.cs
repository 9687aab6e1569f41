namespace Automation.Fleet;

/// <summary>What kind of thing in RDS a database is.</summary>
internal enum DatabaseKind
{
    /// <summary>A DB instance, alone or a member of a cluster.</summary>
    Instance,

    /// <summary>A DB cluster.</summary>
    Cluster,
}
