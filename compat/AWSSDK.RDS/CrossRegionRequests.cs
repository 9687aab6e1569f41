using Amazon.RDS.Internal;

namespace Amazon.RDS.Model;

public partial class CopyDBSnapshotRequest : IPreSignedUrlRequest
{
    /// <summary>The Region of the snapshot, where it is another: <c>PreSignedUrl</c> is made from it.</summary>
    public string SourceRegion { get; set; }
}

public partial class CopyDBClusterSnapshotRequest : IPreSignedUrlRequest
{
    /// <summary>The Region of the snapshot, where it is another: <c>PreSignedUrl</c> is made from it.</summary>
    public string SourceRegion { get; set; }
}
