using Automation.Storage;
using FsCheck;
using FsCheck.Fluent;
using static Automation.Tests.Storage.Given;

namespace Automation.Tests.Storage;

/// <summary>Type, size and need → what is sent to RDS. Sources: research on storage, 3.5.</summary>
public sealed class StepRulesTests
{
    [Theory]
    // RDS takes no less than a tenth more.
    [InlineData("gp3", 100, 3000, 125, 95, 110, null, null)]
    [InlineData("gp3", 101, 3000, 125, 95, 112, null, null)]
    [InlineData("gp2", 20, null, null, 10, 22, null, null)]
    // What has to fit, rounded up to whole GiB.
    [InlineData("gp3", 100, 3000, 125, 150.01, 151, null, null)]
    [InlineData("gp2", 100, 300, null, 130, 130, null, null)]
    // A gp3 below 400 GiB takes neither, even its own; from 400 GiB on it keeps its IOPS.
    [InlineData("gp3", 300, 3000, 125, 350, 350, null, null)]
    [InlineData("gp3", 400, 12000, 500, 450, 450, 12000, null)]
    [InlineData("gp3", 500, 16000, 1000, 600, 600, 16000, null)]
    // Past 400 GiB what the small one shows is refused: the baseline of four volumes is sent.
    [InlineData("gp3", 390, 3000, 125, 450, 450, 12000, 500)]
    [InlineData("gp3", 390, null, null, 450, 450, 12000, 500)]
    // Provisioned IOPS are kept.
    [InlineData("io1", 400, 1000, null, 500, 500, 1000, null)]
    [InlineData("io2", 400, 1000, null, 500, 500, 1000, null)]
    [InlineData("standard", 100, null, null, 150, 150, null, null)]
    internal void Of_TypeSizeAndNeed_IsTheSmallestLegalStep(string type, int size, int? iops, int? throughput, double need, int target, int? sentIops, int? sentThroughput)
    {
        var step = StepRules.Of(Volume(size, type, iops, throughput), need * GiB, []);

        Assert.Equal(new Step.Legal(target, sentIops, sentThroughput, null), step);
    }

    [Fact]
    internal void Of_LimitBelowTheNeed_GivesWhatItAllowsAndSaysSo()
    {
        var limit = new SizeLimit(120, Reasons.AtCap, "max=120 of the tag");

        Assert.Equal(new Step.Legal(120, null, null, limit), StepRules.Of(Volume(), 200 * GiB, [limit]));
        Assert.Equal(new Step.Legal(120, null, null, null), StepRules.Of(Volume(), 120 * GiB, [limit]));
    }

    [Fact]
    internal void Of_LimitBelowTheSmallestStep_GivesNone()
    {
        var limit = new SizeLimit(109, Reasons.AtCap, "max=109 of the tag");

        Assert.Equal(new Step.None(limit, 110), StepRules.Of(Volume(), 105 * GiB, [limit, new(400, Reasons.TypeLimit, "other")]));
    }

    /// <summary>Whatever the volume and the wish: never smaller, at least a tenth more, never past a limit, and the same again for the same facts.</summary>
    [Fact]
    public void Of_Anything_KeepsTheRules()
    {
        var cases =
            from type in Gen.Elements("gp2", "gp3", "io1", "io2", "standard")
            from size in Gen.Choose(5, 70000)
            from iops in Gen.Elements<int?>(null, 1000, 3000, 12000, 64000)
            from need in Gen.Choose(-100, 200000)
            from max in Gen.Elements<int?>(null, 50, 399, 400, 1000, 65536)
            from autoscaling in Gen.Elements<int?>(null, 110, 500)
            from mayCopy in Gen.Elements(true, false)
            from grown in Gen.Elements(0, 1)
            select (type, size, iops, need, max, autoscaling, mayCopy, grown);
        Prop.ForAll(cases.ToArbitrary(), one =>
        {
            var volume = Volume(one.size, one.type, one.iops) with { AutoscalingCapGiB = one.autoscaling > one.size ? one.autoscaling : null };
            var policy = Policy with { MaxGiB = one.max, MayCopy = one.mayCopy };
            var history = one.grown == 0 ? [] : new[] { Growth(TimeSpan.FromDays(3), Math.Max(5, one.size * 10 / 13), one.size) };
            var step = StepRules.Of(volume, one.need * GiB, LimitRules.Of(volume, policy, history, Now));
            if (step != StepRules.Of(volume, one.need * GiB, LimitRules.Of(volume, policy, history, Now))) return false;
            return step switch
            {
                Step.Legal legal => legal.TargetGiB * 100L >= one.size * 110L
                    && legal.TargetGiB <= (one.max ?? int.MaxValue)
                    && legal.TargetGiB <= (volume.AutoscalingCapGiB ?? int.MaxValue)
                    && (one.mayCopy || one.size >= 400 || legal.TargetGiB < 400)
                    && (one.type is not ("io1" or "io2") || one.iops is not { } iops || legal.TargetGiB <= 2 * iops)
                    && (legal.TargetGiB >= one.need || legal.Short is not null)
                    && (one.type != "gp3" || legal.TargetGiB >= 400 || legal is { Iops: null, Throughput: null }),
                Step.None none => none.Limit.GiB < none.LeastGiB,
                _ => false,
            };
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }
}
