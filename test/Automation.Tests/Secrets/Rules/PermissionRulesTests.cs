using Automation.Ledger;
using Automation.Outcomes;
using Automation.Secrets;

namespace Automation.Tests.Secrets.Rules;

/// <summary>MODE and the kill switch: only one answer of each allows a change.</summary>
public sealed class PermissionRulesTests
{
    [Theory]
    [InlineData(Mode.Off, "observe-mode")]
    [InlineData(Mode.Observe, "observe-mode")]
    [InlineData(Mode.Act, null)]
    public void Mode_OnlyAct_AllowsAChange(Mode mode, string? reason) => Assert.Equal(reason, ModeRules.Check(mode)?.Reason);

    [Fact]
    public void Switch_Running_AllowsAChange() => Assert.Null(SwitchRules.Check(new SwitchState.Running()));

    [Fact]
    public void Switch_Stopped_SaysWhichAndWhyOnOneLine()
    {
        var refusal = SwitchRules.Check(new SwitchState.Stopped("all", "incident\r\n{\"forged\":1}"));

        Assert.Equal(("stopped", false), (refusal!.Reason, refusal.MayPass));
        Assert.Equal("""the kill switch (all) is on: incident\u000d\u000a{"forged":1}""", refusal.Sentence);
    }

    [Fact]
    public void Switch_Unreadable_CountsAsStoppedAndMayPass()
    {
        var refusal = SwitchRules.Check(new SwitchState.Unreadable("no answer"));

        Assert.Equal(("switch-unreadable", true), (refusal!.Reason, refusal.MayPass));
    }

    [Fact]
    public void Record_OnlyRecorded_AllowsAChange()
    {
        Assert.Null(SwitchRules.Check(new RecordResult.Recorded()));
        Assert.Equal("stopped", SwitchRules.Check(new RecordResult.Stopped("secrets"))?.Reason);
        Assert.Equal("rotation-in-progress", SwitchRules.Check(new RecordResult.ClaimLost("key"))?.Reason);
        Assert.Equal("rotation-in-progress", SwitchRules.Check(new RecordResult.Duplicate())?.Reason);
    }
}
