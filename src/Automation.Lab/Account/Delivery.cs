using System.Text;
using System.Text.Json;
using Automation.Lab.Template;

namespace Automation.Lab.Account;

/// <summary>One event on its way to one function.</summary>
/// <param name="EventId">The event's <c>id</c>; the same for duplicates.</param>
/// <param name="Function">Who gets it.</param>
/// <param name="Rule">The rule that matched.</param>
/// <param name="Payload">What the function gets: the event, or the rule's constant input.</param>
internal sealed record Delivery(string EventId, TemplateFunction Function, TemplateRule Rule, ReadOnlyMemory<byte> Payload)
{
    public static Delivery Of(JsonElement @event, TemplateFunction function, TemplateRule rule) => new(
        @event.GetProperty("id").GetString()!, function, rule,
        Encoding.UTF8.GetBytes(rule.Input ?? @event.GetRawText()));
}

/// <summary>One invocation that the bus made.</summary>
/// <param name="Delivery">Which event, for which function.</param>
/// <param name="Attempt">1 for the first; Lambda's retries count on.</param>
/// <param name="At">When it ended.</param>
/// <param name="Answer">How.</param>
internal sealed record InvocationAttempt(Delivery Delivery, int Attempt, DateTimeOffset At, FunctionAnswer Answer);

/// <summary>An event that no function handled.</summary>
internal sealed record DeadLetter
{
    public required Delivery Delivery { get; init; }

    /// <summary>The queue it went to; <c>null</c> when none is configured: AWS would have dropped it without a trace.</summary>
    public string? QueueArn { get; init; }

    /// <summary><c>MaximumRetryAttempts</c> or <c>MaximumEventAgeInSeconds</c> from EventBridge; <c>RetriesExhausted</c> or <c>EventAgeExceeded</c> from Lambda.</summary>
    public required string Reason { get; init; }

    public required int Attempts { get; init; }

    /// <summary>The message: the event itself, or for an on-failure destination Lambda's record of the invocation.</summary>
    public required string Body { get; init; }

    /// <summary>The message's attributes.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

    public required DateTimeOffset At { get; init; }
}
