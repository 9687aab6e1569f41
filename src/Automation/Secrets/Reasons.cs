using System.Collections.Frozen;

namespace Automation.Secrets;

/// <summary>Every reason of capability <c>secrets</c> (README, "Reasons").</summary>
internal static class Reasons
{
    // What went well.
    public const string PendingStored = "pending-stored", PendingAlreadyStored = "pending-already-stored", PasswordSet = "password-set",
        AlreadySet = "already-set", PendingLogsIn = "pending-logs-in", ReadyToRotate = "ready-to-rotate", Rotated = "rotated",
        AlreadyCurrent = "already-current", CurrentLogsIn = "current-logs-in", RepairPlanned = "repair-planned", Repaired = "repaired";

    // The secret and its labels.
    public const string SecretNotFound = "secret-not-found", ManagedByService = "managed-by-service", RotationNotEnabled = "rotation-not-enabled",
        UnknownVersion = "unknown-version", NotPending = "not-pending", NoCurrentVersion = "no-current-version", MalformedSecret = "malformed-secret",
        PendingEmpty = "pending-empty", PendingHostDiffers = "pending-host-differs", PendingUserDiffers = "pending-user-differs",
        PendingDiffers = "pending-differs", CurrentMoved = "current-moved";

    // The endpoint, the server and the role.
    public const string ProxyEndpoint = "proxy-endpoint", ReaderEndpoint = "reader-endpoint", Standby = "standby", ReadOnly = "read-only",
        PasswordCommandsRestricted = "password-commands-restricted", RoleNotFound = "role-not-found", NoLogin = "no-login",
        RdsIamMember = "rds-iam-member", Expired = "expired", LoginNotScram = "login-not-scram", PairUnequal = "pair-unequal",
        PairOwnsObjects = "pair-owns-objects", ProxyLacksUser = "proxy-lacks-user";

    // The administrator.
    public const string AdministratorNotFound = "administrator-not-found", AdministratorMalformed = "administrator-malformed",
        AdministratorHostDiffers = "administrator-host-differs", AdministratorRefused = "administrator-refused", AdministratorIsRotated = "administrator-is-rotated",
        RoleIsSuperuser = "role-is-superuser", NoCreateRole = "no-createrole", NoAdminOption = "no-admin-option";

    // What the logins proved.
    public const string CurrentRefused = "current-refused", PendingRefused = "pending-refused", PreviousLogsIn = "previous-logs-in",
        NoVersionLogsIn = "no-version-logs-in", RolledBack = "rolled-back", RollBackFailed = "roll-back-failed",
        ChangedUntested = "changed-untested";

    // The automation itself.
    public const string ObserveMode = "observe-mode", Stopped = "stopped", SwitchUnreadable = "switch-unreadable";

    // What may pass by itself.
    public const string NoSlots = "no-slots", DatabaseUnavailable = "database-unavailable", TlsNotVerified = "tls-not-verified",
        DatabaseError = "database-error", NotChanged = "not-changed", UnknownOutcome = "unknown-outcome", RotationInProgress = "rotation-in-progress",
        ConcurrentChange = "concurrent-change", OutOfTime = "out-of-time", AwsError = "aws-error", UnexpectedError = "unexpected-error";

    /// <summary>The step may succeed later without anybody doing anything.</summary>
    public static FrozenSet<string> MayPass { get; } = FrozenSet.Create(StringComparer.Ordinal,
        NoSlots, DatabaseUnavailable, TlsNotVerified, DatabaseError, NotChanged, UnknownOutcome, RotationInProgress, ConcurrentChange, OutOfTime,
        AwsError, UnexpectedError, SwitchUnreadable, RolledBack, ChangedUntested);

    /// <summary>Applications cannot log in, or will not be able to at their next login.</summary>
    public static FrozenSet<string> Critical { get; } = FrozenSet.Create(StringComparer.Ordinal,
        CurrentRefused, PreviousLogsIn, NoVersionLogsIn, RollBackFailed, ChangedUntested, UnknownOutcome);
}
