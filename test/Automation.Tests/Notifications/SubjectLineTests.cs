using Automation.Notifications;
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
    public void Of_Headline_IsAscii(string headline, string subject) => Assert.Equal(subject, SubjectLine.Of(headline, "fallback"));

    [Fact]
    public void Of_LongHeadline_IsCutWithAMark()
    {
        var subject = SubjectLine.Of(new string('x', 500), "fallback");

        Assert.Equal(new string('x', 96) + "...", subject);
    }

    [Fact]
    public void Of_AnyText_IsWhatSnsAllows() => Prop.ForAll(ArbMap.Default.GeneratorFor<string>().Select(text => text ?? "").ToArbitrary(), text =>
        SubjectLine.Of(text, "fallback") is { Length: > 0 and < 100 } subject && subject.All(c => c is >= ' ' and <= '~') && subject[0] != ' ')
        .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
}
