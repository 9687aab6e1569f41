using Automation.Failover;

namespace Automation.Tests.Failover;

public sealed class SwitchRulesTests
{
    private static readonly ServerIdentity Restarted = Given.Old with { Started = Given.Now }, Moved = Given.Old with { Address = "10.0.2.9:5432" };
    private static readonly ServerIdentity One = Given.Old with { Instance = "orders-1" }, Two = Given.New with { Instance = "orders-2" };

    [Fact]
    public void Of_AnotherProcessOnAnotherAddress_IsProven() => Assert.Equal(new Switch.Proven(Given.New), SwitchRules.Of(Given.Old, Given.New, true, null, null));

    [Fact]
    public void Of_NothingChanged_IsNone() => Assert.IsType<Switch.None>(SwitchRules.Of(Given.Old, Given.Old, false, null, null));

    [Fact]
    public void Of_SameServerAfterFailures_CameBack() => Assert.IsType<Switch.CameBack>(SwitchRules.Of(Given.Old, Given.Old, true, null, null));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_RestartInPlace_CameBack(bool failed) => Assert.IsType<Switch.CameBack>(SwitchRules.Of(Given.Old, Restarted, failed, null, null));

    [Fact]
    public void Of_AnotherAddressOfTheSameProcess_IsUnproven() => Assert.IsType<Switch.Unproven>(SwitchRules.Of(Given.Old, Moved, false, null, null));

    [Fact]
    public void Of_NobodyAnswers_IsUnproven() => Assert.IsType<Switch.Unproven>(SwitchRules.Of(Given.Old, null, true, null, null));

    [Fact]
    public void Of_NewServerInRecovery_IsUnproven() => Assert.IsType<Switch.Unproven>(SwitchRules.Of(Given.Old, Given.New with { InRecovery = true }, true, null, null));

    [Fact]
    public void Of_ClusterWithBothProofs_IsProven() => Assert.IsType<Switch.Proven>(SwitchRules.Of(One, Two, true, "orders-1", "orders-2"));

    [Fact]
    public void Of_ClusterWhoseWriterRdsHasNotMoved_IsUnproven() => Assert.IsType<Switch.Unproven>(SwitchRules.Of(One, Two, true, "orders-1", "Orders-1"));

    [Fact]
    public void Of_ClusterOfWhichRdsNamesNoWriter_IsUnproven() => Assert.IsType<Switch.Unproven>(SwitchRules.Of(One, Two, true, "orders-1", null));

    [Fact]
    public void Of_AuroraInstanceRestartedElsewhereUnderItsName_CameBack() =>
        Assert.IsType<Switch.CameBack>(SwitchRules.Of(One, Two with { Instance = "ORDERS-1" }, true, "orders-1", "orders-1"));
}
