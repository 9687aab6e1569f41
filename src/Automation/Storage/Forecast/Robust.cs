namespace Automation.Storage.Forecast;

/// <summary>Figures that a few wild values do not move.</summary>
internal static class Robust
{
    /// <summary>Of an even number of values the mean of the middle two.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Distance between the quarter and the three-quarters value.</summary>
    public static double InterquartileRange(IEnumerable<double> values)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        return sorted[(sorted.Length - 1) * 3 / 4] - sorted[(sorted.Length - 1) / 4];
    }

    public static double Middle(double a, double b, double c) => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
}
