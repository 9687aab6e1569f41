namespace Automation.Benchmarks;

/// <summary>Figures of one kind from several runs. The median, because a busy machine only ever adds.</summary>
internal sealed class Samples
{
    private readonly List<double> values = [];

    public int Count => values.Count;

    public double Min => values.Min();

    public double Max => values.Max();

    public double Median
    {
        get
        {
            var sorted = values.Order().ToList();
            return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
        }
    }

    /// <summary>The smallest value that so large a share of all does not exceed.</summary>
    public double At(double share) => values.Order().ElementAt(Math.Max(0, (int)Math.Ceiling(share * values.Count) - 1));

    public void Add(double value) => values.Add(value);

    public void Add(TimeSpan value) => values.Add(value.TotalMilliseconds);
}
