using Automation.Snapshots;

namespace Automation.Tests.Snapshots;

public sealed class SnapshotsPolicyTests
{
    [Fact]
    public void Read_EveryPart_IsTaken()
    {
        var policy = SnapshotsPolicy.Read("every=12h hourly=1 daily=2 weekly=3 monthly=4 yearly=0 min=6 copy=eu-west-1/210987654321/us-west-2", out var fault);

        Assert.Null(fault);
        Assert.Equal(TimeSpan.FromHours(12), policy.Every);
        Assert.Equal(TimeSpan.FromHours(24), policy.Overdue);
        Assert.Equal(new RetentionPolicy { Hourly = 1, Daily = 2, Weekly = 3, Monthly = 4, Yearly = 0, Min = 6 }, policy.Retention);
        Assert.Equal(["eu-west-1", "us-west-2"], policy.Regions);
        Assert.Equal(["210987654321"], policy.Accounts);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public void Read_Nothing_IsTheDefault(string value)
    {
        var policy = SnapshotsPolicy.Read(value, out var fault);

        Assert.Null(fault);
        Assert.Equal((false, TimeSpan.FromHours(6)), (policy.Off, policy.Every));
        Assert.Equal(new RetentionPolicy { Hourly = 8, Daily = 7, Weekly = 4, Monthly = 12, Yearly = 3, Min = 3 }, policy.Retention);
        Assert.Empty(policy.Regions);
        Assert.Empty(policy.Accounts);
    }

    [Theory]
    [InlineData("every=1h", 1)]
    [InlineData("every=24h", 24)]
    [InlineData("every=1d", 24)]
    [InlineData("every=31d", 744)]
    public void Read_PeriodThatFallsOnTheSameTimes_IsTaken(string value, int hours)
    {
        Assert.Equal(TimeSpan.FromHours(hours), SnapshotsPolicy.Read(value, out var fault).Every);
        Assert.Null(fault);
    }

    [Fact]
    public void Read_Off_IsOff()
    {
        Assert.True(SnapshotsPolicy.Read("off", out var fault).Off);
        Assert.Null(fault);
    }

    [Theory]
    [InlineData("every=5h", "every=5h")]
    [InlineData("every=90m", "every=5400s")]
    [InlineData("every=32d", "every=768h")]
    [InlineData("every=36h", "every=36h")]
    [InlineData("every=often", "every=often")]
    [InlineData("hourly=-1", "hourly=-1")]
    [InlineData("daily=many", "daily=many")]
    [InlineData("min=0", "min=0")]
    [InlineData("keep=3", "keep=3")]
    [InlineData("on", "on")]
    [InlineData("off every=6h", "off every=6h")]
    [InlineData("copy=eu-west", "copy=eu-west")]
    [InlineData("copy=21098765432", "copy=21098765432")]
    [InlineData("copy=eu-west-1/eu-west-1", "copy=eu-west-1/eu-west-1")]
    [InlineData("copy=eu-west-1/", "copy=eu-west-1/")]
    [InlineData("daily=7 daily=8", "daily=8")]
    public void Read_Malformed_NamesTheWord(string value, string word)
    {
        SnapshotsPolicy.Read(value, out var fault);

        Assert.Equal(word, fault?.Word);
        Assert.NotEmpty(fault!.Why);
    }
}
