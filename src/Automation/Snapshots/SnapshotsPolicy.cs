using System.Globalization;
using System.Text.RegularExpressions;
using Automation.Fleet;

namespace Automation.Snapshots;

/// <summary>What the tag <c>automation:snapshots</c> of one database asks for; the README's table of tags explains it.</summary>
internal sealed partial record SnapshotsPolicy
{
    public bool Off { get; init; }

    /// <summary>Time between two slots.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromHours(6);

    public RetentionPolicy Retention { get; init; } = new();

    /// <summary>Regions that every newest snapshot is copied to.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>Accounts that every newest snapshot is shared with.</summary>
    public IReadOnlyList<string> Accounts { get; init; } = [];

    /// <summary>Older than this, the newest good snapshot is overdue: one slot was missed altogether.</summary>
    public TimeSpan Overdue => 2 * Every;

    /// <summary>
    /// Reads <c>every=6h hourly=8 daily=7 weekly=4 monthly=12 yearly=3 min=3 copy=eu-west-1/123456789012</c>, every part
    /// optional and an empty value too, or <c>off</c>.
    /// </summary>
    /// <param name="value">The tag's value.</param>
    /// <param name="fault">What is wrong with it; <c>null</c> when the policy can be followed.</param>
    public static SnapshotsPolicy Read(string value, out MalformedTag? fault)
    {
        var tag = TagValue.Read(value, ["off"], ["every", "hourly", "daily", "weekly", "monthly", "yearly", "min", "copy"]);
        var fallback = new SnapshotsPolicy();
        var places = tag.List("copy");
        var policy = fallback with
        {
            Off = tag.Word == "off",
            Every = tag.Duration("every", fallback.Every),
            Retention = new RetentionPolicy
            {
                Hourly = tag.WholeNumber("hourly", fallback.Retention.Hourly),
                Daily = tag.WholeNumber("daily", fallback.Retention.Daily),
                Weekly = tag.WholeNumber("weekly", fallback.Retention.Weekly),
                Monthly = tag.WholeNumber("monthly", fallback.Retention.Monthly),
                Yearly = tag.WholeNumber("yearly", fallback.Retention.Yearly),
                Min = tag.PositiveInteger("min", fallback.Retention.Min),
            },
            Accounts = [.. places.Where(place => Account().IsMatch(place))],
            Regions = [.. places.Where(place => !Account().IsMatch(place))],
        };
        if (!IsEven(policy.Every))
            tag.Fail(string.Create(CultureInfo.InvariantCulture, $"every={Hours(policy.Every)}"), "is none of 1h, 2h, 3h, 4h, 6h, 8h, 12h and 1d to 31d");
        if (policy.Regions.FirstOrDefault(region => !Region().IsMatch(region)) is { } stray)
            tag.Fail($"copy={stray}", "is neither a Region such as eu-west-1 nor an account of 12 digits");
        if (places.Distinct(StringComparer.Ordinal).Count() < places.Count)
            tag.Fail("copy=" + string.Join('/', places), "names a place twice");
        if (policy.Off && value.Trim() != "off") tag.Fail(value, "says off and more");
        fault = tag.Fault;
        return policy;
    }

    /// <summary>Slots must fall on the same times of every day, or a person cannot tell which one is missing.</summary>
    private static bool IsEven(TimeSpan every) =>
        every >= TimeSpan.FromDays(1)
            ? every.Ticks % TimeSpan.TicksPerDay == 0 && every <= TimeSpan.FromDays(31)
            : every.Ticks % TimeSpan.TicksPerHour == 0 && TimeSpan.TicksPerDay % every.Ticks == 0;

    private static string Hours(TimeSpan every) =>
        every.Ticks % TimeSpan.TicksPerHour == 0 ? $"{every.TotalHours}h" : $"{every.TotalSeconds}s";

    [GeneratedRegex(@"\A[0-9]{12}\z")]
    private static partial Regex Account();

    [GeneratedRegex(@"\A[a-z]{2}(?:-[a-z]+){1,2}-[0-9]\z")]
    private static partial Regex Region();
}
