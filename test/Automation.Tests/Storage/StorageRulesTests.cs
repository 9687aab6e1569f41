using Automation.Ledger;
using Automation.Storage;
using Automation.Storage.Forecast;
using FsCheck;
using FsCheck.Fluent;
using static Automation.Tests.Storage.Given;

namespace Automation.Tests.Storage;

/// <summary>State of a volume → what is done. Every refusal has a row in which it alone is in the way.</summary>
public sealed class StorageRulesTests
{
    private static readonly Diagnosis Data = new("data", true, "it is data", []);
    private static readonly Diagnosis Slot = new("abandoned-slot", false, "slot cdc keeps 40 GiB", []);
    private static readonly Diagnosis Unseen = new("unknown", null, "what fills it could not be seen: it lets nobody in", []);

    private const double Hour = 1, Day = 24; // rates are bytes an hour

    /// <summary>100 GiB, 8 free, growing by 2 GiB a day: full in four.</summary>
    private static GrowthFacts Facts => new()
    {
        Volume = Volume(),
        Outlook = new Outlook { FreeBytes = 8 * GiB, SlowRate = 2 * GiB / Day, Days = new DaysToFull(3, 4, 5) },
        Diagnosis = Data,
        History = [],
    };

    private static GrowthFacts With(Volume volume) => Facts with { Volume = volume };

    private static GrowthFacts Status(string status) => With(Volume() with { Database = Given.Database with { Status = status } });

    [Fact]
    internal void Decide_DataThatGrows_OutlastsTheHorizonAtTheSlowRate() =>
        // 92 used and 7 days of 2 GiB: 106, but RDS takes no less than 110.
        Assert.Equal(new StorageDecision.Grow(new Step.Legal(110, null, null, null), false), StorageRules.Decide(Facts, Policy, Now));

    /// <summary>92 used and 30 days of 2 GiB are 152, and half more than 100 is all that a month may add.</summary>
    [Fact]
    internal void Decide_LongHorizon_GrowsFurtherAsFarAsItMay()
    {
        Assert.Equal(132, TargetOf(StorageRules.Decide(Facts, Policy with { Horizon = TimeSpan.FromDays(20) }, Now)));
        var decision = Assert.IsType<StorageDecision.Grow>(StorageRules.Decide(Facts, Policy with { Horizon = TimeSpan.FromDays(30) }, Now));
        Assert.Equal((150, Reasons.GrowthBudget), (decision.Step.TargetGiB, decision.Step.Short?.Reason));
    }

    [Fact]
    internal void Decide_FastHour_OutlastsTheNextPossibleChange()
    {
        var facts = Facts with { Outlook = Facts.Outlook with { FastRate = 1 * GiB / Hour, Days = new DaysToFull(8 / 24.0, 4, 5) } };

        // 92 used and 24 hours of 1 GiB.
        Assert.Equal(116, TargetOf(StorageRules.Decide(facts, Policy, Now)));
    }

    [Fact]
    internal void Decide_EnoughFree_DoesNothing()
    {
        var facts = Facts with { Outlook = Facts.Outlook with { FreeBytes = 30 * GiB, Days = new DaysToFull(10, 15, 20) } };

        Assert.Equal(Reasons.EnoughFree, Assert.IsType<StorageDecision.Nothing>(StorageRules.Decide(facts, Policy, Now)).Reason);
        // With much free the date at the worst is not enough; with little it is.
        Assert.IsType<StorageDecision.Nothing>(StorageRules.Decide(facts, Policy with { Horizon = TimeSpan.FromDays(14) }, Now));
        Assert.IsType<StorageDecision.Grow>(StorageRules.Decide(facts, Policy with { Horizon = TimeSpan.FromDays(16) }, Now));
        var little = facts with { Outlook = facts.Outlook with { FreeBytes = 15 * GiB } };
        Assert.IsType<StorageDecision.Grow>(StorageRules.Decide(little, Policy with { Horizon = TimeSpan.FromDays(11) }, Now));
    }

    [Fact]
    internal void Decide_NothingMeasured_IsRefused() =>
        Assert.Equal(Reasons.NoMeasurement, ReasonOf(StorageRules.Decide(Facts with { Outlook = new Outlook { FreeBytes = null } }, Policy, Now)));

    [Theory]
    [InlineData("modifying", Reasons.Busy)]
    [InlineData("storage-optimization", Reasons.Busy)]
    [InlineData("storage-initialization", Reasons.Busy)]
    [InlineData("storage-config-upgrade", Reasons.Busy)]
    [InlineData("backing-up", Reasons.NotAvailable)]
    [InlineData("rebooting", Reasons.NotAvailable)]
    [InlineData("stopped", Reasons.NotAvailable)]
    [InlineData("incompatible-parameters", Reasons.NotAvailable)]
    [InlineData("a-status-of-tomorrow", Reasons.NotAvailable)]
    internal void Decide_Status_Forbids(string status, string reason) => Assert.Equal(reason, ReasonOf(StorageRules.Decide(Status(status), Policy, Now)));

    [Fact]
    internal void Decide_Autoscaling_IsLeftToRds() =>
        Assert.Equal(Reasons.Autoscaling, ReasonOf(StorageRules.Decide(With(Volume() with { AutoscalingCapGiB = 500 }), Policy, Now)));

    [Fact]
    internal void Decide_OtherChangesPending_IsRefused() =>
        Assert.Equal(Reasons.PendingChanges, ReasonOf(StorageRules.Decide(With(Volume() with { Pending = ["DBInstanceClass"] }), Policy, Now)));

    [Theory]
    [InlineData(5.9, true)]
    [InlineData(6.1, false)]
    internal void Decide_SizeChangedByAnybody_CoolsDownSixHours(double hoursAgo, bool refused)
    {
        var decision = StorageRules.Decide(Facts with { LastResize = Now.AddHours(-hoursAgo) }, Policy, Now);

        Assert.Equal(refused ? Reasons.Cooldown : null, decision is StorageDecision.Refused(var reason, _) ? reason : null);
    }

    /// <summary>RDS took it and shows nothing of it after minutes: that it comes is no answer any more.</summary>
    [Theory]
    [InlineData(9, "available", null, Reasons.JustGrown)]
    [InlineData(11, "available", null, Reasons.Cooldown)]
    [InlineData(11, "available", 110, Reasons.JustGrown)]
    [InlineData(11, "modifying", null, Reasons.JustGrown)]
    internal void Decide_GrowthThatDoesNotCome_IsRefusedAndNotPassedOver(int minutesAgo, string status, int? pendingGiB, string reason)
    {
        var facts = Facts with
        {
            Volume = Facts.Volume with { Database = Facts.Volume.Database with { Status = status }, PendingGiB = pendingGiB },
            History = [Growth(TimeSpan.FromMinutes(minutesAgo), 100, 110)],
            Outlook = Facts.Outlook with { Days = new DaysToFull(3 / 24.0, 9, 9) },
        };

        Assert.Equal(reason, StorageRules.Decide(facts, Policy, Now) switch
        {
            StorageDecision.Refused(var refused, _) => refused,
            StorageDecision.Nothing(var nothing, _) => nothing,
            _ => null,
        });
    }

    /// <summary>The look by schedule is for what an alarm tells of: a tenth or less, or less than a day.</summary>
    [Theory]
    [InlineData(10, 5.0, true)]
    [InlineData(11, 5.0, false)]
    [InlineData(60, 2.0, false)]
    [InlineData(15, 0.9, true)]
    [InlineData(15, 1.1, false)]
    internal void IsLow_IsNearlyFullAndNotJustWithinTheHorizon(double freeGiB, double days, bool isLow)
    {
        var facts = Facts with { Outlook = Facts.Outlook with { FreeBytes = freeGiB * Given.GiB, Days = new DaysToFull(days, days, days) } };

        Assert.Equal(isLow, StorageRules.IsLow(facts, Policy));
        Assert.False(StorageRules.IsLow(facts with { Outlook = facts.Outlook with { FreeBytes = null } }, Policy));
        Assert.True(StorageRules.IsLow(facts with { Volume = facts.Volume with { Database = facts.Volume.Database with { Status = "storage-full" } } }, Policy));
    }

    /// <summary>Where no step is left no cause makes one: the database is not asked.</summary>
    [Fact]
    public void WithoutLook_NoStepIsLeft_IsDecidedAlready()
    {
        var facts = Facts with { Outlook = Facts.Outlook with { FreeBytes = 3 * Given.GiB } };

        Assert.Null(StorageRules.WithoutLook(facts, Policy, Now));
        Assert.Equal(Reasons.AtCap, Assert.IsType<StorageDecision.Refused>(StorageRules.WithoutLook(facts, Policy with { MaxGiB = 105 }, Now)).Reason);
        Assert.Null(StorageRules.WithoutCause(facts, Policy with { MaxGiB = 105 }, Now));
    }

    /// <summary>Of our own growth a second trigger hears nothing, unless the disk fills all the same.</summary>
    [Theory]
    [InlineData(5.9, ActionResult.Done, 100, 96, Reasons.JustGrown)]
    [InlineData(5.9, ActionResult.Done, 100, 3, Reasons.Cooldown)]
    [InlineData(0.1, ActionResult.Done, 110, 3, Reasons.JustGrown)] // RDS still shows the old size
    [InlineData(6.1, ActionResult.Done, 100, 3, null)]
    [InlineData(1.0, ActionResult.Unconfirmed, 100, 96, Reasons.Cooldown)]
    [InlineData(1.0, ActionResult.Vanished, 100, 96, null)]
    internal void Decide_GrownByUs_CoolsDownSixHours(double hoursAgo, ActionResult result, int target, double hoursLeft, string? reason)
    {
        var facts = Facts with { History = [Growth(TimeSpan.FromHours(hoursAgo), 90, target, result: result)], Outlook = Facts.Outlook with { Days = new DaysToFull(hoursLeft / 24, 9, 9) } };

        Assert.Equal(reason, StorageRules.Decide(facts, Policy, Now) switch
        {
            StorageDecision.Refused(var refused, _) => refused,
            StorageDecision.Nothing(var nothing, _) => nothing,
            _ => null,
        });
    }

    [Fact]
    internal void Decide_ThirdGrowthInAWeek_IsRefused()
    {
        GrowthFacts After(params double[] days) => Facts with { History = [.. days.Select(ago => Growth(TimeSpan.FromDays(ago), 90, 100))] };

        Assert.Equal(Reasons.GrowthBudget, ReasonOf(StorageRules.Decide(After(6, 3), Policy, Now)));
        Assert.IsType<StorageDecision.Grow>(StorageRules.Decide(After(8, 3), Policy, Now));
    }

    [Fact]
    internal void Decide_LimitInTheWay_NamesIt()
    {
        Assert.Equal(Reasons.AtCap, ReasonOf(StorageRules.Decide(Facts, Policy with { MaxGiB = 109 }, Now)));
        Assert.Equal(Reasons.NeedsCopy, ReasonOf(StorageRules.Decide(With(Volume(390)) with { Outlook = Facts.Outlook }, Policy, Now)));
        Assert.Equal(Reasons.IopsRatio, ReasonOf(StorageRules.Decide(With(Volume(2000, "io1", 1000)), Policy with { MaxGiB = 9000 }, Now)));
        Assert.Equal(Reasons.TypeLimit, ReasonOf(StorageRules.Decide(With(Volume(3000, "standard", null)), Policy with { MaxGiB = 9000 }, Now)));
    }

    [Fact]
    internal void Decide_Consent_CopiesPast400()
    {
        var decision = StorageRules.Decide(With(Volume(390)), Policy with { MayCopy = true }, Now);

        Assert.Equal(new StorageDecision.Grow(new Step.Legal(429, 12000, 500, null), false), decision);
    }

    /// <summary>More room is no cure for a slot that nobody reads: with time for a person nothing is grown.</summary>
    [Fact]
    internal void Decide_AbandonedSlot_IsNotGrownAround()
    {
        Assert.Equal(Reasons.CauseNotCured, ReasonOf(StorageRules.Decide(Facts with { Diagnosis = Slot }, Policy, Now)));
        Assert.Equal(Reasons.CauseUnknown, ReasonOf(StorageRules.Decide(Facts with { Diagnosis = Unseen }, Policy, Now)));
    }

    [Theory]
    [InlineData(3.9, 4, true)]
    [InlineData(4.1, 4, false)]
    [InlineData(7.9, 8, true)]
    internal void Decide_AbandonedSlotAndNoTimeForAPerson_TakesOneStopgap(double hoursLeft, double react, bool stopgap)
    {
        var facts = Facts with { Diagnosis = Slot, Outlook = Facts.Outlook with { FastRate = 2 * GiB / Hour, Days = new DaysToFull(hoursLeft / 24, 4, 5) } };
        var policy = Policy with { React = TimeSpan.FromHours(react) };

        var decision = StorageRules.Decide(facts, policy, Now);

        Assert.Equal(stopgap, decision is StorageDecision.Grow { IsStopgap: true });
        if (!stopgap) return;
        Assert.Equal(110, TargetOf(decision));
        Assert.Equal(Reasons.StopgapUsed, ReasonOf(StorageRules.Decide(facts with { History = [Growth(TimeSpan.FromDays(2), 90, 100, stopgap: true)] }, policy, Now)));
        Assert.IsType<StorageDecision.Grow>(StorageRules.Decide(facts with { History = [Growth(TimeSpan.FromDays(8), 90, 100, stopgap: true)] }, policy, Now));
    }

    /// <summary>RDS shuts it down before its last byte is used: there is no time, whatever a forecast says.</summary>
    [Theory]
    [InlineData(1.9, true)]
    [InlineData(2.1, false)]
    internal void Decide_NearlyNothingFreeAndNoForecast_TakesAStopgap(double freeGiB, bool stopgap)
    {
        var facts = Facts with { Diagnosis = Unseen, Outlook = new Outlook { FreeBytes = freeGiB * GiB, Unknown = "it is new" } };

        var decision = StorageRules.Decide(facts, Policy, Now);

        Assert.Equal(stopgap, decision is StorageDecision.Grow { IsStopgap: true });
        if (decision is StorageDecision.Refused(_, var sentence)) Assert.Contains("how long it lasts is not known", sentence, StringComparison.Ordinal);
    }

    /// <summary>The next step of RDS's own autoscaling would reach its cap, so it takes none: people must not wait for it.</summary>
    [Theory]
    [InlineData(100, 110, true)]
    [InlineData(100, 111, false)]
    [InlineData(3000, 3300, true)]
    [InlineData(3000, 3301, false)]
    internal void IsAutoscaledOut_NextStepWouldReachTheCap(int size, int cap, bool isOut) => Assert.Equal(isOut, (Volume(size) with { AutoscalingCapGiB = cap }).IsAutoscaledOut);

    /// <summary>It lets nobody in, and CloudWatch may have no value: its status says enough, and RDS takes nothing but a size.</summary>
    [Theory]
    [InlineData("gp3", 100, 110)]
    [InlineData("gp3", 500, 550)]
    [InlineData("io1", 500, 550)]
    internal void Decide_StorageFull_SendsNothingButTheSize(string type, int size, int target)
    {
        var facts = new GrowthFacts
        {
            Volume = Volume(size, type, 12000, 500) with { Database = Given.Database with { Status = "storage-full" } },
            Outlook = new Outlook { FreeBytes = null, Unknown = "no readings" },
            Diagnosis = Unseen,
            History = [],
        };

        Assert.Equal(new StorageDecision.Grow(new Step.Legal(target, null, null, null), true), StorageRules.Decide(facts, Policy, Now));
    }

    /// <summary>Whatever is true of a volume: bigger by a tenth at least, never past the cap or 400 GiB without consent, and the same again for the same facts.</summary>
    [Fact]
    public void Decide_Anything_KeepsTheRules()
    {
        var cases =
            from type in Gen.Elements("gp2", "gp3", "io1", "io2", "standard")
            from size in Gen.Choose(5, 3000)
            from freePercent in Gen.Choose(0, 100)
            from slow in Gen.Choose(-5, 200)
            from fast in Gen.Choose(-1, 50)
            from full in Gen.Elements(true, false)
            from cause in Gen.Elements(Data, Slot, Unseen)
            from max in Gen.Choose(5, 4000)
            from mayCopy in Gen.Elements(true, false)
            from growths in Gen.Choose(0, 2)
            select (type, size, freePercent, slow, fast, full, cause, max, mayCopy, growths);
        Prop.ForAll(cases.ToArbitrary(), one =>
        {
            var left = one.size * GiB * one.freePercent / 100 / Math.Max(1, Math.Max(one.slow * GiB / Day, one.fast * GiB / Hour)) / Day;
            var facts = new GrowthFacts
            {
                Volume = Volume(one.size, one.type, 1000) with { Database = Given.Database with { Status = one.full ? "storage-full" : "available" } },
                Outlook = new Outlook
                {
                    FreeBytes = one.size * GiB * one.freePercent / 100,
                    SlowRate = one.slow > 0 ? one.slow * GiB / Day : null,
                    FastRate = one.fast > 0 ? one.fast * GiB / Hour : null,
                    Days = one.slow > 0 ? new DaysToFull(left, left, left) : null,
                },
                Diagnosis = one.cause,
                History = [.. Enumerable.Range(1, one.growths).Select(n => Growth(TimeSpan.FromDays(2 * n), (int)(one.size * 0.9), one.size))],
            };
            var policy = Policy with { MaxGiB = one.max, MayCopy = one.mayCopy };
            var decision = StorageRules.Decide(facts, policy, Now);
            if (decision != StorageRules.Decide(facts, policy, Now)) return false;
            if (decision is not StorageDecision.Grow grow) return true;
            var target = grow.Step.TargetGiB;
            return target * 100L >= one.size * 110L
                && target <= one.max
                && (one.mayCopy || one.size >= 400 || target < 400)
                && one.growths < StorageRules.MostInAWeek
                && (one.cause.Cure is true ? !grow.IsStopgap : grow.IsStopgap && StorageRules.Left(facts) < policy.React)
                && (!one.full || grow.Step is { Iops: null, Throughput: null });
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    private static int? TargetOf(StorageDecision decision) => decision is StorageDecision.Grow grow ? grow.Step.TargetGiB : null;

    private static string? ReasonOf(StorageDecision decision) => decision is StorageDecision.Refused(var reason, _) ? reason : null;
}
