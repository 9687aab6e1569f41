namespace Automation.Storage.Forecast;

/// <summary>Days until a capacity is used up; 0 when it is.</summary>
/// <param name="Low">The soonest.</param>
/// <param name="Likely">Between the two.</param>
/// <param name="High">The latest.</param>
internal readonly record struct DaysToFull(double Low, double Likely, double High)
{
    /// <summary>Three years: so far away, or never. Two weeks tell nothing about later. A finite number, as JSON has no other.</summary>
    public const double Furthest = 3 * 365;
}
