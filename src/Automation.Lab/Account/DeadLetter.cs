namespace Automation.Lab.Account;

/// <summary>An event that no target took.</summary>
internal sealed record DeadLetter
{
    public required Delivery Delivery { get; init; }

    /// <summary>The queue it went to; <c>null</c> when none is configured: AWS would have dropped it without a trace.</summary>
    public string? QueueArn { get; init; }

    /// <summary>
    /// <c>MaximumRetryAttempts</c> or <c>MaximumEventAgeInSeconds</c> from EventBridge, or its error code when it did not try again;
    /// <c>RetriesExhausted</c> or <c>EventAgeExceeded</c> from Lambda.
    /// </summary>
    public required string Reason { get; init; }

    public required int Attempts { get; init; }

    /// <summary>The message: the event itself, or for an on-failure destination Lambda's record of the invocation.</summary>
    public required string Body { get; init; }

    /// <summary>The message's attributes.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

    public required DateTimeOffset At { get; init; }
}
