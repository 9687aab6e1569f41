using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>Makes the program's loop from a handler: the shapes that the Annotations generator emits, and plain streams.</summary>
public sealed class LambdaBootstrapBuilder
{
    private readonly InvocationHandler handler;
    private LambdaBootstrapInitializer? initializer;

    private LambdaBootstrapBuilder(InvocationHandler handler) => this.handler = handler;

    public static LambdaBootstrapBuilder Create(Func<Stream, ILambdaContext, Task> handler) => new(async (input, context) =>
    {
        await handler(input, context);
        return Stream.Null;
    });

    public static LambdaBootstrapBuilder Create(Func<Stream, ILambdaContext, Task<Stream>> handler) => new(handler.Invoke);

    public static LambdaBootstrapBuilder Create<TOutput>(
        Func<Stream, ILambdaContext, Task<TOutput>> handler, ILambdaSerializer serializer) =>
        new(async (input, context) => Serialize(serializer, await handler(input, context)));

    public static LambdaBootstrapBuilder Create<TInput>(
        Func<TInput, ILambdaContext, Task> handler, ILambdaSerializer serializer) => new(async (input, context) =>
    {
        await handler(serializer.Deserialize<TInput>(input), context);
        return Stream.Null;
    });

    public static LambdaBootstrapBuilder Create<TInput, TOutput>(
        Func<TInput, ILambdaContext, Task<TOutput>> handler, ILambdaSerializer serializer) =>
        new(async (input, context) => Serialize(serializer, await handler(serializer.Deserialize<TInput>(input), context)));

    public LambdaBootstrapBuilder UseBootstrapHandler(LambdaBootstrapInitializer lambdaBootstrapInitializer)
    {
        initializer = lambdaBootstrapInitializer;
        return this;
    }

    public LambdaBootstrap Build() => new(handler, initializer);

    private static MemoryStream Serialize<T>(ILambdaSerializer serializer, T output)
    {
        var stream = new MemoryStream();
        serializer.Serialize(output, stream);
        stream.Position = 0;
        return stream;
    }
}
