namespace Amazon.Lambda.RuntimeSupport.Client;

/// <summary>One event, with the headers it came with.</summary>
internal sealed record Invocation
{
    public required string RequestId { get; init; }

    /// <summary>When Lambda ends the invocation, in milliseconds since 1970.</summary>
    public required long DeadlineMs { get; init; }

    public required string FunctionArn { get; init; }

    public string? TraceId { get; init; }

    public required byte[] Event { get; init; }
}
