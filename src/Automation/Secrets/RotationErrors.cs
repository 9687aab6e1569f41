namespace Automation.Secrets;

/// <summary>
/// The error answers of a step. Lambda's runtime reports the name of the exception's type as <c>errorType</c>, so there is one
/// type for each reason, named like it in the only way C# can; the message begins with the reason as it is spelt everywhere else.
/// </summary>
internal static class RotationErrors
{
    public static Exception Of(string reason, string summary)
    {
        var message = $"{reason}: {summary}";
        return reason switch
        {
            Reasons.SecretNotFound => new SecretNotFound(message),
            Reasons.ManagedByService => new ManagedByService(message),
            Reasons.RotationNotEnabled => new RotationNotEnabled(message),
            Reasons.UnknownVersion => new UnknownVersion(message),
            Reasons.NotPending => new NotPending(message),
            Reasons.NoCurrentVersion => new NoCurrentVersion(message),
            Reasons.MalformedSecret => new MalformedSecret(message),
            Reasons.PendingEmpty => new PendingEmpty(message),
            Reasons.PendingHostDiffers => new PendingHostDiffers(message),
            Reasons.PendingUserDiffers => new PendingUserDiffers(message),
            Reasons.PendingDiffers => new PendingDiffers(message),
            Reasons.CurrentMoved => new CurrentMoved(message),
            Reasons.ProxyEndpoint => new ProxyEndpoint(message),
            Reasons.ReaderEndpoint => new ReaderEndpoint(message),
            Reasons.Standby => new Standby(message),
            Reasons.ReadOnly => new ReadOnly(message),
            Reasons.PasswordCommandsRestricted => new PasswordCommandsRestricted(message),
            Reasons.RoleNotFound => new RoleNotFound(message),
            Reasons.NoLogin => new NoLogin(message),
            Reasons.RdsIamMember => new RdsIamMember(message),
            Reasons.Expired => new Expired(message),
            Reasons.LoginNotScram => new LoginNotScram(message),
            Reasons.PairUnequal => new PairUnequal(message),
            Reasons.PairOwnsObjects => new PairOwnsObjects(message),
            Reasons.ProxyLacksUser => new ProxyLacksUser(message),
            Reasons.AdministratorNotFound => new AdministratorNotFound(message),
            Reasons.AdministratorMalformed => new AdministratorMalformed(message),
            Reasons.AdministratorHostDiffers => new AdministratorHostDiffers(message),
            Reasons.AdministratorRefused => new AdministratorRefused(message),
            Reasons.RoleIsSuperuser => new RoleIsSuperuser(message),
            Reasons.NoCreateRole => new NoCreateRole(message),
            Reasons.NoAdminOption => new NoAdminOption(message),
            Reasons.CurrentRefused => new CurrentRefused(message),
            Reasons.PendingRefused => new PendingRefused(message),
            Reasons.PreviousLogsIn => new PreviousLogsIn(message),
            Reasons.NoVersionLogsIn => new NoVersionLogsIn(message),
            Reasons.RolledBack => new RolledBack(message),
            Reasons.ChangedUntested => new ChangedUntested(message),
            Reasons.AdministratorIsRotated => new AdministratorIsRotated(message),
            Reasons.RollBackFailed => new RollBackFailed(message),
            Reasons.ObserveMode => new ObserveMode(message),
            Reasons.Stopped => new Stopped(message),
            Reasons.SwitchUnreadable => new SwitchUnreadable(message),
            Reasons.NoSlots => new NoSlots(message),
            Reasons.DatabaseUnavailable => new DatabaseUnavailable(message),
            Reasons.TlsNotVerified => new TlsNotVerified(message),
            Reasons.DatabaseError => new DatabaseError(message),
            Reasons.NotChanged => new NotChanged(message),
            Reasons.UnknownOutcome => new UnknownOutcome(message),
            Reasons.RotationInProgress => new RotationInProgress(message),
            Reasons.ConcurrentChange => new ConcurrentChange(message),
            Reasons.OutOfTime => new OutOfTime(message),
            Reasons.AwsError => new AwsError(message),
            Reasons.UnexpectedError => new UnexpectedError(message),
            _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Not a reason to stop."),
        };
    }

    internal sealed class SecretNotFound(string message) : Exception(message);

    internal sealed class ManagedByService(string message) : Exception(message);

    internal sealed class RotationNotEnabled(string message) : Exception(message);

    internal sealed class UnknownVersion(string message) : Exception(message);

    internal sealed class NotPending(string message) : Exception(message);

    internal sealed class NoCurrentVersion(string message) : Exception(message);

    internal sealed class MalformedSecret(string message) : Exception(message);

    internal sealed class PendingEmpty(string message) : Exception(message);

    internal sealed class PendingHostDiffers(string message) : Exception(message);

    internal sealed class PendingUserDiffers(string message) : Exception(message);

    internal sealed class PendingDiffers(string message) : Exception(message);

    internal sealed class CurrentMoved(string message) : Exception(message);

    internal sealed class ProxyEndpoint(string message) : Exception(message);

    internal sealed class ReaderEndpoint(string message) : Exception(message);

    internal sealed class Standby(string message) : Exception(message);

    internal sealed class ReadOnly(string message) : Exception(message);

    internal sealed class PasswordCommandsRestricted(string message) : Exception(message);

    internal sealed class RoleNotFound(string message) : Exception(message);

    internal sealed class NoLogin(string message) : Exception(message);

    internal sealed class RdsIamMember(string message) : Exception(message);

    internal sealed class Expired(string message) : Exception(message);

    internal sealed class LoginNotScram(string message) : Exception(message);

    internal sealed class PairUnequal(string message) : Exception(message);

    internal sealed class PairOwnsObjects(string message) : Exception(message);

    internal sealed class ProxyLacksUser(string message) : Exception(message);

    internal sealed class AdministratorNotFound(string message) : Exception(message);

    internal sealed class AdministratorMalformed(string message) : Exception(message);

    internal sealed class AdministratorHostDiffers(string message) : Exception(message);

    internal sealed class AdministratorRefused(string message) : Exception(message);

    internal sealed class RoleIsSuperuser(string message) : Exception(message);

    internal sealed class NoCreateRole(string message) : Exception(message);

    internal sealed class NoAdminOption(string message) : Exception(message);

    internal sealed class CurrentRefused(string message) : Exception(message);

    internal sealed class PendingRefused(string message) : Exception(message);

    internal sealed class PreviousLogsIn(string message) : Exception(message);

    internal sealed class NoVersionLogsIn(string message) : Exception(message);

    internal sealed class RolledBack(string message) : Exception(message);

    internal sealed class ChangedUntested(string message) : Exception(message);

    internal sealed class AdministratorIsRotated(string message) : Exception(message);

    internal sealed class RollBackFailed(string message) : Exception(message);

    internal sealed class ObserveMode(string message) : Exception(message);

    internal sealed class Stopped(string message) : Exception(message);

    internal sealed class SwitchUnreadable(string message) : Exception(message);

    internal sealed class NoSlots(string message) : Exception(message);

    internal sealed class DatabaseUnavailable(string message) : Exception(message);

    internal sealed class TlsNotVerified(string message) : Exception(message);

    internal sealed class DatabaseError(string message) : Exception(message);

    internal sealed class NotChanged(string message) : Exception(message);

    internal sealed class UnknownOutcome(string message) : Exception(message);

    internal sealed class RotationInProgress(string message) : Exception(message);

    internal sealed class ConcurrentChange(string message) : Exception(message);

    internal sealed class OutOfTime(string message) : Exception(message);

    internal sealed class AwsError(string message) : Exception(message);

    internal sealed class UnexpectedError(string message) : Exception(message);
}
