using Automation.Telemetry;
using FsCheck;
using FsCheck.Fluent;

namespace Automation.Tests.Telemetry;

public sealed class PrintableTests
{
    [Theory]
    [InlineData("plain text: äöü 漢字 😀", "plain text: äöü 漢字 😀")]
    [InlineData("a\r\nb", "a\\u000d\\u000ab")]
    [InlineData("\u2028\u2029\u0085", "\\u2028\\u2029\\u0085")]
    [InlineData("\u001b[31m\u202e", "\\u001b[31m\\u202e")]
    [InlineData("", "")]
    public void Line_Text_IsOneLineThatShowsEverything(string text, string line) => Assert.Equal(line, Printable.Line(text));

    [Theory]
    [InlineData("0123456789", 10, "0123456789")]
    [InlineData("0123456789a", 10, "0123456...")]
    [InlineData("012345\nabc", 10, "012345...")]
    [InlineData("012345😀abc", 10, "012345...")]
    public void Line_TooLong_IsCutWithAMark(string text, int limit, string line) =>
        Assert.Equal(line, Printable.Line(text, limit)[..line.Length]);

    [Fact]
    public void Line_AnyText_IsShownWithinItsLimit() => Prop.ForAll(
            ArbMap.Default.GeneratorFor<string>().Select(text => text ?? "").ToArbitrary(), Gen.Choose(3, 50).ToArbitrary(),
            (text, limit) => Printable.Line(text, limit) is var line && line.Length <= limit
                && line.All(c => !char.IsControl(c) && c is not ('\u2028' or '\u2029'))
                && line.EnumerateRunes().All(rune => rune.Value != 0xFFFD || text.Contains('\ufffd', StringComparison.Ordinal) || text.Any(char.IsSurrogate)))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
}
