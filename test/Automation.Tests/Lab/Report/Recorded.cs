using System.Text.Json;
using Automation.Lab.Report;

namespace Automation.Tests.Lab.Report;

/// <summary>Records of runs that never were.</summary>
internal static class Recorded
{
    public static DateTimeOffset Start { get; } = new(2026, 3, 14, 2, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset At(double seconds) => Start + TimeSpan.FromSeconds(seconds);

    public static RunRecord Empty { get; } = new() { StartedAt = Start, EndedAt = Start };

    /// <summary>A night with one of everything.</summary>
    public static RunRecord Night { get; } = new()
    {
        StartedAt = Start,
        EndedAt = At(60),
        Seed = 7,
        Options = [new RunOption("PostgreSQL", "17.5")],
        Series =
        [
            Series(Measure.Active, n => 3 + (n % 4)), Series(Measure.Idle, n => n is > 100 and < 160 ? 90 : 5), Series(Measure.Slots, _ => 100),
            Series(Measure.Free, n => (8 - (n / 40d)) * (1L << 30)), Series(Measure.Allocated, _ => 40d * (1L << 30)),
            Series(Measure.LoggedIn, _ => 4), Series(Measure.LoginsRefused, n => n is > 100 and < 160 ? 3 : 0),
        ],
        Probes = [new RunProbe("orders", [.. Enumerable.Range(0, 120).Select(n => new RunAttempt(At(n / 2d), TimeSpan.FromMilliseconds(12), n is < 50 or > 80, n is < 50 or > 80, n is < 50 or > 80 ? null : "53300"))])],
        Outages = [new RunOutage("orders", "writer", At(20), At(22.1), [2031, 2044])],
        Moments =
        [
            Moment(20, MomentKind.Event, "RDS-EVENT-0013"), Moment(20.5, MomentKind.Function, "RelieveConnections"), Moment(21, MomentKind.Decision, "acted: relieved"),
            Moment(21, MomentKind.Action, "5 sessions ended"), Moment(22, MomentKind.Message, "orders: 93 -> 88 of 95 slots"),
        ],
        Decisions = [Decision("acted", "relieved", """{"used":93,"sessions":[{"pid":4711,"application":"checkout"}],"nested":{"deep":[1,2,3]},"none":[],"yes":true}""")],
        Invocations = [Invocation(300, 120), Invocation(null, 40), Invocation(null, 80)],
        Messages = [new RunMessage { At = At(22), Topic = "notifications", Subject = "orders: 93 -> 88 of 95 slots", Text = "First line\nSecond line", Severity = "warning" }],
        Chapters = [Chapter(new RunCheck(At(30), Phase.Proof, "a new login succeeds after", true, "it is in"))],
        Changes = [new RunCall(At(20), "automation", "rds", "RebootDBInstance", "DBInstanceIdentifier=orders", 200)],
    };

    public static RunSeries Series(Measure measure, Func<int, double?> value) =>
        new("orders", measure, [.. Enumerable.Range(0, 240).Select(n => new RunPoint(At(n / 4d), value(n)))]);

    public static RunMoment Moment(double seconds, MomentKind kind, string label) => new() { At = At(seconds), Kind = kind, Label = label, Text = $"what {label} means" };

    public static RunDecision Decision(string decision, string reason, string facts) => new()
    {
        At = At(21),
        Function = "RelieveConnections",
        Capability = "connections",
        Mode = "act",
        Database = "orders",
        Decision = decision,
        Reason = reason,
        Summary = "Ended 5 of 93 sessions.",
        Facts = JsonElement.Parse(facts),
    };

    public static RunChapter Chapter(params RunTold[] told) =>
        new() { At = Start, To = At(60), Title = "a connection storm", When = "Night", About = "What is at stake.", Told = told };

    private static RunInvocation Invocation(double? initMs, double runMs) => new()
    {
        At = At(21),
        Function = "RelieveConnections",
        Init = initMs is { } init ? TimeSpan.FromMilliseconds(init) : null,
        Run = TimeSpan.FromMilliseconds(runMs),
        Billed = TimeSpan.FromMilliseconds(runMs + (initMs ?? 0)),
        MemoryMB = 97,
        MemoryLimitMB = 512,
    };
}
