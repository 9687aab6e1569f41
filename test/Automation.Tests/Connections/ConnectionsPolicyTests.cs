using Automation.Connections;
using Automation.Outcomes;

namespace Automation.Tests.Connections;

public sealed class ConnectionsPolicyTests
{
    [Fact]
    public void Read_EveryPart_IsTaken()
    {
        var policy = ConnectionsPolicy.Read("act target=0.85 idle-in-transaction=90s idle=1h max=3 protect=billing/report@eu", out var fault);

        Assert.Null(fault);
        Assert.Equivalent(new ConnectionsPolicy
        {
            Mode = Mode.Act,
            Target = 0.85m,
            IdleInTransaction = TimeSpan.FromSeconds(90),
            Idle = TimeSpan.FromHours(1),
            Max = 3,
            Protect = ["billing", "report@eu"],
        }, policy, strict: true);
    }

    [Theory]
    [InlineData("act", Mode.Act)]
    [InlineData("observe", Mode.Observe)]
    [InlineData("off", Mode.Off)]
    public void Read_WordAlone_HasTheDocumentedDefaults(string value, Mode mode)
    {
        var policy = ConnectionsPolicy.Read(value, out var fault);

        Assert.Null(fault);
        Assert.Equivalent(new ConnectionsPolicy { Mode = mode, Target = 0.70m, Max = 5, IdleInTransaction = TimeSpan.FromMinutes(5), Idle = TimeSpan.FromMinutes(30) }, policy);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("target=0.7", "target=0.7")]
    [InlineData("ACT", "ACT")]
    [InlineData("act,max=5", "act,max=5")]
    [InlineData("act observe", "observe")]
    [InlineData("act target=70%", "target=70%")]
    [InlineData("act target=0", "target=0")]
    [InlineData("act target=1.01", "target=1.01")]
    [InlineData("act idle=30", "idle=30")]
    [InlineData("act idle=-5m", "idle=-5m")]
    [InlineData("act idle-in-transaction=0s", "idle-in-transaction=0s")]
    [InlineData("act max=0", "max=0")]
    [InlineData("act max=21", "max=21")]
    [InlineData("act max=5 max=6", "max=6")]
    [InlineData("act protect=a//b", "protect=a//b")]
    [InlineData("act protected=a", "protected=a")]
    public void Read_Malformed_NamesTheWordAtFault(string value, string word)
    {
        _ = ConnectionsPolicy.Read(value, out var fault);

        Assert.Equal(word, fault?.Word);
    }
}
