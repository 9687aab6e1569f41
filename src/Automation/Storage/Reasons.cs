namespace Automation.Storage;

/// <summary>The reason codes of capability <c>storage</c>; the README's table explains them.</summary>
internal static class Reasons
{
    // GrowStorage: what was done, or is not needed.
    public const string Grown = "grown", Stopgap = "stopgap", EnoughFree = "enough-free", JustGrown = "just-grown";

    // What is in the way of the smallest step, or of one that lasts.
    public const string AtCap = "at-cap", TypeLimit = "type-limit", NeedsCopy = "needs-copy", IopsRatio = "iops-ratio", GrowthBudget = "growth-budget";

    // Guards.
    public const string NotOptedIn = "not-opted-in", NotPostgresql = "not-postgresql", Off = "off", MalformedTag = "malformed-tag";
    public const string GrowsByItself = "grows-by-itself", MemberOfCluster = "member-of-cluster", DatabaseNotFound = "database-not-found", NotInAlarm = "not-in-alarm";
    public const string Autoscaling = "autoscaling", Busy = "busy", PendingChanges = "pending-changes", Cooldown = "cooldown", NotAvailable = "not-available";
    public const string StaleEvent = "stale-event", OtherAccount = "other-account";
    public const string NoMeasurement = "no-measurement", CauseNotCured = "cause-not-cured", CauseUnknown = "cause-unknown", StopgapUsed = "stopgap-used";
    public const string Stopped = "stopped", SwitchUnreadable = "switch-unreadable", InProgress = "in-progress", AlreadyHandled = "already-handled";

    // The call.
    public const string CallRefused = "call-refused", Throttled = "throttled", ChangedMeanwhile = "changed-meanwhile", Unanswered = "unanswered", CannotCheck = "cannot-check", OutOfTime = "out-of-time", UnexpectedError = "unexpected-error";

    // ForecastStorage.
    public const string EnoughTime = "enough-time", NotGrowing = "not-growing", FillsSoon = "fills-soon", CannotForecast = "cannot-forecast";
    public const string CannotGrowFurther = "cannot-grow-further", AlarmOutgrown = "alarm-outgrown", LocalStorageLow = "local-storage-low";
}
