using Automation.Outcomes;

namespace Automation.Events;

/// <summary>What a function that works on a schedule is asked for.</summary>
internal abstract record ScheduleRequest
{
    private ScheduleRequest()
    {
    }

    /// <summary>A schedule: every database.</summary>
    /// <param name="EventId">EventBridge's; the same when the event is delivered twice.</param>
    public sealed record Everything(string EventId) : ScheduleRequest;

    /// <summary>A person, or a schedule with an input of its own.</summary>
    /// <param name="Id">Identifier of an instance or cluster.</param>
    /// <param name="Mode">Weakens the function's mode.</param>
    public sealed record OneDatabase(string Id, Mode Mode) : ScheduleRequest;
}
