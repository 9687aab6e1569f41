using Automation.Secrets;

namespace Automation.Tests.Secrets.Rules;

/// <summary>
/// What setSecret does, for everything that four logins can prove. Each cell has the logins that are asked, in order, and
/// the action: <c>change</c>, <c>already-set</c>, <c>wait</c> (for the login asked last) or the reason to abandon.
/// </summary>
internal static class SetRulesTable
{
    // C P V A: the current, the pending and the previous version, the administrator. + logs in, - is refused, ? unavailable.
    private const string Text = """
        C P V A | single user            | administrator             | alternating users
        + + + + | C change               | CA change                 | CP already-set
        + + + - | C change               | CA administrator-refused  | CP already-set
        + + + ? | C change               | CA wait                   | CP already-set
        + + - + | C change               | CA change                 | CP already-set
        + + - - | C change               | CA administrator-refused  | CP already-set
        + + - ? | C change               | CA wait                   | CP already-set
        + + ? + | C change               | CA change                 | CP already-set
        + + ? - | C change               | CA administrator-refused  | CP already-set
        + + ? ? | C change               | CA wait                   | CP already-set
        + - + + | C change               | CA change                 | CPA change
        + - + - | C change               | CA administrator-refused  | CPA administrator-refused
        + - + ? | C change               | CA wait                   | CPA wait
        + - - + | C change               | CA change                 | CPA change
        + - - - | C change               | CA administrator-refused  | CPA administrator-refused
        + - - ? | C change               | CA wait                   | CPA wait
        + - ? + | C change               | CA change                 | CPA change
        + - ? - | C change               | CA administrator-refused  | CPA administrator-refused
        + - ? ? | C change               | CA wait                   | CPA wait
        + ? + + | C change               | CA change                 | CP wait
        + ? + - | C change               | CA administrator-refused  | CP wait
        + ? + ? | C change               | CA wait                   | CP wait
        + ? - + | C change               | CA change                 | CP wait
        + ? - - | C change               | CA administrator-refused  | CP wait
        + ? - ? | C change               | CA wait                   | CP wait
        + ? ? + | C change               | CA change                 | CP wait
        + ? ? - | C change               | CA administrator-refused  | CP wait
        + ? ? ? | C change               | CA wait                   | CP wait
        - + + + | CP already-set         | CP already-set            | CP already-set
        - + + - | CP already-set         | CP already-set            | CP already-set
        - + + ? | CP already-set         | CP already-set            | CP already-set
        - + - + | CP already-set         | CP already-set            | CP already-set
        - + - - | CP already-set         | CP already-set            | CP already-set
        - + - ? | CP already-set         | CP already-set            | CP already-set
        - + ? + | CP already-set         | CP already-set            | CP already-set
        - + ? - | CP already-set         | CP already-set            | CP already-set
        - + ? ? | CP already-set         | CP already-set            | CP already-set
        - - + + | CPV previous-logs-in   | CPV previous-logs-in      | CP current-refused
        - - + - | CPV previous-logs-in   | CPV previous-logs-in      | CP current-refused
        - - + ? | CPV previous-logs-in   | CPV previous-logs-in      | CP current-refused
        - - - + | CPV no-version-logs-in | CPV no-version-logs-in    | CP current-refused
        - - - - | CPV no-version-logs-in | CPV no-version-logs-in    | CP current-refused
        - - - ? | CPV no-version-logs-in | CPV no-version-logs-in    | CP current-refused
        - - ? + | CPV current-refused    | CPV current-refused       | CP current-refused
        - - ? - | CPV current-refused    | CPV current-refused       | CP current-refused
        - - ? ? | CPV current-refused    | CPV current-refused       | CP current-refused
        - ? + + | CP wait                | CP wait                   | CP current-refused
        - ? + - | CP wait                | CP wait                   | CP current-refused
        - ? + ? | CP wait                | CP wait                   | CP current-refused
        - ? - + | CP wait                | CP wait                   | CP current-refused
        - ? - - | CP wait                | CP wait                   | CP current-refused
        - ? - ? | CP wait                | CP wait                   | CP current-refused
        - ? ? + | CP wait                | CP wait                   | CP current-refused
        - ? ? - | CP wait                | CP wait                   | CP current-refused
        - ? ? ? | CP wait                | CP wait                   | CP current-refused
        ? + + + | C wait                 | C wait                    | C wait
        ? + + - | C wait                 | C wait                    | C wait
        ? + + ? | C wait                 | C wait                    | C wait
        ? + - + | C wait                 | C wait                    | C wait
        ? + - - | C wait                 | C wait                    | C wait
        ? + - ? | C wait                 | C wait                    | C wait
        ? + ? + | C wait                 | C wait                    | C wait
        ? + ? - | C wait                 | C wait                    | C wait
        ? + ? ? | C wait                 | C wait                    | C wait
        ? - + + | C wait                 | C wait                    | C wait
        ? - + - | C wait                 | C wait                    | C wait
        ? - + ? | C wait                 | C wait                    | C wait
        ? - - + | C wait                 | C wait                    | C wait
        ? - - - | C wait                 | C wait                    | C wait
        ? - - ? | C wait                 | C wait                    | C wait
        ? - ? + | C wait                 | C wait                    | C wait
        ? - ? - | C wait                 | C wait                    | C wait
        ? - ? ? | C wait                 | C wait                    | C wait
        ? ? + + | C wait                 | C wait                    | C wait
        ? ? + - | C wait                 | C wait                    | C wait
        ? ? + ? | C wait                 | C wait                    | C wait
        ? ? - + | C wait                 | C wait                    | C wait
        ? ? - - | C wait                 | C wait                    | C wait
        ? ? - ? | C wait                 | C wait                    | C wait
        ? ? ? + | C wait                 | C wait                    | C wait
        ? ? ? - | C wait                 | C wait                    | C wait
        ? ? ? ? | C wait                 | C wait                    | C wait
        """;

    public static IReadOnlyList<Row> Rows { get; } = [.. Text.Split('\n').Skip(1).Select(Read)];

    private static Row Read(string line)
    {
        var cells = line.Split('|', StringSplitOptions.TrimEntries);
        var states = cells[0].Split(' ').Select(State).ToArray();
        return new Row(
            cells[0],
            new Dictionary<RotationLogin, LoginState>
            {
                [RotationLogin.Current] = states[0],
                [RotationLogin.Pending] = states[1],
                [RotationLogin.Previous] = states[2],
                [RotationLogin.Administrator] = states[3],
            },
            new Dictionary<RotationStrategy, string>
            {
                [RotationStrategy.SingleUser] = cells[1],
                [RotationStrategy.Administrator] = cells[2],
                [RotationStrategy.AlternatingUsers] = cells[3],
            });
    }

    private static LoginState State(string sign) => sign switch
    {
        "+" => LoginState.LoggedIn,
        "-" => LoginState.Refused,
        "?" => LoginState.Unavailable,
        _ => throw new FormatException($"Expected + - or ?, not '{sign}'."),
    };

    /// <param name="Name">The four signs.</param>
    /// <param name="States">What each login would prove.</param>
    /// <param name="Expected">The cell of each strategy.</param>
    internal sealed record Row(string Name, IReadOnlyDictionary<RotationLogin, LoginState> States, IReadOnlyDictionary<RotationStrategy, string> Expected);
}
