using Amazon.RDS.Internal;
using Amazon.Runtime.Internal;

namespace Amazon.RDS;

public partial class AmazonRDSClient
{
    static partial void CustomizePipeline(RuntimePipeline pipeline) =>
        pipeline.AddHandlerBefore<Marshaller>(new PreSignedUrlRequestHandler());
}
