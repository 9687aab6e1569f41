using Automation.Ledger;
using Automation.Storage;
using static Automation.Tests.Storage.Given;

namespace Automation.Tests.Storage;

public sealed class LimitRulesTests
{
    private static SizeLimit Tightest(Volume volume, StoragePolicy? policy = null, params ActionRecord[] history) =>
        LimitRules.Of(volume, policy ?? Policy, history, Now)[0];

    [Fact]
    internal void Of_Tag_IsACap() => Assert.Equal((120, Reasons.AtCap), Limit(Tightest(Volume(), Policy with { MaxGiB = 120 })));

    [Fact]
    internal void Of_AutoscalingCap_IsOneToo() => Assert.Equal((130, Reasons.AtCap), Limit(Tightest(Volume() with { AutoscalingCapGiB = 130 })));

    [Fact]
    internal void Of_Below400_EndsBeforeItWithoutConsent()
    {
        Assert.Equal((399, Reasons.NeedsCopy), Limit(Tightest(Volume(390))));
        Assert.Equal((585, Reasons.GrowthBudget), Limit(Tightest(Volume(390), Policy with { MayCopy = true })));
        Assert.Equal((600, Reasons.GrowthBudget), Limit(Tightest(Volume(400))));
    }

    [Theory]
    [InlineData("io1", 1000, 2000, 2000)]
    [InlineData("io2", 1000, 2000, 2000)]
    internal void Of_ProvisionedIops_CarryTwoGiBEach(string type, int iops, int size, int limit) =>
        Assert.Equal((limit, Reasons.IopsRatio), Limit(Tightest(Volume(size, type, iops), Policy with { MaxGiB = null })));

    [Theory]
    [InlineData("standard", 3000, 3072)]
    [InlineData("gp3", 60000, 65536)]
    internal void Of_Type_Ends(string type, int size, int limit) =>
        Assert.Equal((limit, Reasons.TypeLimit), Limit(Tightest(Volume(size, type, null), Policy with { MaxGiB = null })));

    [Fact]
    internal void Of_WhatRdsSays_Counts() =>
        Assert.Equal((140, Reasons.TypeLimit), Limit(Tightest(Volume() with { Ranges = [new(20, 90), new(100, 140)] })));

    /// <summary>Half of what there was 30 days ago: growths since count, older ones and those that did not happen do not.</summary>
    [Fact]
    internal void Of_GrowthsOfThirtyDays_AreHalfAtMost()
    {
        Assert.Equal((150, Reasons.GrowthBudget), Limit(Tightest(Volume(140), null, Growth(TimeSpan.FromDays(20), 100, 120), Growth(TimeSpan.FromDays(5), 120, 140))));
        Assert.Equal((210, Reasons.GrowthBudget), Limit(Tightest(Volume(140), null, Growth(TimeSpan.FromDays(31), 100, 140))));
        Assert.Equal((210, Reasons.GrowthBudget), Limit(Tightest(Volume(140), null, Growth(TimeSpan.FromDays(3), 100, 140, result: ActionResult.Vanished))));
        // Nobody knows whether it happened.
        Assert.Equal((150, Reasons.GrowthBudget), Limit(Tightest(Volume(140), null, Growth(TimeSpan.FromDays(3), 100, 140, result: ActionResult.Unconfirmed))));
    }

    private static (int, string) Limit(SizeLimit limit) => (limit.GiB, limit.Reason);
}
