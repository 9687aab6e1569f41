namespace Automation.Storage.Forecast;

/// <summary>A figure with its range.</summary>
/// <param name="Low">The least it may be.</param>
/// <param name="Likely">Between the two.</param>
/// <param name="High">The most it may be.</param>
internal readonly record struct Estimate(double Low, double Likely, double High);
