using Automation.Lab.Account;
using Automation.Lab.Soak;

namespace Automation.Tests.Lab.Soak;

public sealed class SoakPlanTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(60);

    [Fact]
    public void Plan_OfTheSameSeed_IsTheSame() => Assert.Equal(Listing(SoakPlan.Of(7, Minute)), Listing(SoakPlan.Of(7, Minute)));

    [Fact]
    public void Plan_OfAnotherSeed_IsAnother() => Assert.NotEqual(Listing(SoakPlan.Of(7, Minute)), Listing(SoakPlan.Of(8, Minute)));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(20)]
    public void Plan_OfAMinute_HasIncidentsAndFaultsOfEveryKind(int seed)
    {
        var steps = SoakPlan.Of(seed, Minute).Steps;

        var kinds = typeof(SoakStep).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(SoakStep))).ToHashSet();
        Assert.Equal(kinds, steps.Select(step => step.GetType()).ToHashSet());
        Assert.Equal(steps.OrderBy(step => step.At), steps);
        Assert.All(steps, step => Assert.InRange(step.At, TimeSpan.Zero, Minute));
    }

    [Fact]
    public void Plan_OfTwiceTheLength_HasAboutTwiceTheStorms()
    {
        static int Storms(TimeSpan length) => SoakPlan.Of(3, length).Steps.Count(step => step is SoakStep.Storm);

        Assert.Equal(2 * Storms(Minute), Storms(2 * Minute));
    }

    // What nothing meets is obeyed by nobody.
    [Theory]
    [InlineData(30, 1)]
    [InlineData(60, 1)]
    [InlineData(120, 2)]
    public void Plan_WhileTheSwitchIsThrown_HasWhatMustObeyIt(int seconds, int times) => Assert.All(Enumerable.Range(0, 50), seed =>
    {
        var steps = SoakPlan.Of(seed, TimeSpan.FromSeconds(seconds)).Steps.OfType<SoakStep.SwitchThrown>().ToList();

        Assert.All(steps, thrown =>
        {
            Assert.Contains(thrown.Meanwhile, step => step is SoakStep.Schedule { Function: SoakNames.Take });
            Assert.Contains(thrown.Meanwhile, step => step is SoakStep.Schedule { Function: SoakNames.Reconcile });
            Assert.Contains(thrown.Meanwhile, step => step is SoakStep.Rotation);
            Assert.All(thrown.Meanwhile, step => Assert.InRange(step.At, TimeSpan.Zero, thrown.For));
        });
        Assert.Equal(times, steps.Count);
    });

    [Fact]
    public void Plan_OfAMinute_HasSnapshotsThatAreHeld() => Assert.All(Enumerable.Range(0, 50), seed =>
        Assert.Equal(2, SoakPlan.Of(seed, Minute).Steps.OfType<SoakStep.Shelf>().Count(shelf => shelf.Held)));

    [Fact]
    public void Plan_OfTheShortestSoak_HasAFailoverTestAndIncidentsOfEveryKind()
    {
        var steps = SoakPlan.Of(3, SoakPlan.Shortest).Steps;

        Assert.Contains(steps, step => step is SoakStep.Schedule { Function: SoakNames.Failover });
        Assert.Equal(typeof(SoakStep).GetNestedTypes().Count(type => type.IsSubclassOf(typeof(SoakStep))), steps.DistinctBy(step => step.GetType()).Count());
    }

    [Fact]
    public void Plan_ForTheFailover_HasNoFaultAfterWhichNothingHappens()
    {
        var faults = Enumerable.Range(0, 200).SelectMany(seed => SoakPlan.Of(seed, Minute).Steps.OfType<SoakStep.CallFault>())
            .Where(step => step.Fault.Action == "RebootDBInstance").Select(step => step.Fault.Kind).ToHashSet();

        Assert.Equal([FaultKind.Throttle, FaultKind.ApplyThenInternalError, FaultKind.ApplyThenDrop], faults.Order());
    }

    [Fact]
    public void Plan_ShorterThanAFailoverTest_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => SoakPlan.Of(1, TimeSpan.FromSeconds(29)));

    private static IEnumerable<string> Listing(SoakPlan plan) => plan.Steps.Select(step => $"{step.At} {step.What}").Prepend(plan.Deliveries.ToString());
}
