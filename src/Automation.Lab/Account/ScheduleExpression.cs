using System.Globalization;

namespace Automation.Lab.Account;

/// <summary>EventBridge's <c>rate(…)</c> and <c>cron(…)</c>, in UTC.</summary>
internal sealed class ScheduleExpression
{
    private readonly Func<DateTimeOffset, DateTimeOffset?> next;

    private ScheduleExpression(Func<DateTimeOffset, DateTimeOffset?> next) => this.next = next;

    /// <param name="text">As <c>rate(5 minutes)</c> or <c>cron(0 10 * * ? *)</c>.</param>
    /// <param name="created">When the rule began to count; a rate fires at whole multiples after it.</param>
    /// <exception cref="FormatException">Neither a rate nor a cron expression; says what is wrong.</exception>
    public static ScheduleExpression Parse(string text, DateTimeOffset created)
    {
        if (Inner(text, "cron") is { } cron) return new ScheduleExpression(CronExpression.Parse(cron).Next);
        if (Inner(text, "rate") is not { } rate) throw new FormatException($"schedule '{text}': expected rate(…) or cron(…)");
        var period = Period(rate, text);
        return new ScheduleExpression(after =>
        {
            var elapsed = after < created ? 0 : (after - created).Ticks / period.Ticks;
            return created + (elapsed + 1) * period;
        });
    }

    /// <summary>The first time strictly after <paramref name="after"/>, or <c>null</c> when there is none.</summary>
    public DateTimeOffset? Next(DateTimeOffset after) => next(after.ToUniversalTime());

    private static string? Inner(string text, string kind) =>
        text.StartsWith(kind + "(", StringComparison.Ordinal) && text.EndsWith(')') ? text[(kind.Length + 1)..^1] : null;

    private static TimeSpan Period(string rate, string text)
    {
        var words = rate.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length != 2 || !int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count < 1)
            throw new FormatException($"schedule '{text}': expected a positive number and a unit");
        // AWS refuses "1 minutes" and "5 minute".
        return (words[1], count == 1) switch
        {
            ("minute", true) or ("minutes", false) => TimeSpan.FromMinutes(count),
            ("hour", true) or ("hours", false) => TimeSpan.FromHours(count),
            ("day", true) or ("days", false) => TimeSpan.FromDays(count),
            _ => throw new FormatException($"schedule '{text}': expected minute(s), hour(s) or day(s), plural except after 1"),
        };
    }
}
