using System.Reflection;
using System.Text.RegularExpressions;
using Automation.Secrets;
using static Automation.Tests.Secrets.Rules.Given;

namespace Automation.Tests.Secrets.Rules;

/// <summary>Lambda answers the exception's type name as errorType: it is the reason, in the one way C# can spell it.</summary>
public sealed class RotationErrorsTests
{
    private static readonly IReadOnlyList<(string Name, string Value)> Stops = [.. EveryReason.Where(reason => !Successes.Contains(reason.Value))];

    private static readonly IReadOnlyList<Type> Types = typeof(RotationErrors).GetNestedTypes(BindingFlags.NonPublic | BindingFlags.Public);

    public static TheoryData<string, string> EveryStop => [.. Stops.Select(reason => (reason.Name, reason.Value))];

    [Fact]
    public void Reasons_EveryConstant_IsKebabCaseAndNamedAfterItsText() => Assert.All(EveryReason, reason =>
    {
        Assert.Matches(@"\A[a-z]+(-[a-z]+)*\z", reason.Value);
        // PostgreSQL's own words stay whole: createrole.
        Assert.Equal(reason.Name, PascalCase(reason.Value), ignoreCase: true);
    });

    [Fact]
    public void Reasons_EveryText_IsThereOnce() => Assert.Equal(EveryReason.Count, EveryReason.Select(reason => reason.Value).Distinct().Count());

    [Theory, MemberData(nameof(EveryStop))]
    public void Of_EveryReasonToStop_IsATypeOfItsNameAndSaysItFirst(string name, string reason)
    {
        var error = RotationErrors.Of(reason, "what happened");

        Assert.Equal(name, error.GetType().Name);
        Assert.Equal($"{reason}: what happened", error.Message);
        Assert.Null(error.InnerException);
    }

    [Fact]
    public void Types_EachHasAReasonOfItsOwn() => Assert.Equal(
        Types.Select(type => type.Name).Order(StringComparer.Ordinal),
        Stops.Select(reason => reason.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Of_ReasonThatStopsNothing_IsADefectOfOurs() =>
        Assert.All(Successes, reason => Assert.Throws<ArgumentOutOfRangeException>(() => RotationErrors.Of(reason, "what happened")));

    [Fact]
    public void MayPassAndCritical_AreReasonsToStop()
    {
        var stops = Stops.Select(reason => reason.Value).ToHashSet();
        Assert.Subset(stops, Reasons.MayPass.ToHashSet());
        Assert.Subset(stops, Reasons.Critical.ToHashSet());
    }

    private static string PascalCase(string reason) => Regex.Replace(reason, "(?:^|-)([a-z])", match => match.Groups[1].Value.ToUpperInvariant());
}
