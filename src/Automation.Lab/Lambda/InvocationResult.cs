namespace Automation.Lab.Lambda;

/// <summary>What the invoker gets.</summary>
internal sealed record InvocationResult
{
    public required string RequestId { get; init; }

    public required bool Succeeded { get; init; }

    /// <summary>
    /// The exception's type, or Lambda's own word: <c>Sandbox.Timedout</c>, <c>Runtime.ExitError</c>,
    /// <c>Function.ResponseSizeTooLarge</c>.
    /// </summary>
    public string? ErrorType { get; init; }

    public string? ErrorMessage { get; init; }

    /// <summary>The function's answer; of a failure, Lambda's JSON with <c>errorType</c> and <c>errorMessage</c>.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    public required InvocationReport Report { get; init; }

    /// <summary>When its turn came.</summary>
    public DateTimeOffset BegunAt { get; init; }

    /// <summary>When the answer was there.</summary>
    public DateTimeOffset At { get; init; }
}
