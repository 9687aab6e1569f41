using System.Globalization;
using Automation.Fleet;
using Automation.Outcomes;

namespace Automation.Snapshots;

/// <summary>When a quota is worth a word.</summary>
internal static class QuotaNews
{
    /// <summary>Time to raise a quota, or to think about the policies.</summary>
    private const int DaysAhead = 30;

    private const double Near = 0.95;

    public static (string Sentence, Finding? Finding) Judge(DatabaseKind kind, Quota quota, QuotaForecast forecast, DateTimeOffset now)
    {
        var name = kind == DatabaseKind.Cluster ? "cluster snapshots" : "instance snapshots";
        var use = string.Create(CultureInfo.InvariantCulture, $"{quota.Used} of {quota.Max} manual {name} of this Region are used");
        var sentence = forecast.FullOn is { } day
            ? string.Create(CultureInfo.InvariantCulture, $"{use}; under the present policies the quota is hit on {day:yyyy-MM-dd}")
            : $"{use}; the present policies need {forecast.Bound.ToString(CultureInfo.InvariantCulture)} at most";
        var days = forecast.FullOn is { } full ? full.DayNumber - DateOnly.FromDateTime(now.UtcDateTime).DayNumber : int.MaxValue;
        return (sentence + ".", quota.Used >= quota.Max * Near || days <= DaysAhead
            ? new Finding(Reasons.QuotaNear, sentence, quota.Used >= quota.Max * Near ? Severity.Critical : Severity.Warning)
            : null);
    }
}
