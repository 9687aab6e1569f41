namespace Automation.Lab.Secrets;

/// <summary>A stretch in which no login succeeded.</summary>
/// <param name="From">When the first login that failed began.</param>
/// <param name="To">When the next that succeeded began; of a stretch that did not end, the last failure.</param>
/// <param name="Failures">How many failed.</param>
internal sealed record LoginGap(DateTimeOffset From, DateTimeOffset To, int Failures)
{
    public TimeSpan Length => To - From;
}

/// <summary>What an application saw of a rotation.</summary>
internal sealed record LoginSummary
{
    public required int Logins { get; init; }
    public required int Ok { get; init; }
    public required int Refused { get; init; }
    public required int Errors { get; init; }

    /// <summary>Logins for which the secret was read again because the kept password was refused.</summary>
    public required int ReadAgain { get; init; }

    /// <summary>Every stretch without a successful login, in order: of single users one for each rotation.</summary>
    public required IReadOnlyList<LoginGap> Gaps { get; init; }

    public int Failures => Refused + Errors;

    public DateTimeOffset? FirstFailure { get; init; }

    public DateTimeOffset? LastFailure { get; init; }

    public TimeSpan LongestGap => Gaps.Select(g => g.Length).DefaultIfEmpty().Max();

    public static LoginSummary Of(IEnumerable<LoginAttempt> attempts)
    {
        var logins = attempts.OrderBy(a => a.At).ToArray();
        var failures = logins.Where(a => a.Result != LoginResult.Ok).ToArray();
        return new LoginSummary
        {
            Logins = logins.Length,
            Ok = logins.Count(a => a.Result == LoginResult.Ok),
            Refused = logins.Count(a => a.Result == LoginResult.Refused),
            Errors = logins.Count(a => a.Result == LoginResult.Error),
            ReadAgain = logins.Count(a => a.ReadAgain),
            Gaps = [.. GapsOf(logins)],
            FirstFailure = failures.FirstOrDefault()?.At,
            LastFailure = failures.LastOrDefault()?.At,
        };
    }

    /// <summary>
    /// Several log in at once, and read the secret or reach the server in another order than they began. So a success ends a
    /// stretch only where none that failed began before it was over.
    /// </summary>
    private static IEnumerable<LoginGap> GapsOf(LoginAttempt[] logins)
    {
        LoginGap? open = null;
        for (var i = 0; i < logins.Length; i++)
        {
            var login = logins[i];
            if (login.Result == LoginResult.Ok && logins.Skip(i + 1).TakeWhile(later => later.At < login.At + login.Duration).Any(later => later.Result != LoginResult.Ok)) continue;
            if (login.Result != LoginResult.Ok)
            {
                open = new LoginGap(open?.From ?? login.At, login.At, (open?.Failures ?? 0) + 1);
            }
            else if (open is not null)
            {
                yield return open with { To = login.At };
                open = null;
            }
        }
        if (open is not null) yield return open;
    }
}
