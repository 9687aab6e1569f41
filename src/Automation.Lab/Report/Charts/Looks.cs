namespace Automation.Lab.Report.Charts;

/// <summary>Words and style classes of what is drawn; the classes are those of <see cref="Html.PageStyle"/>.</summary>
internal static class Looks
{
    private const double GiB = 1L << 30;

    /// <summary>The stack of sessions, lowest first.</summary>
    public static IReadOnlyList<(Measure Measure, string Name, string Style)> Sessions { get; } =
    [
        (Measure.Active, "active", "s-active"),
        (Measure.IdleInTransaction, "idle in transaction", "s-intx"),
        (Measure.Idle, "idle", "s-idle"),
        (Measure.OtherSessions, "replication", "s-other"),
    ];

    public static IReadOnlyList<(Measure Measure, string Name, string Style)> Logins { get; } =
    [
        (Measure.LoggedIn, "logged in", "s-in"),
        (Measure.LoginsRefused, "refused", "s-refused"),
    ];

    public static string Row(MomentKind kind) => kind switch
    {
        MomentKind.Event => "events came",
        MomentKind.Function => "functions ran",
        MomentKind.Decision => "decisions",
        MomentKind.Action => "actions taken",
        MomentKind.Message => "people told",
        MomentKind.Check => "checks",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such kind"),
    };

    public static string Style(MomentKind kind) => kind switch
    {
        MomentKind.Event => "m-event",
        MomentKind.Function => "m-function",
        MomentKind.Decision => "m-decision",
        MomentKind.Action => "m-action",
        MomentKind.Message => "m-message",
        MomentKind.Check => "m-check",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such kind"),
    };

    public static string Style(Weight weight) => weight switch
    {
        Weight.Plain => "",
        Weight.Faint => " faint",
        Weight.Held => " held",
        Weight.Bad => " bad",
        _ => throw new ArgumentOutOfRangeException(nameof(weight), weight, "no such weight"),
    };

    public static string Gibibytes(double bytes) => FormattableString.Invariant($"{bytes / GiB:0.#} GiB");

    /// <summary>A duration with as much precision as a person reads.</summary>
    public static string Span(TimeSpan span) => span.TotalSeconds switch
    {
        < 0.0095 => FormattableString.Invariant($"{span.TotalMilliseconds:0.0} ms"),
        < 1 => FormattableString.Invariant($"{span.TotalMilliseconds:0} ms"),
        < 100 => FormattableString.Invariant($"{span.TotalSeconds:0.0} s"),
        _ => FormattableString.Invariant($"{(int)span.TotalMinutes} min {span.Seconds} s"),
    };

    /// <summary>A time of the run, as the timeline writes it, with tenths.</summary>
    public static string Clock(RunRecord record, DateTimeOffset at) => TimeAxis.Label((at - record.StartedAt).TotalSeconds, 0.1);
}
