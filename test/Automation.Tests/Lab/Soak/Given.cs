using Automation.Lab.Soak;

namespace Automation.Tests.Lab.Soak;

/// <summary>Records of a soak, as the invariants judge them.</summary>
internal static class Given
{
    public static readonly DateTimeOffset Now = new(2026, 1, 14, 3, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset At(double seconds) => Now.AddSeconds(seconds);

    public static MutatingCall Call(string action, string key, double at, bool tookEffect = true) => new(At(at), "A" + action, action, key, tookEffect);

    public static ActionWritten Record(string action, string key, double at, string incident = "an alarm", string request = "r-1", bool? lived = null) => new()
    {
        At = At(at),
        AnsweredAt = At(at + 0.1),
        Action = action,
        Key = key,
        Database = "orders",
        Incident = incident,
        RequestId = request,
        TargetLived = lived,
    };

    public static InvocationSeen Invocation(string request, bool succeeded = true, bool logged = true, params OutcomeSeen[] outcomes) => new()
    {
        Function = "AFunction",
        RequestId = request,
        Succeeded = succeeded,
        FailureIsLogged = logged,
        Outcomes = outcomes,
    };

    public static StormSession Session(string key, bool isProtected, bool lived) => new("orders", key, "a session", isProtected, lived);

    public static ShelfSnapshot Snapshot(string id, double hoursAgo, bool available = true, bool held = false) => new(id, "orders", Now.AddHours(-hoursAgo), available, held);
}
