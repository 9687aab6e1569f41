namespace Automation.Failover;

/// <summary>The reason codes of capability <c>failover</c>; the README's table explains them.</summary>
internal static class Reasons
{
    // How a test ended.
    public const string Passed = "passed", OverBudget = "over-budget", WritesLost = "writes-lost", NotRecovered = "not-recovered";
    public const string NoSwitch = "no-switch", CameBack = "came-back", SwitchUnproven = "switch-unproven", NotVerified = "not-verified";
    public const string NoBaseline = "no-baseline", TooCoarse = "too-coarse", CallRefused = "call-refused", Interrupted = "interrupted";

    // Guards.
    public const string NotOptedIn = "not-opted-in", Off = "off", MalformedTag = "malformed-tag", NotStaging = "not-staging";
    public const string SaysProduction = "says-production", NotPostgresql = "not-postgresql", MemberOfCluster = "member-of-cluster";
    public const string ReadReplica = "read-replica", NotAvailable = "not-available", NoOtherZone = "no-other-zone";
    public const string PendingMaintenance = "pending-maintenance", MaintenanceWindow = "maintenance-window";
    public const string PendingModification = "pending-modification", BackupRunning = "backup-running", BackupWindow = "backup-window";
    public const string ReplicaLag = "replica-lag", AlarmFiring = "alarm-firing", RecentFailover = "recent-failover", Cooldown = "cooldown";
    public const string Stopped = "stopped", SwitchUnreadable = "switch-unreadable", NoTimeLeft = "no-time-left", TestRunning = "test-running";
    public const string CannotLogIn = "cannot-log-in", CannotPrepare = "cannot-prepare", NotWritable = "not-writable", MayNotCreateSchema = "may-not-create-schema";
    public const string SchemaNotOurs = "schema-not-ours", CannotCheck = "cannot-check", DatabaseNotFound = "database-not-found";

    public const string WouldTest = "would-test", InProgress = "in-progress", AlreadyHandled = "already-handled", OutOfTime = "out-of-time";
    public const string UnexpectedError = "unexpected-error";
}
