using Automation.Ledger;
using Automation.Storage;
using Automation.Storage.Forecast;
using Automation.Tests.Storage.Forecast;

namespace Automation.Tests.Storage;

public sealed class OutlookRulesTests
{
    private const double GiB = Given.GiB;

    private static readonly DateTimeOffset Now = History.Now;

    private static VolumeHistory Past(IReadOnlyList<Reading>? hours = null, IReadOnlyList<Reading>? minutes = null, IReadOnlyList<Resize>? resizes = null) =>
        new(hours ?? [], minutes ?? [], resizes ?? [], []);

    /// <summary>Of 100 GiB 60 are used now, a day ago 59.</summary>
    private static List<Reading> Growing => History.Hours(360, back => 40 + (back / 24.0));

    private static Outlook Of(VolumeHistory history, int? cap = null, params IReadOnlyList<ActionRecord> records) =>
        OutlookRules.Of(Given.Volume(), history, records, cap, Now);

    // CloudWatch's values of RDS come within minutes; an older one says nothing of now.
    [Theory]
    [InlineData(0, true)]
    [InlineData(600, true)]
    [InlineData(601, false)]
    public void Free_IsTheLastValueOfTenMinutes(int secondsOld, bool known)
    {
        var last = new Reading(Now.AddSeconds(-secondsOld), 40 * GiB);

        var outlook = Of(Past(Growing, [last, new(Now.AddMinutes(-60), 41 * GiB)]));

        Assert.Equal(known ? 40 * GiB : null, outlook.FreeBytes);
    }

    [Fact]
    public void Free_ByTheHourOnly_IsNotKnown() => Assert.Null(Of(Past(Growing)).FreeBytes);

    [Fact]
    public void Free_ThatIsNoNumber_IsSkipped() =>
        Assert.Equal(40 * GiB, Of(Past(Growing, [new(Now.AddMinutes(-1), 40 * GiB), new(Now, double.NaN)])).FreeBytes);

    [Fact]
    public void Free_BelowNothing_IsNothing() => Assert.Equal(0, Of(Past(Growing, [new(Now, -1)])).FreeBytes);

    [Fact]
    public void Growth_IsARateAndDays()
    {
        var outlook = Of(Past(Growing, [new(Now, 40 * GiB)]));

        Assert.Equal(GiB / 24, outlook.SlowRate!.Value, 0.001 * GiB);
        Assert.Equal(40, outlook.Days!.Value.Likely, 0.5);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(80, null)]
    [InlineData(100, null)]
    [InlineData(200, 140.0)]
    public void Cap_AboveTheSize_HasDaysOfItsOwn(int? cap, double? days)
    {
        var outlook = Of(Past(Growing, [new(Now, 40 * GiB)]), cap);

        Assert.Equal(days, outlook.DaysToCap is { } toCap ? Math.Round(toCap.Likely) : null);
        Assert.Equal(40, outlook.Days!.Value.Likely, 0.5);
    }

    // RDS tells of a resize when it happens and never by how much; nobody measured for hours around this one.
    [Theory]
    [InlineData(-2, nameof(ActionResult.Done), true)]
    [InlineData(-1, nameof(ActionResult.Done), false)]
    [InlineData(5, nameof(ActionResult.Done), false)]
    [InlineData(60, nameof(ActionResult.Done), false)]
    [InlineData(61, nameof(ActionResult.Done), true)]
    [InlineData(5, nameof(ActionResult.Vanished), true)]
    [InlineData(5, nameof(ActionResult.Failed), true)]
    public void Resize_ThatWasOurs_HasExactSizes(int minutesAfterOurs, string result, bool isGuess)
    {
        var resize = new Resize(Now.AddHours(-100), Now.AddHours(-100).AddMinutes(4));
        var ours = Given.Growth(TimeSpan.Zero, 80, 100, result: Enum.Parse<ActionResult>(result)) with { At = resize.From.AddMinutes(-minutesAfterOurs) };
        List<Reading> hours = [.. History.Hours(360, back => (back > 100 ? 20 : 40) + (back / 24.0)).Where(reading => Math.Abs((reading.At - resize.From).TotalHours) > 8)];

        var outlook = Of(Past(hours, [new(Now, 40 * GiB)], [resize]), null, ours);

        Assert.Equal(isGuess, outlook.Doubts.Any(doubt => doubt.Contains("is a guess", StringComparison.Ordinal)));
        Assert.Equal(40, outlook.Days!.Value.Likely, 1.0);
    }

    /// <summary>Restored under its name a day ago: what CloudWatch has from before is of the one that was dropped.</summary>
    [Fact]
    public void Past_OfAnotherDatabaseOfThisName_IsLeftOut()
    {
        var past = Past(Growing, [new(Now.AddMinutes(-90), 5 * GiB), new(Now, 40 * GiB)], [new(Now.AddDays(-3), Now.AddDays(-3)), new(Now.AddDays(-2), null), new(Now.AddHours(-25), Now.AddHours(-23))]);

        var own = past.Since(Now.AddHours(-24));

        Assert.Equal(25, own.Hours.Count);
        Assert.All(own.Hours, reading => Assert.True(reading.At >= Now.AddHours(-24)));
        Assert.Equal(Now.AddHours(-23), Assert.Single(own.Resizes).To);
        Assert.Equal([Now], past.Since(Now.AddMinutes(-1)).Minutes.Select(reading => reading.At));
        Assert.Null(Of(own).Days);
        Assert.NotNull(Of(own).Unknown);
        // Of one that is still being made nothing is known but the name.
        Assert.Same(past, past.Since(null));
    }

    [Fact]
    public void Measured_LooksAtNothingFromBeforeTheDatabase()
    {
        var past = Past(Growing, [new(Now, 40 * GiB)], [new(Now.AddHours(-3), Now.AddHours(-3))]);
        var volume = Given.Volume();
        GrowthFacts Created(int hoursAgo) => GrowthFacts.Measured(
            volume with { Database = volume.Database with { CreatedAt = Now.AddHours(-hoursAgo) } }, new StoragePolicy { Mode = Automation.Outcomes.Mode.Act, MaxGiB = 500 }, past, [], Now);

        Assert.Equal(40, Created(2000).Outlook.Days!.Value.Likely, 0.5);
        Assert.Equal(Now.AddHours(-3), Created(2000).LastResize);
        Assert.NotNull(Created(2).Outlook.Unknown);
        Assert.Null(Created(2).LastResize);
    }

    /// <summary>RDS tells of a full disk at once, and CloudWatch a minute later: what PostgreSQL counts is used.</summary>
    [Fact]
    public void AtLeast_PostgresqlCountsMore_IsWhatIsUsed()
    {
        var before = new Outlook { FreeBytes = 20 * GiB, SlowRate = GiB / 24, Days = new DaysToFull(15, 20, 25), DaysToCap = new DaysToFull(60, 70, 80) };

        var now = before.AtLeast(95 * GiB, 100 * GiB);

        Assert.Equal(5 * GiB, now.FreeBytes);
        Assert.Equal(new DaysToFull(3.75, 5, 6.25), now.Days);
        Assert.Equal(new DaysToFull(48.75, 55, 61.25), now.DaysToCap);
        Assert.Equal("CloudWatch's last value is behind: PostgreSQL counts 15.0 GiB more by now.", Assert.Single(now.Doubts));
        Assert.Equal(0, before.AtLeast(101 * GiB, 100 * GiB).FreeBytes);
    }

    // It never sees all that is used, and neither is read at one moment.
    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(81)]
    public void AtLeast_PostgresqlCountsNoMore_ChangesNothing(double usedGiB)
    {
        var before = new Outlook { FreeBytes = 20 * GiB, Days = new DaysToFull(15, 20, 25) };

        Assert.Same(before, before.AtLeast(usedGiB * GiB, 100 * GiB));
        Assert.Null((before with { FreeBytes = null }).AtLeast(99 * GiB, 100 * GiB).FreeBytes);
    }

    [Fact]
    public void Faults_AreDoubtsOfAnyForecast()
    {
        foreach (var hours in new[] { Growing, History.Hours(360, _ => 40), [] })
            Assert.Contains("CloudWatch said less.", Of(Past(hours) with { Faults = ["CloudWatch said less."] }).Doubts);
    }

    [Fact]
    public void Cluster_GrowsToTheLimitOfAurora()
    {
        // A TiB a day.
        var outlook = OutlookRules.OfCluster(Past(History.Hours(360, back => (80 * 1024) - (back * 1024 / 24.0))), null, Now);

        Assert.Equal(48 * 1024 * GiB, outlook.FreeBytes);
        Assert.Equal(48, outlook.Days!.Value.Likely, 0.5);
        Assert.Null(outlook.DaysToCap);
    }

    // 13,000 days to 128 TiB, and 5 to what the tag allows.
    [Fact]
    public void Cluster_FarFromTheLimitAndNearItsCap_IsForecastToTheCap()
    {
        var past = Past(History.Hours(360, back => 500 - (back * 10 / 24.0)));

        var outlook = OutlookRules.OfCluster(past, 550, Now);

        Assert.Equal(5, outlook.DaysToCap!.Value.Likely, 0.2);
        Assert.Equal(DaysToFull.Furthest, outlook.Days!.Value.Likely);
        Assert.Equal((131_072 - 500) * GiB, outlook.FreeBytes);
        // Nobody asked how long that lasts.
        Assert.Null(OutlookRules.OfCluster(past, null, Now).Days);
    }

    [Fact]
    public void Cluster_NothingMeasured_IsNotKnown()
    {
        var outlook = OutlookRules.OfCluster(Past(), 550, Now);

        Assert.Null(outlook.FreeBytes);
        Assert.NotNull(outlook.Unknown);
    }

    [Fact]
    public void LastResize_IsTheLastThatBeganOrEnded()
    {
        Resize Begun(int hoursAgo, int? ended) => new(Now.AddHours(-hoursAgo), ended is { } ago ? Now.AddHours(-ago) : null);

        Assert.Null(OutlookRules.LastResize([]));
        Assert.Equal(Now.AddHours(-3), OutlookRules.LastResize([Begun(5, 3), Begun(40, 39)]));
        Assert.Equal(Now.AddHours(-1), OutlookRules.LastResize([Begun(5, 3), Begun(1, null)]));
    }
}
