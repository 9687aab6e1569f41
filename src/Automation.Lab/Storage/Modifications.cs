namespace Automation.Lab.Storage;

/// <summary>A change of the storage that RDS said yes to, whoever asked.</summary>
internal sealed record AcceptedModification
{
    /// <summary>The DB instance identifier.</summary>
    public required string DatabaseId { get; init; }

    public required LabVolumeOptions From { get; init; }

    public required LabVolumeOptions To { get; init; }

    /// <summary>The parameters of the call; empty when storage autoscaling asked.</summary>
    public required IReadOnlyDictionary<string, string> Sent { get; init; }

    /// <summary>Whether it begins at once, and does not wait for the maintenance window.</summary>
    public required bool IsImmediate { get; init; }

    public required DateTimeOffset At { get; init; }

    public bool IsAutoscaling { get; init; }
}

/// <summary>A change of the storage that RDS said no to.</summary>
/// <param name="DatabaseId">The DB instance identifier.</param>
/// <param name="Refusal">The error.</param>
/// <param name="Sent">The parameters of the call.</param>
/// <param name="At">When.</param>
internal sealed record RefusedModification(
    string DatabaseId, StorageRefusal Refusal, IReadOnlyDictionary<string, string> Sent, DateTimeOffset At);

/// <summary>An accepted change when everything about it was over, the optimization included.</summary>
internal sealed record EndedModification(AcceptedModification Accepted);
