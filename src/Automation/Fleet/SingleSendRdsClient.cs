using Amazon.RDS;
using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace Automation.Fleet;

/// <summary>
/// Sends every request once. <c>MaxErrorRetry = 0</c> is not enough: the SDK repeats a request whose connection broke all the
/// same (seen with AWSSDK.Core 4.0.102), and RDS may have taken the first one.
/// </summary>
internal sealed class SingleSendRdsClient : AmazonRDSClient
{
    public SingleSendRdsClient(AmazonRDSConfig config)
        : base(config)
    {
    }

    public SingleSendRdsClient(AWSCredentials credentials, AmazonRDSConfig config)
        : base(credentials, config)
    {
    }

    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        base.CustomizeRuntimePipeline(pipeline);
        pipeline.RemoveHandler<RetryHandler>();
    }
}
