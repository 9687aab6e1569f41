using Automation.Storage.Forecast;

namespace Automation.Tests.Storage.Forecast.Accuracy;

/// <summary>
/// A database whose future is known. Hours are counted from now: history is 0 and before, the future after. Sizes in GiB.
/// </summary>
/// <param name="Name">As the table shows it.</param>
/// <param name="Hours">Of history.</param>
/// <param name="Data">What stays: when it reaches the allocated size, the disk is full.</param>
internal sealed record SimulatedCase(string Name, int Hours, Func<double, double> Data)
{
    private const double GiB = 1L << 30;
    private const int TenYears = 3650 * 24;

    public static readonly DateTimeOffset Now = new(2026, 3, 18, 12, 0, 0, TimeSpan.Zero);

    /// <summary>What comes and goes within hours, and is not what fills the disk for good.</summary>
    public Func<int, double> Passing { get; init; } = _ => 0;

    /// <summary>Allocated now.</summary>
    public int Allocated { get; init; } = 400;

    /// <summary>When it was resized, in which hour, and by how much.</summary>
    public IReadOnlyList<(int Hour, int Step)> Resizes { get; init; } = [];

    public Func<int, bool> Missing { get; init; } = _ => false;

    /// <summary>Standard deviation of every reading.</summary>
    public double Noise { get; init; } = 0.2;

    public int Seed { get; init; } = 1;

    /// <summary>Days until the data fill what is allocated; <c>null</c> when they never do.</summary>
    public double? Truth()
    {
        for (var hour = 0; hour < TenYears; hour++)
            if (Data(hour) >= Allocated) return hour / 24.0;
        return null;
    }

    /// <summary><c>FreeStorageSpace</c> by the hour.</summary>
    public IReadOnlyList<Reading> Free()
    {
        var random = new Random(Seed);
        return
        [
            .. Enumerable.Range(1 - Hours, Hours)
                .Select(hour => (Hour: hour, Free: AllocatedAt(hour) - Data(hour) - Passing(hour) + (Noise * Normal(random))))
                .Where(reading => !Missing(reading.Hour))
                .Select(reading => new Reading(Now.AddHours(reading.Hour), reading.Free * GiB)),
        ];
    }

    /// <summary>Used, by one who knows every size.</summary>
    public IReadOnlyList<Reading> Used() =>
        [.. Free().Select(reading => reading with { Bytes = (AllocatedAt((int)Math.Round((reading.At - Now).TotalHours)) * GiB) - reading.Bytes })];

    /// <summary>The forecast of <see cref="ForecastRules"/>, which gets the times of the resizes only.</summary>
    public StorageForecast Ours() => ForecastRules.Of(
        UsedSeries.OfVolume(Free(), TimeSpan.FromHours(1), Allocated, Resizes.Select(resize => new Resize(Now.AddHours(resize.Hour).AddMinutes(-8), Now.AddHours(resize.Hour).AddMinutes(-5)))),
        minutes: null, Allocated * GiB, Now);

    private double AllocatedAt(int hour) => Allocated - Resizes.Where(resize => resize.Hour > hour).Sum(resize => resize.Step);

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
