using Automation.Storage.Forecast;

namespace Automation.Tests.Storage.Forecast.Accuracy;

/// <summary>What others do. Days until free space is gone, <c>null</c> for never.</summary>
internal static class Rivals
{
    private const double GiB = 1L << 30;

    /// <summary>By name, in the order of the table. Those on used space are told every size, which nobody is.</summary>
    public static IReadOnlyList<(string Name, Func<SimulatedCase, double?> Days)> All { get; } =
    [
        ("predict_linear", data => OfLine(LeastSquares(Last(data.Free(), 6)), data, isFree: true)),
        ("OLS free", data => OfLine(LeastSquares(Last(data.Free(), 168)), data, isFree: true)),
        ("OLS used", data => OfLine(LeastSquares(Last(data.Used(), 168)), data, isFree: false)),
        ("Theil-Sen", data => OfLine(TheilSen(Last(data.Used(), 168)), data, isFree: false)),
        ("OLS 15 d", data => OfLine(LeastSquares(Last(data.Used(), 360)), data, isFree: false)),
        ("T-S 15 d", data => OfLine(TheilSen(Last(data.Used(), 360)), data, isFree: false)),
    ];

    /// <summary>Level now and growth a day, in GiB.</summary>
    private static double? OfLine((double Level, double Growth) line, SimulatedCase data, bool isFree)
    {
        var (free, growth) = isFree ? (line.Level, -line.Growth) : (data.Allocated - line.Level, line.Growth);
        return free <= 0 ? 0 : growth <= 0 || free / growth > DaysToFull.Furthest ? null : free / growth;
    }

    private static List<(double Day, double GiB)> Last(IReadOnlyList<Reading> readings, int hours) =>
        [.. readings.Where(reading => SimulatedCase.Now - reading.At < TimeSpan.FromHours(hours)).Select(reading => ((reading.At - SimulatedCase.Now).TotalDays, reading.Bytes / GiB))];

    private static (double, double) LeastSquares(List<(double Day, double GiB)> points)
    {
        var (day, gib) = (points.Average(point => point.Day), points.Average(point => point.GiB));
        var slope = points.Sum(point => (point.Day - day) * (point.GiB - gib)) / points.Sum(point => (point.Day - day) * (point.Day - day));
        return (gib - (slope * day), slope);
    }

    /// <summary>The median of all slopes, from the last reading on.</summary>
    private static (double, double) TheilSen(List<(double Day, double GiB)> points)
    {
        var slopes = new List<double>(points.Count * points.Count / 2);
        for (var i = 0; i < points.Count; i++)
            for (var j = i + 1; j < points.Count; j++) slopes.Add((points[j].GiB - points[i].GiB) / (points[j].Day - points[i].Day));
        slopes.Sort();
        return (points[^1].GiB, slopes[slopes.Count / 2]);
    }
}
