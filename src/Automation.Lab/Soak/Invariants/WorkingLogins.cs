namespace Automation.Lab.Soak.Invariants;

/// <summary>
/// Each application gets into its database with its secret's current value: after it all, and all the while, but for the moments between
/// a new password in the database and the label in the secret, which a rotation that works on one role cannot avoid (docs/design.md, 9).
/// </summary>
internal static class WorkingLogins
{
    public static Verdict Judge(SoakFacts facts)
    {
        var between = facts.Actions.Where(action => action.SetsPassword).Select(action => (action.Database, From: action.At, To: MovedAt(facts, action.Key))).ToList();
        var moved = facts.Calls.Where(call => call is { Action: SoakCalls.ChangeSecret, TookEffect: true }).Select(call => call.Key).ToHashSet();
        var rotated = facts.Actions.Where(action => action.SetsPassword && moved.Contains(action.Key)).Select(action => action.Database).ToHashSet();
        bool IsBetween(LoginSeen login) => between.Any(gap => gap.Database == login.Database && login.To >= gap.From && login.From <= gap.To);
        return new("4 every application logs in with its secret",
        [
            new(facts.Logins.Count(login => rotated.Contains(login.Database)), "applications whose password was changed"),
            new(facts.Attempts.Count(login => login.GotIn), "logins meanwhile"),
            new(facts.Attempts.Count(login => login.WrongPassword && IsBetween(login)), "refused between password and label", MayBeAbsent: true),
        ],
        [
            .. facts.Logins.Where(login => login.Error is not null).Select(login => $"{login.Role} does not get into {login.Database}: {login.Error}"),
            .. facts.Attempts.Where(login => login.WrongPassword && !IsBetween(login)).GroupBy(login => login.Database)
                .Select(refused => $"{refused.Count()} logins to {refused.Key} were refused though no rotation was between its password and its label, the first at {refused.Min(login => login.From):HH:mm:ss.fff}"),
        ]);
    }

    // A rotation that failed on its way is still between them: who finishes it is another one.
    private static DateTimeOffset MovedAt(SoakFacts facts, string version) => facts.Calls
        .Where(call => call is { Action: SoakCalls.ChangeSecret, TookEffect: true } && call.Key == version)
        .Select(call => call.AnsweredAt).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
}
