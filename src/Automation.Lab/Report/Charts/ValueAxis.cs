namespace Automation.Lab.Report.Charts;

/// <summary>From 0 to a round value that is not below the highest. Pure.</summary>
/// <param name="Top">The round value.</param>
/// <param name="Step">Between two lines.</param>
internal readonly record struct ValueAxis(double Top, double Step)
{
    /// <param name="highest">Of what is drawn; nothing, or less than nothing, gives an axis to 1.</param>
    /// <param name="lines">About how many lines.</param>
    public static ValueAxis Of(double highest, int lines = 3)
    {
        if (!(highest > 0) || double.IsInfinity(highest)) return new ValueAxis(1, 1);
        var rough = highest / lines;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = new[] { 1, 2, 2.5, 5, 10 }.First(factor => factor * power >= rough * 0.999) * power;
        return new ValueAxis(Math.Ceiling(Math.Round(highest / step, 6)) * step, step);
    }

    /// <summary>How far down from the top a value lies: 0 at the top, 1 at zero.</summary>
    public double Down(double value) => 1 - Math.Clamp(value / Top, 0, 1);

    public IEnumerable<double> Ticks
    {
        get
        {
            for (var n = 0; n * Step <= Top * 1.001; n++) yield return n * Step;
        }
    }
}
