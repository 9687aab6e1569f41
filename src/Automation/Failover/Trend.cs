namespace Automation.Failover;

/// <summary>The write downtime of this test among the earlier ones that had a verdict.</summary>
/// <param name="Runs">How many, this one included.</param>
/// <param name="Least">The least of them.</param>
/// <param name="Median">Of an even number the higher of the middle two.</param>
/// <param name="Most">The most of them.</param>
/// <param name="GotWorse">This one is worse than what was usual, by more than can be noise.</param>
internal sealed record Trend(int Runs, TimeSpan Least, TimeSpan Median, TimeSpan Most, bool GotWorse);
