using Automation.Lab.Soak;

namespace Automation.Tests.Lab.Soak;

/// <summary>Records of a soak, as the invariants judge them.</summary>
internal static class Given
{
    public static readonly DateTimeOffset Now = new(2026, 1, 14, 3, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset At(double seconds) => Now.AddSeconds(seconds);

    public static MutatingCall Call(string action, string key, double at, bool tookEffect = true, string database = "orders") =>
        new(At(at), "A" + action, action, key, tookEffect) { AnsweredAt = At(at + 0.1), Database = database };

    public static ActionWritten Record(string action, string key, double at, string incident = "an alarm", string request = "r-1", bool? untouched = null) => new()
    {
        At = At(at),
        AnsweredAt = At(at + 0.1),
        Action = action,
        Key = key,
        Database = "orders",
        Incident = incident,
        RequestId = request,
        Untouched = untouched,
        SetsPassword = action == "change-secret",
    };

    public static InvocationSeen Invocation(string request, bool succeeded = true, bool logged = true, params OutcomeSeen[] outcomes) => new()
    {
        BegunAt = At(0),
        EndedAt = At(1),
        Function = "AFunction",
        RequestId = request,
        Succeeded = succeeded,
        FailureIsLogged = logged,
        Outcomes = outcomes,
    };

    public static StormSession Session(string key, bool isProtected, bool lived) => new("orders", key, "a session", isProtected, lived);

    public static LoginSeen Login(double from, double to, bool gotIn = false) => new("orders", At(from), At(to), gotIn, WrongPassword: !gotIn);

    public static ShelfSnapshot Snapshot(string id, double hoursAgo, bool available = true, bool held = false) => new(id, "orders", Now.AddHours(-hoursAgo), available, held);
}
