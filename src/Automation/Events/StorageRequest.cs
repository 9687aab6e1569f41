using Automation.Outcomes;

namespace Automation.Events;

/// <summary>What GrowStorage is asked for.</summary>
internal abstract record StorageRequest
{
    private StorageRequest()
    {
    }

    /// <summary>An alarm on free storage changed its state.</summary>
    public sealed record Alarmed(AlarmStateChange Alarm) : StorageRequest;

    /// <summary>RDS says that the storage of an instance is low or used up.</summary>
    /// <param name="Id">Identifier of the instance.</param>
    /// <param name="Account">Of the event.</param>
    /// <param name="At">When it happened.</param>
    /// <param name="Code">As <c>RDS-EVENT-0089</c>.</param>
    /// <param name="EventId">EventBridge's; the same when the event is delivered twice.</param>
    public sealed record Low(string Id, string Account, DateTimeOffset At, string Code, string EventId) : StorageRequest;

    /// <summary>A schedule: whatever is nearly full by now.</summary>
    /// <param name="EventId">EventBridge's; the same when the event is delivered twice.</param>
    public sealed record Everything(string EventId) : StorageRequest;

    /// <summary>A person.</summary>
    /// <param name="Id">Identifier of an instance.</param>
    /// <param name="Mode">Weakens the function's mode.</param>
    public sealed record OneDatabase(string Id, Mode Mode) : StorageRequest;
}
