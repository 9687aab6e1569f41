using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>Every handler shape comes down to this: the event's bytes in, the answer's bytes out.</summary>
internal delegate Task<Stream> InvocationHandler(Stream input, ILambdaContext context);
