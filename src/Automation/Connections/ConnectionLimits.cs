namespace Automation.Connections;

/// <summary>The blast radius, besides the tag's <c>max</c>. Not configurable: whoever needs more needs a person.</summary>
internal static class ConnectionLimits
{
    /// <summary>Terminations of one database within <see cref="BudgetWindow"/>.</summary>
    public const int PerWindow = 20;

    public static readonly TimeSpan BudgetWindow = TimeSpan.FromHours(1);

    /// <summary>Of the sessions in use, at most this share in one run.</summary>
    public const decimal ShareOfUsed = 0.20m;

    /// <summary>The incident of one (role, application) that is escalated instead of fought, counted within <see cref="RecurrenceWindow"/>.</summary>
    public const int EscalatedIncident = 3;

    public static readonly TimeSpan RecurrenceWindow = TimeSpan.FromHours(24);

    /// <summary>
    /// Who can only roll back may be about to: left alone this long, or for the policy's idle-in-transaction limit where that is
    /// shorter.
    /// </summary>
    public static readonly TimeSpan AbortedGrace = TimeSpan.FromSeconds(10);
}
