namespace Automation.Lab.Soak;

/// <summary>What became of one invariant.</summary>
/// <param name="Invariant">Its number and name.</param>
/// <param name="Shown">On what it was checked, class by class: a hundred snapshots say nothing about failovers.</param>
/// <param name="Violations">A sentence each.</param>
internal sealed record Verdict(string Invariant, IReadOnlyList<Shown> Shown, IReadOnlyList<string> Violations)
{
    /// <summary>Classes that every soak has and this one had not: what says nothing does not hold.</summary>
    public IEnumerable<string> Missing => Shown.Where(of => of is { Count: 0, MayBeAbsent: false }).Select(of => of.What);

    public bool Holds => Violations.Count == 0 && !Missing.Any() && Shown.Any(of => of.Count > 0);
}
