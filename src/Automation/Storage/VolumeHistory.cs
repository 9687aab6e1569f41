using Automation.Storage.Forecast;

namespace Automation.Storage;

/// <summary>One series, and when the size behind it changed.</summary>
/// <param name="Hours">By the hour, over <see cref="ForecastRules.History"/>.</param>
/// <param name="Minutes">By the minute, over the last hours.</param>
/// <param name="Resizes">Of an instance, as RDS's events tell.</param>
/// <param name="Faults">Why readings may be missing, in sentences.</param>
internal sealed record VolumeHistory(IReadOnlyList<Reading> Hours, IReadOnlyList<Reading> Minutes, IReadOnlyList<Resize> Resizes, IReadOnlyList<string> Faults);
