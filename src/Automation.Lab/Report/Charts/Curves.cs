using System.Globalization;
using System.Text;

namespace Automation.Lab.Report.Charts;

/// <summary>A chart's frame, and series as paths in it.</summary>
internal sealed class Curves(Canvas canvas)
{
    public void Frame(string name, string unit, double top, double height, ValueAxis scale, Func<double, string> write)
    {
        canvas.Page.Add($"<text class=\"lane\" x=\"0\" y=\"{top + 11:0}\">{name}</text><text class=\"unit\" x=\"0\" y=\"{top + 26:0}\">{unit}</text>");
        foreach (var value in scale.Ticks)
        {
            var y = top + (scale.Down(value) * height);
            canvas.Page.Add($"<path class=\"{(value == 0 ? "base" : "grid")}\" d=\"M{Canvas.Left} {y:0.#}H{Canvas.Right}\"/><text class=\"value\" x=\"{Canvas.Left - 8}\" y=\"{y + 4:0.#}\">{write(value)}</text>");
        }
    }

    /// <summary>What the page's script shows of a series where the pointer is.</summary>
    public void Data(string database, string name, RunSeries series, IReadOnlyList<int> kept, Func<double, string> write)
    {
        var text = new StringBuilder();
        foreach (var n in kept)
        {
            if (At(series, n) is not { Value: { } value } point) continue;
            text.Append(CultureInfo.InvariantCulture, $"{(point.At - canvas.Record.StartedAt).TotalSeconds:0.##}={write(value)};");
        }
        canvas.Page.Add($"<g class=\"data\" data-name=\"{database}: {name}\" data-points=\"{text.ToString()}\"/>");
    }

    /// <summary>A closed shape on top of <paramref name="below"/>, to which it is added. A gap ends the shape and begins another.</summary>
    public string Area(RunSeries series, IReadOnlyList<int> kept, double[] below, Func<double, double> y)
    {
        var (path, run) = (new StringBuilder(), new List<(double X, double Low, double High)>());
        for (var i = 0; i < kept.Count; i++)
        {
            if (At(series, kept[i]) is { Value: { } value } point)
            {
                run.Add((canvas.Axis.X(point.At), below[i], below[i] + value));
                below[i] += value;
            }
            else Close();
        }
        Close();
        return path.ToString();

        void Close()
        {
            if (run.Count == 1) run.Add(run[0] with { X = run[0].X + 1 });
            for (var n = 0; n < run.Count; n++) path.Append(CultureInfo.InvariantCulture, $"{(n == 0 ? 'M' : 'L')}{run[n].X:0.#} {y(run[n].High):0.#}");
            for (var n = run.Count - 1; n >= 0; n--) path.Append(CultureInfo.InvariantCulture, $"L{run[n].X:0.#} {y(run[n].Low):0.#}");
            if (run.Count > 0) path.Append('Z');
            run.Clear();
        }
    }

    public string Line(RunSeries series, IReadOnlyList<int> kept, Func<double, double> y)
    {
        var (path, up) = (new StringBuilder(), true);
        foreach (var n in kept)
        {
            if (At(series, n) is { Value: { } value } point)
            {
                path.Append(CultureInfo.InvariantCulture, $"{(up ? 'M' : 'L')}{canvas.Axis.X(point.At):0.#} {y(value):0.#}");
                up = false;
            }
            else up = true;
        }
        return path.ToString();
    }

    public static RunPoint? At(RunSeries series, int n) => n < series.Points.Count ? series.Points[n] : null;
}
