namespace Automation.Benchmarks.Scale;

/// <summary>A function with what sets it off.</summary>
/// <param name="Name">For people.</param>
/// <param name="Function">Its logical id in the template.</param>
/// <param name="Event">Of <c>events/</c>.</param>
/// <param name="IsDue">Whether it finds every database's snapshot missing.</param>
/// <param name="Timeout">As the template has it.</param>
/// <param name="Formula">How many calls it makes to the AWS API.</param>
internal sealed record ScaleRun(string Name, string Function, string Event, bool IsDue, TimeSpan Timeout, CallFormula Formula);

/// <summary>Calls to the AWS API for a number of databases.</summary>
/// <param name="Text">For people: <c>n</c> databases, ⌈⌉ rounds up.</param>
/// <param name="Calls">The same.</param>
internal sealed record CallFormula(string Text, Func<int, int> Calls);
