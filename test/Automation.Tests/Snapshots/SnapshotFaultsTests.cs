using Automation.Snapshots;

namespace Automation.Tests.Snapshots;

public sealed class SnapshotFaultsTests
{
    [Theory]
    [InlineData("DBSnapshotAlreadyExists", SnapshotFault.AlreadyExists)]
    [InlineData("DBClusterSnapshotAlreadyExistsFault", SnapshotFault.AlreadyExists)]
    [InlineData("DBInstanceNotFound", SnapshotFault.NotFound)]
    [InlineData("DBClusterNotFoundFault", SnapshotFault.NotFound)]
    [InlineData("DBSnapshotNotFound", SnapshotFault.NotFound)]
    [InlineData("DBClusterSnapshotNotFoundFault", SnapshotFault.NotFound)]
    [InlineData("InvalidDBInstanceState", SnapshotFault.WrongState)]
    [InlineData("InvalidDBClusterStateFault", SnapshotFault.WrongState)]
    [InlineData("InvalidDBSnapshotState", SnapshotFault.WrongState)]
    [InlineData("InvalidDBClusterSnapshotStateFault", SnapshotFault.WrongState)]
    [InlineData("KMSKeyNotAccessibleFault", SnapshotFault.KeyNotAccessible)]
    [InlineData("SharedSnapshotQuotaExceeded", SnapshotFault.SharingLimitReached)]
    [InlineData("Throttling", SnapshotFault.Throttled)]
    [InlineData("ThrottlingException", SnapshotFault.Throttled)]
    [InlineData("AccessDenied", SnapshotFault.Denied)]
    [InlineData("InvalidParameterValue", SnapshotFault.Other)]
    // What one would guess, and RDS does not send.
    [InlineData("DBClusterSnapshotAlreadyExists", SnapshotFault.Other)]
    [InlineData(null, SnapshotFault.Other)]
    public void Of_WireCode_IsSorted(string? code, object fault) => Assert.Equal(fault, SnapshotFaults.Of(code, "no").Fault);

    [Theory]
    [InlineData("Cannot create more than 100 manual snapshots", SnapshotFault.QuotaReached)]
    [InlineData("Cannot copy more than 5 snapshots across regions", SnapshotFault.CopyLimitReached)]
    [InlineData("Cannot copy more than 20 snapshots across regions", SnapshotFault.CopyLimitReached)]
    public void Of_SnapshotQuotaExceeded_TheSentenceTellsWhich(string sentence, object fault) =>
        Assert.Equal(fault, SnapshotFaults.Of("SnapshotQuotaExceeded", sentence).Fault);
}
