using Automation.Notifications;
using Automation.Outcomes;
using FsCheck;
using FsCheck.Fluent;

namespace Automation.Tests.Notifications;

public sealed class SubjectLineTests
{
    [Theory]
    [InlineData("orders: relieved, 5 sessions ended", "orders: relieved, 5 sessions ended")]
    [InlineData("93 \u2192 88 \u2014 it\u2019s \u2264 90\u2026", "93 -> 88 - it's <= 90...")]
    [InlineData("  two\r\nlines\tand  spaces ", "two lines and spaces")]
    [InlineData("Bestände \u001b[2J", "Best?nde ?[2J")]
    [InlineData("😀 one", "? one")]
    [InlineData("", "fallback")]
    [InlineData(" \r\n", "fallback")]
    public void Of_Headline_IsAscii(string headline, string subject) => Assert.Equal($"[info] {subject}", SubjectLine.Of(Severity.Info, headline, "fallback"));

    [Fact]
    public void Of_LongHeadline_IsCutWithAMark()
    {
        var subject = SubjectLine.Of(Severity.Critical, new string('x', 500), "fallback");

        Assert.Equal("[CRITICAL] " + new string('x', 85) + "...", subject);
        Assert.Equal(99, subject.Length);
    }

    // What mail is sorted by: the words of the attribute, the loudest so that it is seen.
    [Theory]
    [InlineData(Severity.Info, "[info] orders: told")]
    [InlineData(Severity.Warning, "[warning] orders: told")]
    [InlineData(Severity.Critical, "[CRITICAL] orders: told")]
    public void Of_Severity_ComesFirst(Severity severity, string subject) => Assert.Equal(subject, SubjectLine.Of(severity, "orders: told", "fallback"));

    [Fact]
    public void Of_AnyText_IsWhatSnsAllows() => Prop.ForAll(
        (from severity in Gen.Elements(Enum.GetValues<Severity>()) from text in ArbMap.Default.GeneratorFor<string>() select (severity, text ?? "")).ToArbitrary(), of =>
        SubjectLine.Of(of.Item1, of.Item2, "fallback") is { Length: > 0 and < 100 } subject && subject.All(c => c is >= ' ' and <= '~') && subject[0] != ' ')
        .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
}
