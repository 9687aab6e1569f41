using Automation.Failover;

namespace Automation.Tests.Failover;

public sealed class FailoverPolicyTests
{
    [Theory]
    [InlineData("allow", true, 60)]
    [InlineData("allow budget=90s", true, 90)]
    [InlineData("budget=2m allow", true, 120)]
    [InlineData("off", false, 60)]
    public void Read_Value_IsTaken(string value, bool allowed, int seconds)
    {
        var policy = FailoverPolicy.Read(value, out var fault);

        Assert.Null(fault);
        Assert.Equal((allowed, TimeSpan.FromSeconds(seconds)), (policy.Allowed, policy.Budget));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("budget=60s", "budget=60s")]
    [InlineData("true", "true")]
    [InlineData("allow off", "off")]
    [InlineData("allow budget=60", "budget=60")]
    [InlineData("allow budget=0s", "budget=0s")]
    [InlineData("allow downtime=60s", "downtime=60s")]
    public void Read_Malformed_NamesTheWordAtFault(string value, string word)
    {
        _ = FailoverPolicy.Read(value, out var fault);

        Assert.Equal(word, fault?.Word);
    }
}
