using System.Globalization;

namespace Automation.Lab.Report.Charts;

/// <summary>The part of a run that a drawing shows, and where on it a time lies. Pure.</summary>
/// <param name="Origin">What times are counted from: the run's start, also where a part of it is shown.</param>
/// <param name="From">The first that is shown.</param>
/// <param name="To">The last that is shown; later than <paramref name="From"/>.</param>
/// <param name="Left">Where it begins, in units of the drawing.</param>
/// <param name="Right">Where it ends.</param>
internal sealed record TimeAxis(DateTimeOffset Origin, DateTimeOffset From, DateTimeOffset To, double Left, double Right)
{
    private const int MostTicks = 14;

    private static readonly double[] Steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400];

    /// <summary>An axis of at least a second, whatever it is given.</summary>
    public static TimeAxis Of(DateTimeOffset origin, DateTimeOffset from, DateTimeOffset to, double left, double right) =>
        new(origin, from, to - from < TimeSpan.FromSeconds(1) ? from + TimeSpan.FromSeconds(1) : to, left, right);

    /// <summary>Whether it is shown.</summary>
    public bool Holds(DateTimeOffset at) => at >= From && at <= To;

    /// <summary>Where a time lies; what is outside lies at the edge.</summary>
    public double X(DateTimeOffset at) => Left + (Math.Clamp((at - From) / (To - From), 0, 1) * (Right - Left));

    /// <summary>Round times since the origin, with what to write there.</summary>
    public IEnumerable<(DateTimeOffset At, string Label)> Ticks
    {
        get
        {
            var step = Step;
            var (first, last) = (Math.Ceiling((From - Origin).TotalSeconds / step), Math.Floor((To - Origin).TotalSeconds / step));
            for (var n = first; n <= last; n++) yield return (Origin + TimeSpan.FromSeconds(n * step), Label(n * step, step));
        }
    }

    /// <summary>Seconds between two ticks: round, and so that there are at most 14 of them.</summary>
    public double Step
    {
        get
        {
            var seconds = (To - From).TotalSeconds;
            var step = Steps.FirstOrDefault(step => seconds / step <= MostTicks);
            return step > 0 ? step : Math.Ceiling(seconds / MostTicks / Steps[^1]) * Steps[^1];
        }
    }

    /// <summary>A time since the origin, as minutes and seconds: <c>4:07</c>, <c>4:07.3</c> where tenths matter.</summary>
    public static string Label(double seconds, double step)
    {
        var (sign, tenths) = (seconds < 0 ? "-" : "", (long)Math.Round(Math.Abs(seconds) * 10));
        var (hours, minutes, left) = (tenths / 36000, tenths / 600 % 60, tenths % 600);
        var tail = step < 1
            ? string.Create(CultureInfo.InvariantCulture, $"{left / 10:00}.{left % 10}")
            : string.Create(CultureInfo.InvariantCulture, $"{left / 10:00}");
        return hours > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{sign}{hours}:{minutes:00}:{tail}")
            : string.Create(CultureInfo.InvariantCulture, $"{sign}{minutes}:{tail}");
    }
}
