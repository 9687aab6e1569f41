namespace Automation.Lab.Lambda;

/// <summary>An event on its way to a function's process, and the place where its answer arrives.</summary>
internal sealed record RuntimeEvent
{
    public required string RequestId { get; init; }

    public required ReadOnlyMemory<byte> Payload { get; init; }

    public required DateTimeOffset Deadline { get; init; }

    public required string FunctionArn { get; init; }

    /// <summary>X-Ray's header; the lab samples nothing.</summary>
    public required string TraceId { get; init; }

    public TaskCompletionSource<RuntimeAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
