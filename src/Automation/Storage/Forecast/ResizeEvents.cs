namespace Automation.Storage.Forecast;

/// <summary>One half of a change of the allocated size.</summary>
/// <param name="At">When RDS told of it.</param>
/// <param name="Instance">Whose.</param>
/// <param name="Finished">The change has ended, else begun.</param>
internal sealed record ResizeEvent(DateTimeOffset At, string Instance, bool Finished);

/// <summary>
/// Makes resizes of RDS's events, by their text, as <c>DescribeEvents</c> gives no id. AWS says that events may be late, out of order
/// or missing: a half without the other is a resize all the same. Pure.
/// </summary>
internal static class ResizeEvents
{
    /// <summary>What is assumed of a resize of which one half is known; few take so long.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    // RDS-EVENT-0018 and 0217 begin with it, 0017 and 0218 have "Finished" before.
    private static readonly string[] Texts =
    [
        "applying modification to allocated storage",
        "applying autoscaling-initiated modification to allocated storage",
    ];

    /// <param name="message">As RDS wrote it; <c>null</c> is about nothing.</param>
    /// <returns>Whether the change has ended; <c>null</c> when it is about something else.</returns>
    public static bool? IsFinished(string? message)
    {
        if (message is null || !Array.Exists(Texts, text => message.Contains(text, StringComparison.OrdinalIgnoreCase))) return null;
        return message.Contains("Finished applying", StringComparison.OrdinalIgnoreCase);
    }

    /// <returns>By instance, as it is spelled in the events; oldest first.</returns>
    public static IReadOnlyDictionary<string, IReadOnlyList<Resize>> Pair(IEnumerable<ResizeEvent> events) => events
        .GroupBy(one => one.Instance, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(one => one.Key, one => (IReadOnlyList<Resize>)PairOf(one), StringComparer.OrdinalIgnoreCase);

    private static List<Resize> PairOf(IEnumerable<ResizeEvent> events)
    {
        var resizes = new List<Resize>();
        DateTimeOffset? begun = null;
        foreach (var one in events.Distinct().OrderBy(one => one.At).ThenByDescending(one => one.Finished))
        {
            if (one.Finished)
            {
                resizes.Add(new Resize(begun ?? Latest(one.At - Longest, resizes.LastOrDefault()?.To), one.At));
                begun = null;
            }
            else
            {
                // RDS begins none before the last has ended.
                if (begun is { } lost) resizes.Add(new Resize(lost, one.At - lost < Longest ? one.At : lost + Longest));
                begun = one.At;
            }
        }
        if (begun is { } open) resizes.Add(new Resize(open, null));
        return resizes;
    }

    private static DateTimeOffset Latest(DateTimeOffset one, DateTimeOffset? other) => other > one ? other.Value : one;
}
