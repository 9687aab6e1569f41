using Automation.Lab.Incidents;
using Automation.Storage.Forecast;

namespace Automation.Benchmarks.Storage;

/// <summary>Forecasting so many databases: times in milliseconds, for all of them together.</summary>
internal sealed record FleetFigures(int Databases)
{
    public Samples All { get; } = new();

    /// <summary>Asking, and reading the answers.</summary>
    public Samples Reading { get; } = new();

    /// <summary>The rules.</summary>
    public Samples Forecasting { get; } = new();

    /// <summary>GetMetricData requests; the same in every round.</summary>
    public int Requests { get; set; }
}

/// <summary>From the fewest databases to the most.</summary>
internal sealed record FleetComparison(IReadOnlyList<FleetFigures> Sizes)
{
    private const double MostGrowth = 1.5;

    /// <summary>Time of one database, in times of that among the fewest.</summary>
    public double Growth(FleetFigures size) => size.All.Median / size.Databases / (Sizes[0].All.Median / Sizes[0].Databases);

    public IEnumerable<Check> Aims
    {
        get
        {
            var many = Sizes[^1];
            // A page has 100,800 points, and every page is a request.
            var least = (int)Math.Ceiling(many.Databases * ForecastRules.History.TotalHours / MetricBatches.MostPoints);
            yield return new Check(Figures.Text($"{many.Databases:N0} databases are read with as few GetMetricData requests as there can be"),
                many.Requests == least, Figures.Text($"{many.Requests} of {least}"));
            yield return new Check("forecasting grows linearly with the databases",
                Growth(many) <= MostGrowth, Figures.Text($"one of {many.Databases:N0} takes {Growth(many):0.00} times as long as one of {Sizes[0].Databases:N0}"));
        }
    }
}
