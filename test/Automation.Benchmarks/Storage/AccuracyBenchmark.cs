using Automation.Lab.Incidents;
using Automation.Tests.Storage.Forecast.Accuracy;

namespace Automation.Benchmarks.Storage;

/// <summary>The forecast of storage against what others do, on histories whose future is known. No time is measured.</summary>
internal static class AccuracyBenchmark
{
    private const int Seed = 1;

    public static AccuracyFigures Run() => new([.. SimulatedCases.All(Seed).Select(data => new AccuracyRow(
        data.Name, data.Truth(), ForecastError.OfOurs(data), [.. Rivals.All.Select(rival => new ForecastError(rival.Days(data), data.Truth(), false))]))]);
}

/// <summary>One history.</summary>
/// <param name="Name">Of the case.</param>
/// <param name="Truth">Days until full; <c>null</c> for never.</param>
/// <param name="Ours">Error of the forecast.</param>
/// <param name="Rivals">Errors of the others, in their order.</param>
internal sealed record AccuracyRow(string Name, double? Truth, ForecastError Ours, IReadOnlyList<ForecastError> Rivals);

internal sealed record AccuracyFigures(IReadOnlyList<AccuracyRow> Rows)
{
    private const double Promised = 0.25;

    public IEnumerable<Check> Aims
    {
        get
        {
            var wrong = Rows.Where(row => Math.Abs(row.Ours.Error) > Promised && !row.Ours.Doubted).Select(row => row.Name).ToList();
            yield return new Check("every forecast is within 25% of the truth, or says that it is not certain", wrong.Count == 0,
                wrong.Count == 0 ? Figures.Text($"{Rows.Count} cases") : string.Join(", ", wrong));
            var (ours, best) = (Rows.Sum(row => row.Ours.Capped), Enumerable.Range(0, Rivals.All.Count).Min(rival => Rows.Sum(row => row.Rivals[rival].Capped)));
            yield return new Check("the errors of all cases are less than those of every other method", ours < best, Figures.Text($"{ours:0.0} against {best:0.0} at best"));
        }
    }
}
