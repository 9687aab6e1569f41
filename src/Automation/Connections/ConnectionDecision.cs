using Automation.Outcomes;

namespace Automation.Connections;

/// <summary>What <see cref="ConnectionRules.Decide"/> can answer.</summary>
internal abstract record ConnectionDecision
{
    private ConnectionDecision()
    {
    }

    /// <summary>Usage is at or under the target.</summary>
    public sealed record NothingToDo(string Reason, string Sentence) : ConnectionDecision;

    /// <summary>A guard said no.</summary>
    public sealed record Refuse(string Reason, string Sentence, Severity Severity) : ConnectionDecision;

    /// <summary>End these sessions, in this order, and stop when usage is at the target.</summary>
    /// <param name="Victims">In order; never empty.</param>
    /// <param name="TargetSlots">Used slots at which to stop.</param>
    /// <param name="Escalated">Groups left alone because this would be their third incident within a day.</param>
    public sealed record Terminate(IReadOnlyList<Victim> Victims, int TargetSlots, IReadOnlyList<RecurringGroup> Escalated)
        : ConnectionDecision;
}

/// <summary>A session to end, and why this one.</summary>
/// <param name="Session">As measured; the kill is refused when it changed since.</param>
/// <param name="Why">A few words a person understands.</param>
/// <param name="MinimumAge">How long it must have been in its state; checked again by the server's clock at the kill.</param>
/// <param name="Blocks">Sessions that wait for it, directly or through others.</param>
/// <param name="Held">How long it had been in its state when measured.</param>
internal sealed record Victim(Session Session, string Why, TimeSpan MinimumAge, int Blocks, TimeSpan Held);

/// <summary>A role and application whose sessions were ended in earlier incidents of the day.</summary>
internal sealed record RecurringGroup(string Role, string Application, int EarlierIncidents);
