namespace Automation.Lab.Snapshots;

/// <summary>Where a snapshot is in its life, by RDS's own words.</summary>
internal enum SnapshotStatus
{
    Creating,
    Copying,
    Available,
    Failed,
}
