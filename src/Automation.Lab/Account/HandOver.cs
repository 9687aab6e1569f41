using System.Globalization;
using System.Text;

namespace Automation.Lab.Account;

/// <summary>EventBridge's half of a delivery: handing the event to Lambda, with the rule's retries and dead-letter queue.</summary>
/// <remarks>"How EventBridge retries delivering events" and "Using dead-letter queues", Amazon EventBridge user guide.</remarks>
internal sealed class HandOver(LabClock clock, Func<bool> refuses, Journal<DeadLetter> deadLetters)
{
    private static readonly TimeSpan FirstBackOff = TimeSpan.FromSeconds(1), LongestBackOff = TimeSpan.FromMinutes(5);

    /// <summary>Whether Lambda took the event.</summary>
    public async Task<bool> RunAsync(Delivery delivery, CancellationToken cancellation)
    {
        var limits = delivery.Rule.Limits;
        var age = TimeSpan.Zero;
        var backOff = FirstBackOff;
        for (var attempt = 1; refuses(); attempt++)
        {
            age += backOff;
            if (attempt > limits.MaximumRetryAttempts) return GiveUp(delivery, attempt, "MaximumRetryAttempts");
            if (age > limits.MaximumEventAge) return GiveUp(delivery, attempt, "MaximumEventAgeInSeconds");
            await clock.WaitAsync(backOff, cancellation);
            backOff = backOff * 2 < LongestBackOff ? backOff * 2 : LongestBackOff;
        }
        return true;
    }

    private bool GiveUp(Delivery delivery, int attempts, string condition)
    {
        deadLetters.Add(new DeadLetter
        {
            Delivery = delivery,
            QueueArn = delivery.Rule.DeadLetterArn,
            Reason = condition,
            Attempts = attempts,
            Body = Encoding.UTF8.GetString(delivery.Payload.Span),
            Attributes = new Dictionary<string, string>
            {
                ["RULE_ARN"] = delivery.Rule.Arn,
                ["TARGET_ARN"] = delivery.Function.Arn,
                ["ERROR_CODE"] = "THROTTLING",
                ["ERROR_MESSAGE"] = "Rate exceeded",
                ["EXHAUSTED_RETRY_CONDITION"] = condition,
                ["RETRY_ATTEMPTS"] = (attempts - 1).ToString(CultureInfo.InvariantCulture),
            },
            At = clock.Now,
        });
        return false;
    }
}
