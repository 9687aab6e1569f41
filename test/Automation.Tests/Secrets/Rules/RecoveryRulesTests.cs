using Automation.Secrets;
using static Automation.Tests.Secrets.Rules.Given;

namespace Automation.Tests.Secrets.Rules;

/// <summary>The least change that makes the current version log in, for everything its versions can prove.</summary>
public sealed class RecoveryRulesTests
{
    private static readonly Refusal NoAdministrator = new(Reasons.AdministratorNotFound, "masterarn names nothing");
    private static readonly Refusal NoAnswer = new(Reasons.DatabaseUnavailable, "no answer");

    // In the order of trying: + logs in, - is refused, ? unavailable, x not tried. With an administrator, and without.
    [Theory]
    [InlineData("+", "nothing", "nothing")]
    [InlineData("-", "set", "no-version-logs-in")]
    [InlineData("?", "database-unavailable", "database-unavailable")]
    [InlineData("x", "no-version-logs-in", "no-version-logs-in")]
    [InlineData("-+", "move 1", "move 1")]
    [InlineData("x+", "move 1", "move 1")]
    [InlineData("--", "set", "no-version-logs-in")]
    // It was not always for this host and role: a password set on the word of the secret alone could be anybody's.
    [InlineData("-x--", "no-version-logs-in", "no-version-logs-in")]
    [InlineData("--x+", "move 3", "move 3")]
    [InlineData("-?", "database-unavailable", "database-unavailable")]
    [InlineData("-x?", "database-unavailable", "database-unavailable")]
    // Never from a real trial, which ends there; and even then unknown is a refusal.
    [InlineData("-?+", "database-unavailable", "database-unavailable")]
    [InlineData("?+", "database-unavailable", "database-unavailable")]
    [InlineData("", "set", "no-version-logs-in")]
    public void Decide_WhatVersionsProved_IsTheLeastChange(string states, string withAdministrator, string without)
    {
        TriedVersion[] tried = [.. states.Select(Tried)];

        Assert.Equal(withAdministrator, Name(RecoveryRules.Decide(tried, null)));
        Assert.Equal(without, Name(RecoveryRules.Decide(tried, NoAdministrator)));
    }

    [Fact]
    public void Decide_NobodyCanSetAPassword_SaysWhy()
    {
        var refusal = Assert.IsType<RecoveryPlan.No>(RecoveryRules.Decide([Tried('-', 0), Tried('-', 1)], NoAdministrator)).Refusal;

        Assert.Contains("none of 2 versions", refusal.Sentence, StringComparison.Ordinal);
        Assert.Contains("administrator-not-found: masterarn names nothing", refusal.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_AVersionIsForAnotherRole_NamesItAndLeavesItToAPerson()
    {
        var refusal = Assert.IsType<RecoveryPlan.No>(RecoveryRules.Decide([Tried('-', 0), Tried('-', 1), Tried('x', 2)], null)).Refusal;

        Assert.Contains("version 2 is for another host or role", refusal.Sentence, StringComparison.Ordinal);
        Assert.False(refusal.MayPass);
    }

    private static TriedVersion Tried(char state, int place)
    {
        var version = new SecretVersion($"{place}", DateTimeOffset.UnixEpoch, []);
        return state switch
        {
            '+' => new(version, Secret(), LoginState.LoggedIn, null),
            '-' => new(version, Secret(), LoginState.Refused, new(Reasons.CurrentRefused, "refused")),
            '?' => new(version, Secret(), LoginState.Unavailable, NoAnswer),
            _ => new(version, null, null, null),
        };
    }

    private static string Name(RecoveryPlan plan) => plan switch
    {
        RecoveryPlan.Nothing => "nothing",
        RecoveryPlan.MoveLabel(var to) => $"move {to.Version.Id}",
        RecoveryPlan.SetCurrent => "set",
        RecoveryPlan.No(var refusal) => refusal.Reason,
        _ => throw new InvalidOperationException($"{plan} is no plan."),
    };
}
