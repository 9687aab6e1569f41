using Automation.Events;
using Automation.Secrets;
using static Automation.Tests.Secrets.Rules.Given;

namespace Automation.Tests.Secrets.Rules;

/// <summary>Every state the labels can be in, for every step, before a value is read.</summary>
public sealed class LabelRulesTests
{
    private const string Other = "77777777-2222-3333-4444-555555555555";
    private const string Proceeds = "proceed", Ended = "already-current";

    private static readonly Dictionary<string, SecretState> States = new()
    {
        ["as the service makes them"] = State((CurrentVersion, ["AWSCURRENT"]), (Token, ["AWSPENDING"])),
        ["with more labels, the user's own among them"] = State((CurrentVersion, ["blue", "AWSCURRENT"]), (Token, ["green", "AWSPENDING"]), (Other, ["AWSPREVIOUS"])),
        ["our version has no label"] = State((CurrentVersion, ["AWSCURRENT"])),
        ["our version has an empty list of labels"] = State((CurrentVersion, ["AWSCURRENT"]), (Token, [])),
        ["our version is current"] = State((Token, ["AWSCURRENT"]), (Other, ["AWSPREVIOUS"])),
        ["our version is current and pending"] = State((Token, ["AWSPENDING", "AWSCURRENT"])),
        ["our version is previous"] = State((Token, ["AWSPREVIOUS"]), (CurrentVersion, ["AWSCURRENT"])),
        ["another version is pending"] = State((CurrentVersion, ["AWSCURRENT"]), (Token, ["mine"]), (Other, ["AWSPENDING"])),
        ["the current version is pending"] = State((CurrentVersion, ["AWSCURRENT", "AWSPENDING"]), (Token, ["mine"])),
        ["no version is current"] = State((Token, ["AWSPENDING"])),
        ["a label in another case"] = State((CurrentVersion, ["AWSCURRENT"]), (Token, ["awspending"])),
        ["no version at all"] = State(),
        ["rotation was cancelled"] = State((CurrentVersion, ["AWSCURRENT"]), (Token, ["AWSPENDING"])) with { RotationEnabled = false },
        ["rotation was never configured"] = State((CurrentVersion, ["AWSCURRENT"]), (Token, ["AWSPENDING"])) with { RotationEnabled = null },
        ["rotation was cancelled and our version is current"] = State((Token, ["AWSCURRENT"])) with { RotationEnabled = false },
        ["RDS owns the secret"] = State((CurrentVersion, ["AWSCURRENT"]), (Token, ["AWSPENDING"])) with { OwningService = "rds" },
        ["RDS owns the secret and our version is current"] = State((Token, ["AWSCURRENT"])) with { OwningService = "rds" },
    };

    // What create, set and finish come to, and testSecret, which may come before rotation is configured.
    public static TheoryData<string, string, string> Table => new()
    {
        { "as the service makes them", Proceeds, Proceeds },
        { "with more labels, the user's own among them", Proceeds, Proceeds },
        { "our version has no label", "unknown-version", "unknown-version" },
        { "our version has an empty list of labels", "not-pending", "not-pending" },
        { "our version is current", Ended, Ended },
        { "our version is current and pending", Ended, Ended },
        { "our version is previous", "not-pending", "not-pending" },
        { "another version is pending", "not-pending", "not-pending" },
        { "the current version is pending", "not-pending", "not-pending" },
        { "no version is current", "no-current-version", "no-current-version" },
        { "a label in another case", "not-pending", "not-pending" },
        { "no version at all", "unknown-version", "unknown-version" },
        { "rotation was cancelled", "rotation-not-enabled", Proceeds },
        { "rotation was never configured", "rotation-not-enabled", Proceeds },
        { "rotation was cancelled and our version is current", "rotation-not-enabled", Ended },
        { "RDS owns the secret", "managed-by-service", "managed-by-service" },
        { "RDS owns the secret and our version is current", "managed-by-service", "managed-by-service" },
    };

    [Fact]
    public void Table_NamesEveryState() => Assert.Equal(States.Keys, Table.Select(row => row.Data.Item1));

    [Theory, MemberData(nameof(Table))]
    public void Check_EveryStateOfTheLabels_IsAnsweredAsTheTableSays(string state, string changes, string tests)
    {
        foreach (var step in Enum.GetValues<RotationStep>())
            Assert.Equal((step, step == RotationStep.Test ? tests : changes), (step, Name(LabelRules.Check(States[state], step, Token))));
    }

    [Fact]
    public void Check_Proceeding_NamesTheVersionThatIsCurrent() =>
        Assert.Equal(new LabelVerdict.Proceed(CurrentVersion), LabelRules.Check(States["with more labels, the user's own among them"], RotationStep.Set, Token));

    [Fact]
    public void Check_AnotherVersionIsPending_NamesIt() =>
        Assert.Contains(Other, Refused(States["another version is pending"]).Sentence, StringComparison.Ordinal);

    [Fact]
    public void Check_NotEnabled_TellsNeverConfiguredFromCancelled() => Assert.NotEqual(
        Refused(States["rotation was cancelled"]).Sentence, Refused(States["rotation was never configured"]).Sentence);

    private static Refusal Refused(SecretState state) => Assert.IsType<LabelVerdict.No>(LabelRules.Check(state, RotationStep.Create, Token)).Refusal;

    private static string Name(LabelVerdict verdict) => verdict switch
    {
        LabelVerdict.Proceed => Proceeds,
        LabelVerdict.AlreadyCurrent => Ended,
        LabelVerdict.No(var refusal) => refusal.Reason,
        _ => throw new InvalidOperationException($"{verdict} is no verdict."),
    };
}
