namespace Automation.Storage.Forecast;

/// <summary>What CloudWatch has of one series.</summary>
/// <param name="Readings">In no order; empty when there are none, which is not the same as zeros.</param>
/// <param name="Fault">Why points may be missing, a sentence; <c>null</c> when CloudWatch says that these are all.</param>
internal sealed record MetricPoints(IReadOnlyList<Reading> Readings, string? Fault);
