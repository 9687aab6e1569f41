using System.Globalization;

namespace Automation.Lab.Account;

/// <summary>Why a target did not take an event.</summary>
/// <param name="Code">As in a dead letter's <c>ERROR_CODE</c>.</param>
/// <param name="Message">What the target said.</param>
/// <param name="IsFinal">Whether trying again is useless: the target is gone, or the rule may not use it.</param>
internal sealed record HandOverRefusal(string Code, string Message, bool IsFinal = false)
{
    public static HandOverRefusal Throttled { get; } = new("THROTTLING", "Rate exceeded");
}

/// <summary>EventBridge's half of a delivery: handing the event to the target, with the rule's retries and dead-letter queue.</summary>
/// <remarks>"How EventBridge retries delivering events" and "Using dead-letter queues", Amazon EventBridge user guide.</remarks>
internal sealed class HandOver(LabClock clock, Journal<DeadLetter> deadLetters)
{
    private static readonly TimeSpan FirstBackOff = TimeSpan.FromSeconds(1), LongestBackOff = TimeSpan.FromMinutes(5);

    /// <param name="delivery">What, and within which limits.</param>
    /// <param name="offer">Offers it to the target; <c>null</c> when it was taken.</param>
    /// <param name="cancellation">The lab is ending.</param>
    /// <returns>Whether the target took the event.</returns>
    public async Task<bool> RunAsync(Delivery delivery, Func<CancellationToken, Task<HandOverRefusal?>> offer, CancellationToken cancellation)
    {
        var age = TimeSpan.Zero;
        var backOff = FirstBackOff;
        for (var attempt = 1; await offer(cancellation) is { } refusal; attempt++)
        {
            age += backOff;
            if (refusal.IsFinal) return GiveUp(delivery, attempt, refusal, null);
            if (attempt > delivery.Limits.MaximumRetryAttempts) return GiveUp(delivery, attempt, refusal, "MaximumRetryAttempts");
            if (age > delivery.Limits.MaximumEventAge) return GiveUp(delivery, attempt, refusal, "MaximumEventAgeInSeconds");
            await clock.WaitAsync(backOff, cancellation);
            backOff = backOff * 2 < LongestBackOff ? backOff * 2 : LongestBackOff;
        }
        return true;
    }

    private bool GiveUp(Delivery delivery, int attempts, HandOverRefusal refusal, string? exhausted)
    {
        var attributes = new Dictionary<string, string>
        {
            ["RULE_ARN"] = delivery.RuleArn,
            ["TARGET_ARN"] = delivery.TargetArn,
            ["ERROR_CODE"] = refusal.Code,
            ["ERROR_MESSAGE"] = refusal.Message,
            ["RETRY_ATTEMPTS"] = (attempts - 1).ToString(CultureInfo.InvariantCulture),
        };
        if (exhausted is not null) attributes["EXHAUSTED_RETRY_CONDITION"] = exhausted;
        deadLetters.Add(new DeadLetter
        {
            Delivery = delivery,
            QueueArn = delivery.DeadLetterArn,
            Reason = exhausted ?? refusal.Code,
            Attempts = attempts,
            Body = delivery.Event,
            Attributes = attributes,
            At = clock.Now,
        });
        return false;
    }
}
