using System.Globalization;
using Amazon.Lambda.Core;
using Amazon.Lambda.RuntimeSupport.Client;
using Amazon.Lambda.RuntimeSupport.Logging;

namespace Amazon.Lambda.RuntimeSupport.Context;

internal sealed class LambdaContext(Invocation invocation, LogWriter log) : ILambdaContext
{
    public string AwsRequestId => invocation.RequestId;

    public string InvokedFunctionArn => invocation.FunctionArn;

    public string TraceId => invocation.TraceId ?? "";

    public ILambdaLogger Logger { get; } = new LambdaLoggerAdapter(log);

    public string FunctionName => Variable("AWS_LAMBDA_FUNCTION_NAME");

    public string FunctionVersion => Variable("AWS_LAMBDA_FUNCTION_VERSION");

    public string LogGroupName => Variable("AWS_LAMBDA_LOG_GROUP_NAME");

    public string LogStreamName => Variable("AWS_LAMBDA_LOG_STREAM_NAME");

    public int MemoryLimitInMB => int.TryParse(
        Variable("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"), NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : 0;

    /// <summary>Negative once the deadline has passed.</summary>
    public TimeSpan RemainingTime => DateTimeOffset.FromUnixTimeMilliseconds(invocation.DeadlineMs) - DateTimeOffset.UtcNow;

    // Set for callers that use the AWS Mobile SDK only.
    public IClientContext ClientContext => null!;

    public ICognitoIdentity Identity => null!;

    private static string Variable(string name) => Environment.GetEnvironmentVariable(name)!;
}
