using Automation.Secrets;

namespace Automation.Tests.Secrets.Rules;

/// <summary>The truth table of setSecret: 81 rows, three strategies, driven as the step does it: a login is tried when it is asked for.</summary>
public sealed class SetRulesTests
{
    private const string Signs = "CPVA";
    private static readonly RotationLogin[] Logins = [RotationLogin.Current, RotationLogin.Pending, RotationLogin.Previous, RotationLogin.Administrator];

    public static TheoryData<string> Rows => [.. SetRulesTable.Rows.Select(row => row.Name)];

    [Fact]
    public void Table_HasEveryCombinationOnce()
    {
        var combinations = SetRulesTable.Rows.Select(row => string.Join(' ', Logins.Select(login => row.States[login]))).ToHashSet();

        Assert.Equal(81, SetRulesTable.Rows.Count);
        Assert.Equal(81, combinations.Count);
    }

    [Theory, MemberData(nameof(Rows))]
    public void Next_AskedUntilItActs_AsksAndActsAsTheTableSays(string name)
    {
        var row = Row(name);
        foreach (var (strategy, expected) in row.Expected)
        {
            var (asked, action) = Drive(strategy, row);
            Assert.Equal((strategy, expected), (strategy, $"{string.Concat(asked.Select(Sign))} {Name(action)}"));
        }
    }

    [Theory, MemberData(nameof(Rows))]
    public void Next_SomethingAskedIsUnavailable_NeverChanges(string name)
    {
        var row = Row(name);
        foreach (var strategy in Enum.GetValues<RotationStrategy>())
        {
            var (asked, action) = Drive(strategy, row);

            Assert.Equal(asked.Count, asked.Distinct().Count());
            if (asked.Any(login => row.States[login] == LoginState.Unavailable)) Assert.IsNotType<SetDecision.Change>(action);
            if (action is SetDecision.Wait(var waitsFor)) Assert.Equal((LoginState.Unavailable, waitsFor), (row.States[waitsFor], asked[^1]));
        }
    }

    /// <summary>Confused deputy: AWSCURRENT must have been proven before anything is written.</summary>
    [Theory, MemberData(nameof(Rows))]
    public void Next_CurrentVersionNotProven_NeverChanges(string name)
    {
        var row = Row(name);
        foreach (var strategy in Enum.GetValues<RotationStrategy>())
        {
            var (asked, action) = Drive(strategy, row);
            if (action is not SetDecision.Change) continue;
            Assert.Contains(RotationLogin.Current, asked);
            Assert.Equal(LoginState.LoggedIn, row.States[RotationLogin.Current]);
            if (strategy != RotationStrategy.SingleUser) Assert.Equal(LoginState.LoggedIn, row.States[RotationLogin.Administrator]);
        }
    }

    /// <summary>The step opens the session that would change the password first, and so knows one login before it asks.</summary>
    [Theory, MemberData(nameof(Rows))]
    public void Next_MoreKnownThanAskedFor_ActsTheSame(string name)
    {
        var row = Row(name);
        var everything = Logins.Aggregate(new KnownLogins(), (known, login) => With(known, login, row.States[login]));
        foreach (var strategy in Enum.GetValues<RotationStrategy>())
        {
            var action = Drive(strategy, row).Action;

            Assert.Equal(action, SetRules.Next(strategy, everything));
            Assert.Equal(action, Drive(strategy, row, With(new KnownLogins(), RotationLogin.Administrator, row.States[RotationLogin.Administrator])).Action);
        }
    }

    [Fact]
    public void Next_StrategyThatIsNone_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SetRules.Next((RotationStrategy)9, new KnownLogins()));

    [Theory]
    [InlineData(Reasons.CurrentRefused)]
    [InlineData(Reasons.PreviousLogsIn)]
    [InlineData(Reasons.NoVersionLogsIn)]
    public void Explain_EveryReasonToAbandon_SendsToTheRecovery(string reason)
    {
        var refusal = AbandonRules.Explain(reason);

        Assert.Equal(reason, refusal.Reason);
        Assert.False(refusal.MayPass);
        Assert.Contains("recovery", refusal.Sentence, StringComparison.Ordinal);
    }

    private static SetRulesTable.Row Row(string name) => SetRulesTable.Rows.Single(row => row.Name == name);

    private static (IReadOnlyList<RotationLogin> Asked, SetDecision Action) Drive(RotationStrategy strategy, SetRulesTable.Row row, KnownLogins? known = null)
    {
        var asked = new List<RotationLogin>();
        known ??= new KnownLogins();
        // One more than there are logins: who asks twice would ask for ever.
        for (var turn = 0; turn <= Logins.Length; turn++)
        {
            var next = SetRules.Next(strategy, known);
            if (next is not SetDecision.Ask(var login)) return (asked, next);
            asked.Add(login);
            known = With(known, login, row.States[login]);
        }
        throw new InvalidOperationException($"Still asking after {string.Join(", ", asked)}.");
    }

    private static KnownLogins With(KnownLogins known, RotationLogin login, LoginState state) => login switch
    {
        RotationLogin.Current => known with { Current = state },
        RotationLogin.Pending => known with { Pending = state },
        RotationLogin.Previous => known with { Previous = state },
        RotationLogin.Administrator => known with { Administrator = state },
        _ => throw new ArgumentOutOfRangeException(nameof(login), login, null),
    };

    private static char Sign(RotationLogin login) => Signs[Array.IndexOf(Logins, login)];

    private static string Name(SetDecision action) => action switch
    {
        SetDecision.Change => "change",
        SetDecision.AlreadySet => "already-set",
        SetDecision.Wait => "wait",
        SetDecision.Abandon(var reason) => reason,
        _ => throw new InvalidOperationException($"{action} is no action."),
    };
}
