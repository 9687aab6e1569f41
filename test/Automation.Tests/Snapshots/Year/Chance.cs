namespace Automation.Tests.Snapshots.Year;

/// <summary>
/// Luck that depends on a seed and on what it is asked about, never on the order of questions: runs with several workers are
/// repeatable, and the same snapshot fails in two years that differ in their events only.
/// </summary>
internal sealed class Chance(int seed)
{
    /// <summary>From 0 up to, not including, 1; the same for the same question.</summary>
    public double Of(string what, long number = 0)
    {
        // FNV-1a, then the finish of xorshift-multiply (splitmix64).
        var hash = 14695981039346656037UL ^ (ulong)(uint)seed * 0x9E3779B97F4A7C15UL;
        foreach (var c in what) hash = (hash ^ c) * 1099511628211UL;
        hash = (hash ^ (ulong)number) * 1099511628211UL;
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9UL;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EBUL;
        return ((hash ^ (hash >> 31)) >> 11) * (1.0 / (1UL << 53));
    }

    public bool Hits(double probability, string what, long number = 0) => Of(what, number) < probability;

    public TimeSpan Between(TimeSpan least, TimeSpan most, string what, long number = 0) => least + (most - least) * Of(what, number);
}
