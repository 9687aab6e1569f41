using Automation.Lab.Incidents;

namespace Automation.Benchmarks.Scale;

/// <summary>One function over a fleet of one size. Times in milliseconds.</summary>
/// <param name="Run">What is measured.</param>
/// <param name="Databases">How many there are, all of them opted in.</param>
internal sealed record ScaleFigures(ScaleRun Run, int Databases)
{
    /// <summary>The first run of the process, as each is that a schedule sets off once a day; without its start, as the time limit is.</summary>
    public TimeSpan Cold { get; set; }

    /// <summary>Of a warm process.</summary>
    public Samples Answer { get; } = new();

    /// <summary>Of a bare program that lists what the function lists, in the same turn.</summary>
    public Samples Baseline { get; } = new();

    /// <summary>Of the process after all its runs.</summary>
    public int PeakMB { get; set; }

    /// <summary>Requests of one run, by action.</summary>
    public IReadOnlyDictionary<string, int> Calls { get; set; } = new Dictionary<string, int>();

    public int AllCalls => Calls.Values.Sum();
}

/// <summary>All runs at all sizes, the fewest databases first.</summary>
internal sealed record ScaleComparison(IReadOnlyList<ScaleFigures> Figures)
{
    private const int MostMB = 512;

    public IEnumerable<Check> Aims
    {
        get
        {
            var most = Figures.Max(one => one.Databases);
            foreach (var one in Figures.Where(figure => figure.Databases == most))
            {
                var longest = Math.Max(one.Cold.TotalMilliseconds, one.Answer.Max);
                yield return new Check(Benchmarks.Figures.Text($"{one.Run.Name}: {most:N0} databases within its time limit and {MostMB} MB"),
                    longest < one.Run.Timeout.TotalMilliseconds && one.PeakMB < MostMB,
                    Benchmarks.Figures.Text($"{longest / 1000:0.0} s of {one.Run.Timeout.TotalSeconds:0}, {one.PeakMB} MB"));
            }
            foreach (var run in Figures.GroupBy(one => one.Run))
            {
                var wrong = run.Where(one => one.AllCalls != run.Key.Formula.Calls(one.Databases)).Select(one => Benchmarks.Figures.Text($"{one.AllCalls} instead of {run.Key.Formula.Calls(one.Databases)} for {one.Databases:N0}"));
                yield return new Check($"{run.Key.Name}: calls are {run.Key.Formula.Text}", !wrong.Any(), wrong.Any() ? string.Join("; ", wrong) : string.Join(", ", run.Select(one => one.AllCalls)));
            }
        }
    }
}
