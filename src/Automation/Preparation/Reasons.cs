namespace Automation.Preparation;

/// <summary>The reason codes of capability <c>preparation</c>; the README's table explains them.</summary>
internal static class Reasons
{
    // What was done, would be, or need not be.
    public const string Prepared = "prepared", AlreadyPrepared = "already-prepared";

    // What RDS says of the database.
    public const string DatabaseNotFound = "database-not-found", AmbiguousName = "ambiguous-name", NotPostgresql = "not-postgresql", NotOptedIn = "not-opted-in";
    public const string NotAvailable = "not-available", IamAuthenticationOff = "iam-authentication-off";

    // The managed secret and the way in with it.
    public const string NoManagedSecret = "no-managed-secret", SecretNotActive = "secret-not-active", SecretUnreadable = "secret-unreadable", SecretMalformed = "secret-malformed";
    public const string MasterRefused = "master-refused", LoginNotScram = "login-not-scram", TlsNotVerified = "tls-not-verified", NoSlots = "no-slots", Unreachable = "unreachable";

    // The script.
    public const string ScriptRefused = "script-refused", NotPermitted = "not-permitted", ReadOnly = "read-only", Locked = "locked", ChangedMeanwhile = "changed-meanwhile";
    public const string UnknownOutcome = "unknown-outcome", DatabaseError = "database-error", CannotLogIn = "cannot-log-in", MasterShutOut = "master-shut-out";

    // The automation itself.
    public const string Stopped = "stopped", SwitchUnreadable = "switch-unreadable", InProgress = "in-progress", AlreadyHandled = "already-handled";
    public const string OutOfTime = "out-of-time", AwsError = "aws-error", UnexpectedError = "unexpected-error";
}
