using System.Collections.Concurrent;
using System.Text;

namespace Automation.Lab.Account;

/// <summary>Lambda's half of a delivery: the queue in front of an asynchronous invocation.</summary>
/// <remarks>
/// A function's error is retried after one minute and after two more, at most <c>MaximumRetryAttempts</c> times and not
/// beyond <c>MaximumEventAgeInSeconds</c> ("How Lambda handles errors and retries with asynchronous invocation").
/// </remarks>
internal sealed class AsyncInvoker(IFunctionInvoker functions, LabClock clock, Journal<InvocationAttempt> attempts, Journal<DeadLetter> deadLetters)
    : IDisposable
{
    private static readonly TimeSpan[] BackOff = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2)];
    private readonly ConcurrentDictionary<string, SemaphoreSlim> reserved = new();

    public async Task RunAsync(FunctionDelivery delivery, CancellationToken cancellation)
    {
        var limits = delivery.Function.AsyncInvocation.Limits;
        var accepted = clock.Time.GetTimestamp();
        // Of every event that is accepted, also of a duplicate, and kept by its retries.
        var requestId = Guid.NewGuid().ToString();
        for (var attempt = 1; ; attempt++)
        {
            var answer = await InvokeAsync(delivery, requestId, cancellation);
            attempts.Add(new InvocationAttempt(delivery, attempt, clock.Now, answer));
            if (answer.Succeeded) return;
            if (attempt > limits.MaximumRetryAttempts)
            {
                GiveUp(delivery, attempt, answer, "RetriesExhausted");
                return;
            }
            var pause = BackOff[Math.Min(attempt, BackOff.Length) - 1];
            if (clock.Lengthen(clock.Time.GetElapsedTime(accepted)) + pause > limits.MaximumEventAge)
            {
                GiveUp(delivery, attempt, answer, "EventAgeExceeded");
                return;
            }
            await clock.WaitAsync(pause, cancellation);
        }
    }

    public void Dispose()
    {
        foreach (var slots in reserved.Values) slots.Dispose();
    }

    private async Task<FunctionAnswer> InvokeAsync(FunctionDelivery delivery, string requestId, CancellationToken cancellation)
    {
        var function = delivery.Function;
        if (function.ReservedConcurrency is not { } limit) return await functions.InvokeAsync(function.LogicalId, delivery.Payload, requestId, cancellation);
        var slots = reserved.GetOrAdd(function.LogicalId, _ => new SemaphoreSlim(limit));
        await slots.WaitAsync(cancellation);
        try
        {
            return await functions.InvokeAsync(function.LogicalId, delivery.Payload, requestId, cancellation);
        }
        finally
        {
            slots.Release();
        }
    }

    private void GiveUp(FunctionDelivery delivery, int attempts, FunctionAnswer answer, string condition)
    {
        var targets = delivery.Function.AsyncInvocation;
        DeadLetter Letter(string? queue, string body, IReadOnlyDictionary<string, string>? attributes = null) => new()
        {
            Delivery = delivery,
            QueueArn = queue,
            Reason = condition,
            Attempts = attempts,
            Body = body,
            Attributes = attributes ?? new Dictionary<string, string>(),
            At = clock.Now,
        };
        var payload = Encoding.UTF8.GetString(delivery.Payload.Span);
        if (targets.OnFailureArn is { } destination)
            deadLetters.Add(Letter(destination, FailureRecord.Write(delivery, attempts, answer, condition, clock.Now)));
        if (targets.DeadLetterArn is { } queue)
        {
            deadLetters.Add(Letter(queue, payload, new Dictionary<string, string>
            {
                ["RequestID"] = FailureRecord.RequestId(delivery),
                ["ErrorCode"] = "200",
                ["ErrorMessage"] = answer.ErrorMessage ?? "",
            }));
        }
        if (targets is { OnFailureArn: null, DeadLetterArn: null }) deadLetters.Add(Letter(null, payload));
    }
}
