using Automation.Storage.Forecast;


namespace Automation.Tests.Storage.Forecast.Accuracy;

/// <summary>How far a forecast was off.</summary>
/// <param name="Days">What it said; <c>null</c> for never.</param>
/// <param name="Truth">What was true; <c>null</c> for never.</param>
/// <param name="Doubted">Whether it said that it was not certain.</param>
internal sealed record ForecastError(double? Days, double? Truth, bool Doubted)
{
    /// <summary>Share of the truth, positive when too late; infinite when one of the two is never.</summary>
    public double Error => (Days, Truth) switch
    {
        (null, null) => 0,
        (null, _) => double.PositiveInfinity,
        (_, null) => double.NegativeInfinity,
        var (days, truth) => (days.Value - truth.Value) / truth.Value,
    };

    /// <summary>Between 0 and 1: beyond that, wrong is wrong.</summary>
    public double Capped => Math.Min(1, Math.Abs(Error));

    public static ForecastError OfOurs(SimulatedCase data) => data.Ours() switch
    {
        StorageForecast.Growing growing => new ForecastError(
            growing.DaysToFull.Likely >= DaysToFull.Furthest ? null : growing.DaysToFull.Likely, data.Truth(), growing.Doubts.Count > 0),
        StorageForecast.NotGrowing flat => new ForecastError(null, data.Truth(), flat.Doubts.Count > 0),
        StorageForecast.Unknown unknown => throw new InvalidOperationException($"{data.Name}: {unknown.Why}"),
        _ => throw new InvalidOperationException("No such forecast."),
    };
}
