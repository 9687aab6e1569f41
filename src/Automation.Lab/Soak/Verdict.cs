namespace Automation.Lab.Soak;

/// <summary>What became of one invariant.</summary>
/// <param name="Invariant">Its number and name.</param>
/// <param name="Checked">On how many things it was checked.</param>
/// <param name="Violations">A sentence each.</param>
internal sealed record Verdict(string Invariant, int Checked, IReadOnlyList<string> Violations)
{
    /// <summary>One that was checked on nothing says nothing.</summary>
    public bool Holds => Violations.Count == 0 && Checked > 0;
}
