namespace Automation.Storage.Forecast;

/// <summary>A point of a metric.</summary>
/// <param name="At">Start of the period it stands for, as CloudWatch stamps it.</param>
/// <param name="Bytes">The average of that period.</param>
internal readonly record struct Reading(DateTimeOffset At, double Bytes);
