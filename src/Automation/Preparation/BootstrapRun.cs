namespace Automation.Preparation;

/// <summary>What running the script came to, in its transaction.</summary>
internal abstract record BootstrapRun
{
    private BootstrapRun()
    {
    }

    /// <param name="Steps">What it changed (<see cref="PlanRules.Steps"/>).</param>
    /// <param name="Messages">What it said: its warnings and notices, with their hints.</param>
    public sealed record Ran(IReadOnlyList<string> Steps, IReadOnlyList<string> Messages) : BootstrapRun
    {
        /// <summary>Whether it makes the role one that logs in by IAM.</summary>
        public bool GrantsIam => Steps.Any(step => step.StartsWith("grant rds_iam to ", StringComparison.Ordinal));

        /// <summary>Records compare lists by reference.</summary>
        public bool IsSame(Ran other) => Steps.SequenceEqual(other.Steps, StringComparer.Ordinal);
    }

    /// <summary>The script, or the server, said no. Its own words hold names and no secret.</summary>
    public sealed record Refused(string SqlState, string Message, string? Hint) : BootstrapRun;
}
