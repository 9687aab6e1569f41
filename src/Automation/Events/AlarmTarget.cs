namespace Automation.Events;

/// <summary>The database an alarm is about, or why there is none to look at.</summary>
internal abstract record AlarmTarget
{
    private AlarmTarget()
    {
    }

    /// <param name="Id">Instance identifier, in lower case as RDS stores it.</param>
    internal sealed record Instance(string Id) : AlarmTarget;

    /// <param name="Id">Cluster identifier, in lower case; its writer is meant.</param>
    internal sealed record Cluster(string Id) : AlarmTarget;

    /// <summary>The alarm went to another state: nothing to do.</summary>
    internal sealed record NotInAlarm(string State) : AlarmTarget;

    /// <param name="Reason">One of the codes of <see cref="AlarmTargetRules"/>.</param>
    /// <param name="Sentence">What a person should know, on one line.</param>
    internal sealed record Refused(string Reason, string Sentence) : AlarmTarget;
}
