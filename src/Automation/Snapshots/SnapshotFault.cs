using System.Text.RegularExpressions;

namespace Automation.Snapshots;

/// <summary>Why RDS did not do what it was asked, as far as it matters to us.</summary>
internal enum SnapshotFault
{
    /// <summary>There is a snapshot of this name.</summary>
    AlreadyExists,

    /// <summary>The database or the snapshot is gone.</summary>
    NotFound,

    /// <summary>The database or the snapshot is in a state that does not allow it; most pass.</summary>
    WrongState,

    /// <summary>The account has as many manual snapshots as it may.</summary>
    QuotaReached,

    /// <summary>As many copies are on their way to the Region as may be: a later one will do.</summary>
    CopyLimitReached,

    /// <summary>As many accounts share the snapshot as may.</summary>
    SharingLimitReached,

    /// <summary>The KMS key is disabled, gone, or not ours to use.</summary>
    KeyNotAccessible,

    /// <summary>AWS asks for fewer calls; the SDK has tried several times.</summary>
    Throttled,

    /// <summary>IAM does not permit it.</summary>
    Denied,

    /// <summary>Anything else that RDS answered.</summary>
    Other,
}

/// <summary>What came of a change: done, or why not.</summary>
/// <param name="Fault"><c>null</c>: it was done.</param>
/// <param name="Code">RDS's error code.</param>
/// <param name="Message">RDS's own words.</param>
internal sealed record SnapshotAnswer(SnapshotFault? Fault, string Code = "", string Message = "")
{
    public static readonly SnapshotAnswer Done = new((SnapshotFault?)null);
}

/// <summary>Sorts RDS's error codes; they are irregular (<c>DBSnapshotAlreadyExists</c>, <c>DBClusterSnapshotAlreadyExistsFault</c>).</summary>
internal static partial class SnapshotFaults
{
    public static SnapshotAnswer Of(string? code, string message) => new(code switch
    {
        "DBSnapshotAlreadyExists" or "DBClusterSnapshotAlreadyExistsFault" => SnapshotFault.AlreadyExists,
        "DBInstanceNotFound" or "DBClusterNotFoundFault" or "DBSnapshotNotFound" or "DBClusterSnapshotNotFoundFault" => SnapshotFault.NotFound,
        "InvalidDBInstanceState" or "InvalidDBClusterStateFault" or "InvalidDBSnapshotState" or "InvalidDBClusterSnapshotStateFault" => SnapshotFault.WrongState,
        // One code for two limits, and only the sentence tells which: "Cannot create more than 100 manual snapshots",
        // "Cannot copy more than 5 snapshots across regions".
        "SnapshotQuotaExceeded" => CopyLimit().IsMatch(message) ? SnapshotFault.CopyLimitReached : SnapshotFault.QuotaReached,
        "SharedSnapshotQuotaExceeded" => SnapshotFault.SharingLimitReached,
        "KMSKeyNotAccessibleFault" => SnapshotFault.KeyNotAccessible,
        "Throttling" or "ThrottlingException" or "RequestLimitExceeded" => SnapshotFault.Throttled,
        "AccessDenied" or "AccessDeniedException" or "UnauthorizedOperation" => SnapshotFault.Denied,
        _ => SnapshotFault.Other,
    }, code ?? "", message);

    [GeneratedRegex(@"\bcop(?:y|ies|ying)\b", RegexOptions.IgnoreCase)]
    private static partial Regex CopyLimit();
}
