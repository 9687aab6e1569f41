using Automation.Lab.Account;

namespace Automation.Lab.Snapshots;

/// <summary>RDS says no; thrown where it is found out, answered in one place.</summary>
internal sealed class SnapshotRefusal(AwsAnswer answer) : Exception
{
    public AwsAnswer Answer => answer;

    public static SnapshotRefusal InvalidParameter(AwsCall call, string message) => Of(call, "InvalidParameterValue", message);

    public static SnapshotRefusal QuotaExceeded(AwsCall call, string message) => Of(call, "SnapshotQuotaExceeded", message);

    public static SnapshotRefusal Of(AwsCall call, string code, string message, int status = 400) =>
        new(ErrorAnswer.Create(call, status, code, message));
}
