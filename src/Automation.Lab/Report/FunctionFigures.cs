namespace Automation.Lab.Report;

/// <summary>The lowest, the median and the highest of some figures.</summary>
internal readonly record struct Spread(TimeSpan Lowest, TimeSpan Median, TimeSpan Highest)
{
    /// <returns><c>null</c> of nothing.</returns>
    public static Spread? Of(IEnumerable<TimeSpan> figures)
    {
        var sorted = figures.Order().ToList();
        if (sorted.Count == 0) return null;
        var middle = sorted.Count / 2;
        return new Spread(sorted[0], sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2, sorted[^1]);
    }
}

/// <summary>What the invocations of one function cost. Pure.</summary>
internal sealed record FunctionFigures
{
    public required string Function { get; init; }

    public required int Invocations { get; init; }

    public required int Failures { get; init; }

    public required int ColdStarts { get; init; }

    /// <summary>Of the cold starts; <c>null</c> when there was none.</summary>
    public required Spread? Init { get; init; }

    public required Spread Run { get; init; }

    public required TimeSpan Billed { get; init; }

    /// <summary>The highest peak; 0 when nobody could look.</summary>
    public required int MemoryMB { get; init; }

    public required int MemoryLimitMB { get; init; }

    /// <summary>By function, in alphabetical order.</summary>
    public static IReadOnlyList<FunctionFigures> Of(IEnumerable<RunInvocation> invocations) =>
    [
        .. from invocation in invocations
           group invocation by invocation.Function into function
           orderby function.Key
           select new FunctionFigures
           {
               Function = function.Key,
               Invocations = function.Count(),
               Failures = function.Count(one => one.Error is not null),
               ColdStarts = function.Count(one => one.Init is not null),
               Init = Spread.Of(function.Select(one => one.Init).OfType<TimeSpan>()),
               Run = Spread.Of(function.Select(one => one.Run))!.Value,
               Billed = TimeSpan.FromTicks(function.Sum(one => one.Billed.Ticks)),
               MemoryMB = function.Max(one => one.MemoryMB),
               MemoryLimitMB = function.Max(one => one.MemoryLimitMB),
           },
    ];
}
