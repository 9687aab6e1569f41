using Automation.Fleet;

namespace Automation.Tests.Fleet;

public sealed class TagValueTests
{
    private static readonly string[] Words = ["act", "observe", "off"];
    private static readonly string[] Keys = ["target", "idle-in-transaction", "idle", "max", "protect"];

    private static TagValue Read(string text) => TagValue.Read(text, Words, Keys);

    private static void AssertFault(string word, string saying, TagValue tag)
    {
        Assert.NotNull(tag.Fault);
        Assert.Equal(word, tag.Fault.Word);
        Assert.Contains(saying, tag.Fault.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("act target=0.70 idle-in-transaction=5m idle=30m max=5 protect=role1/role2")]
    [InlineData("  act   target=0.70  idle-in-transaction=5m idle=30m max=5 protect=role1/role2 ")]
    [InlineData("protect=role1/role2 max=5 idle=30m idle-in-transaction=5m target=0.70 act")]
    public void Read_TheContractsExample_TakesEveryPart(string text)
    {
        var tag = Read(text);

        Assert.Equal("act", tag.Word);
        Assert.Equal(0.7, tag.Ratio("target", 0.5));
        Assert.Equal(TimeSpan.FromMinutes(5), tag.Duration("idle-in-transaction", TimeSpan.Zero));
        Assert.Equal(TimeSpan.FromMinutes(30), tag.Duration("idle", TimeSpan.Zero));
        Assert.Equal(5, tag.PositiveInteger("max", 1));
        Assert.Equal(["role1", "role2"], tag.List("protect"));
        Assert.Null(tag.Fault);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public void Read_Nothing_GivesFallbacksWithoutFault(string text)
    {
        var tag = Read(text);

        Assert.Null(tag.Word);
        Assert.Equal(0.5, tag.Ratio("target", 0.5));
        Assert.Equal(TimeSpan.FromHours(1), tag.Duration("idle", TimeSpan.FromHours(1)));
        Assert.Equal(3, tag.PositiveInteger("max", 3));
        Assert.Empty(tag.List("protect"));
        Assert.Null(tag.Fault);
    }

    [Theory]
    [InlineData("acts", "acts", "is not known; known are act, observe, off")]
    [InlineData("ACT", "ACT", "is not known")]
    [InlineData("act act", "act", "is there twice")]
    [InlineData("act off", "off", "contradicts act")]
    [InlineData("act tarket=0.7", "tarket=0.7", "known are target=, idle-in-transaction=")]
    [InlineData("act target=", "target=", "no value")]
    [InlineData("act =0.7", "=0.7", "is not known")]
    [InlineData("act max=5 max=5", "max=5", "gives max a second time")]
    [InlineData("act max=5,target=0.7", "max=5,target=0.7", "does not allow")]
    [InlineData("act\tmax=5", "act\\u0009max=5", "does not allow")]
    [InlineData("act\u00a0max=5", "act\u00a0max=5", "does not allow")]
    [InlineData("act protect=\"a b\"", "protect=\"a", "does not allow")]
    public void Read_MalformedWord_NamesTheFirst(string text, string word, string why) => AssertFault(word, why, Read(text));

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("5m", 300)]
    [InlineData("6h", 21_600)]
    [InlineData("7d", 604_800)]
    [InlineData("3650d", 315_360_000)]
    public void Duration_WithUnit_IsTaken(string text, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Read($"idle={text}").Duration("idle", TimeSpan.Zero));

    [Theory]
    [InlineData("90")]
    [InlineData("m")]
    [InlineData("0m")]
    [InlineData("-5m")]
    [InlineData("+5m")]
    [InlineData("1.5h")]
    [InlineData("5M")]
    [InlineData("5min")]
    [InlineData("3651d")]
    [InlineData("99999999999999999999s")]
    [InlineData("٥m")]
    public void Duration_Malformed_IsAFaultAndTheFallback(string text)
    {
        var tag = Read($"idle={text}");

        Assert.Equal(TimeSpan.FromHours(1), tag.Duration("idle", TimeSpan.FromHours(1)));
        AssertFault($"idle={text}", "is not a time", tag);
    }

    [Theory]
    [InlineData("0.70", 0.7)]
    [InlineData("1", 1)]
    [InlineData("1.0", 1)]
    [InlineData("0.01", 0.01)]
    public void Ratio_InRange_IsTaken(string text, double ratio) => Assert.Equal(ratio, Read($"target={text}").Ratio("target", 0.5));

    [Theory]
    [InlineData("0")]
    [InlineData("1.01")]
    [InlineData("70")]
    [InlineData("-0.5")]
    [InlineData("1e-1")]
    [InlineData("NaN")]
    [InlineData("0.7.0")]
    public void Ratio_OutOfRange_IsAFaultAndTheFallback(string text)
    {
        var tag = Read($"target={text}");

        Assert.Equal(0.5, tag.Ratio("target", 0.5));
        AssertFault($"target={text}", "above 0 and up to 1", tag);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("five")]
    [InlineData("2147483648")]
    public void PositiveInteger_Malformed_IsAFaultAndTheFallback(string text)
    {
        var tag = Read($"max={text}");

        Assert.Equal(3, tag.PositiveInteger("max", 3));
        AssertFault($"max={text}", "whole number above 0", tag);
    }

    [Theory]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    public void List_WithAnEmptyPart_IsAFault(string text)
    {
        var tag = Read($"protect={text}");

        tag.List("protect");

        AssertFault($"protect={text}", "empty part", tag);
    }

    [Fact]
    public void List_PartWithEqualsSign_IsKept() => Assert.Equal(["a=b", "c"], Read("protect=a=b/c").List("protect"));

    [Fact]
    public void Fail_AfterAFault_KeepsTheFirst()
    {
        var tag = Read("act bogus max=0");

        tag.PositiveInteger("max", 1);
        tag.Fail("act", "needs more");

        AssertFault("bogus", "is not known", tag);
    }

    [Fact]
    public void Read_LongerThanAwsAllows_IsAFaultWithAShortWord()
    {
        var tag = Read("act " + new string('x', 300));

        Assert.Contains("256", tag.Fault!.Why, StringComparison.Ordinal);
        Assert.InRange(tag.Fault.Word.Length, 1, 60);
        Assert.Null(tag.Word);
    }
}
