namespace Automation.Snapshots;

/// <summary>Why a run on a database ended as it did; README, "Reasons of snapshots", has a row for each.</summary>
internal static class Reasons
{
    public const string AccountNotAllowed = "account-not-allowed";
    public const string AwsError = "aws-error";
    public const string CopyFailed = "copy-failed";
    public const string CopyOverdue = "copy-overdue";
    public const string CopyStuck = "copy-stuck";
    public const string CopyWaiting = "copy-waiting";
    public const string DatabaseNotFound = "database-not-found";
    public const string DestinationUnreadable = "destination-unreadable";
    public const string GivenUp = "given-up";
    public const string InProgress = "in-progress";
    public const string KeyMissing = "key-missing";
    public const string KeyNotShared = "key-not-shared";
    public const string KeyUnusable = "key-unusable";
    public const string MalformedTag = "malformed-tag";
    public const string NameTaken = "name-taken";
    public const string NotAvailable = "not-available";
    public const string NotDue = "not-due";
    public const string NotEncrypted = "not-encrypted";
    public const string NotOptedIn = "not-opted-in";
    public const string NotOurs = "not-ours";
    public const string NotPermitted = "not-permitted";
    public const string NotPostgresql = "not-postgresql";
    public const string Off = "off";
    public const string OutOfTime = "out-of-time";
    public const string Overdue = "overdue";
    public const string QuotaNear = "quota-near";
    public const string QuotaReached = "quota-reached";
    public const string Reconciled = "reconciled";
    public const string SharingLimit = "sharing-limit";
    public const string SnapshotDue = "snapshot-due";
    public const string SnapshotFailed = "snapshot-failed";
    public const string SnapshotStarted = "snapshot-started";
    public const string SnapshotStuck = "snapshot-stuck";
    public const string StateChanged = "state-changed";
    public const string Stopped = "stopped";
    public const string SwitchUnreadable = "switch-unreadable";
    public const string TagGone = "tag-gone";
    public const string TagOnMember = "tag-on-member";
    public const string Throttled = "throttled";
    public const string Underway = "underway";
    public const string UnexpectedError = "unexpected-error";
    public const string UpToDate = "up-to-date";
    public const string WeeklyDigest = "weekly-digest";
}
