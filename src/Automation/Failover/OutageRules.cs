namespace Automation.Failover;

/// <summary>From attempts to downtime. Pure.</summary>
internal static class OutageRules
{
    /// <param name="attempts">Of one lane, in their order.</param>
    /// <param name="operation">Read or write.</param>
    /// <param name="since">Failures of attempts that ended before are not counted: the call had not been made.</param>
    /// <param name="end">When the lane was stopped: an outage that did not end is counted until then.</param>
    public static Outage Of(IReadOnlyList<ProbeAttempt> attempts, Operation operation, TimeSpan since, TimeSpan end)
    {
        var down = TimeSpan.Zero;
        var byError = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
        TimeSpan? from = null, firstFailure = null, gap = null, to = null;
        string? firstError = null;
        var interruptions = 0;
        var lastGood = attempts.Count > 0 ? attempts[0].Started : since;
        for (var i = 0; i < attempts.Count; i++)
        {
            var attempt = attempts[i];
            if (attempt.AnsweredAt(operation) is { } answered)
            {
                if (gap is { } began)
                {
                    down += answered - began;
                    (gap, to) = (null, answered);
                }
                lastGood = answered;
            }
            else if (attempt.Ended >= since)
            {
                // A read that was answered before its attempt failed at the write is good; here it is the operation itself that failed.
                if (gap is null) (gap, to, interruptions) = (lastGood, null, interruptions + 1);
                from ??= lastGood;
                firstFailure ??= attempt.Started;
                firstError ??= attempt.Error;
                var next = i + 1 < attempts.Count ? attempts[i + 1].Started : end;
                var error = attempt.Error ?? ErrorClasses.Other;
                byError[error] = byError.GetValueOrDefault(error) + (next - attempt.Started);
            }
        }
        if (gap is { } open && end > open) down += end - open;
        return new Outage
        {
            Down = down,
            From = from,
            To = to,
            Interruptions = interruptions,
            FirstFailure = firstFailure,
            FirstError = firstError,
            ByError = byError,
        };
    }
}
