using Automation.Events;

namespace Automation.Secrets;

/// <summary>What came of storing the pending value.</summary>
internal enum PutResult
{
    /// <summary>Stored, or stored already with these very bytes.</summary>
    Stored,

    /// <summary>The version has another value, which stays: a version is never overwritten.</summary>
    Exists,
}

/// <summary>What came of moving a label.</summary>
internal enum MoveResult
{
    Moved,

    /// <summary>It was not where it was taken from: somebody else moved it.</summary>
    WasElsewhere,
}

/// <summary>Secrets Manager, as far as a rotation needs it. Errors of the service are thrown, except where a result says otherwise.</summary>
internal interface ISecretStore
{
    /// <summary>The secret and its labels; <c>null</c> where there is none, or it is marked as deleted.</summary>
    Task<SecretState?> DescribeAsync(string secretId, CancellationToken cancellation);

    /// <summary>The value of a version, if it has one and carries the label.</summary>
    Task<string?> ReadAsync(string secretArn, string versionId, string label, CancellationToken cancellation);

    /// <summary>The value of a version with or without a label: versions without one stay readable for a day or longer.</summary>
    Task<string?> ReadVersionAsync(string secretArn, string versionId, CancellationToken cancellation);

    /// <summary>The current value of another secret, with the database that its tags name when RDS made it; <c>null</c> where there is none.</summary>
    Task<AdministratorSecret?> ReadAdministratorAsync(string secretId, CancellationToken cancellation);

    /// <summary>Stores the value of the pending version.</summary>
    Task<PutResult> PutPendingAsync(string secretArn, RotationRequest.Step request, string value, CancellationToken cancellation);

    /// <summary>Makes a version the current one, if another one still is: compare and swap.</summary>
    Task<MoveResult> MoveCurrentAsync(string secretArn, string from, string to, CancellationToken cancellation);

    /// <summary>All versions, newest first, with the labels they carry.</summary>
    Task<IReadOnlyList<SecretVersion>> ListVersionsAsync(string secretArn, CancellationToken cancellation);
}

/// <summary>One version of a secret.</summary>
internal sealed record SecretVersion(string Id, DateTimeOffset Created, IReadOnlyList<string> Labels);

/// <summary>The secret that <c>masterarn</c> names.</summary>
/// <param name="Value">Its current value.</param>
/// <param name="InstanceArn">Tag <c>aws:rds:primaryDBInstanceArn</c>: RDS made it for this instance.</param>
/// <param name="ClusterArn">Tag <c>aws:rds:primaryDBClusterArn</c>.</param>
internal sealed record AdministratorSecret(Concealed Value, string? InstanceArn, string? ClusterArn);
