namespace Automation.Lab.Snapshots;

/// <summary>What RDS calls things, for snapshots of instances and of clusters; its names for errors are not of one pattern.</summary>
internal sealed record SnapshotKind
{
    public static SnapshotKind Instance { get; } = new()
    {
        Element = "DBSnapshot",
        Database = "DBInstance",
        DatabaseStatus = "DBInstanceStatus",
        ArnType = "snapshot",
        Encrypted = "Encrypted",
        Copied = "SourceDBSnapshotIdentifier",
        InvalidDatabase = "InvalidDBInstanceState",
        InvalidSnapshot = "InvalidDBSnapshotState",
        NotFound = "DBSnapshotNotFound",
        Quota = "ManualSnapshots",
        LongestId = 255,
        CopiesAtOnce = 20,
    };

    public static SnapshotKind Cluster { get; } = new()
    {
        Element = "DBClusterSnapshot",
        Database = "DBCluster",
        DatabaseStatus = "Status",
        ArnType = "cluster-snapshot",
        Encrypted = "StorageEncrypted",
        Copied = "SourceDBClusterSnapshotIdentifier",
        InvalidDatabase = "InvalidDBClusterStateFault",
        InvalidSnapshot = "InvalidDBClusterSnapshotStateFault",
        NotFound = "DBClusterSnapshotNotFoundFault",
        Quota = "ManualClusterSnapshots",
        LongestId = 63,
        CopiesAtOnce = 5,
    };

    /// <summary>Both.</summary>
    public static IReadOnlyList<SnapshotKind> All { get; } = [Instance, Cluster];

    /// <summary>The element of a snapshot, and the noun of the actions.</summary>
    public required string Element { get; init; }

    /// <summary>The element of what it is taken of.</summary>
    public required string Database { get; init; }

    public required string DatabaseStatus { get; init; }

    /// <summary>The part of an ARN that says what it names.</summary>
    public required string ArnType { get; init; }

    /// <summary>The element that says whether it is encrypted.</summary>
    public required string Encrypted { get; init; }

    /// <summary>The parameter of a copy that names the source.</summary>
    public required string Copied { get; init; }

    /// <summary>The error for a database in the wrong state.</summary>
    public required string InvalidDatabase { get; init; }

    /// <summary>The error for a snapshot in the wrong state.</summary>
    public required string InvalidSnapshot { get; init; }

    /// <summary>The error for a snapshot that is not there.</summary>
    public required string NotFound { get; init; }

    /// <summary>The account's quota for manual ones.</summary>
    public required string Quota { get; init; }

    public required int LongestId { get; init; }

    /// <summary>How many copies from other Regions may be underway to one Region.</summary>
    public required int CopiesAtOnce { get; init; }

    public string Id => Element + "Identifier";

    public string Arn => Element + "Arn";

    public string Target => $"Target{Element}Identifier";

    public string DatabaseId => Database + "Identifier";
}
