using Automation.Outcomes;
using Automation.Storage;
using Automation.Storage.Forecast;

namespace Automation.Tests.Storage;

public sealed class WarningRulesTests
{
    private const double GiB = Given.GiB;

    private static readonly Outlook Calm = new() { FreeBytes = 50 * GiB };

    private static StorageReport Report(Outlook? outlook = null, Volume? volume = null, StoragePolicy? policy = null) => new()
    {
        Facts = new GrowthFacts { Volume = volume ?? Given.Volume(), Outlook = outlook ?? Calm, Diagnosis = Diagnoses.None, History = [] },
        Policy = policy ?? Given.Policy,
    };

    private static Outlook Full(double low, double freeGiB = 50, double? gibPerDay = null) =>
        new() { FreeBytes = freeGiB * GiB, Days = new DaysToFull(low, low * 2, low * 3), SlowRate = gibPerDay * GiB / 24 };

    private static Volume Aurora() => Given.Volume(OutlookRules.AuroraGiB, "aurora") with { Database = Given.Database with { Engine = "aurora-postgresql" } };

    private static IReadOnlyList<Warning> Of(StorageReport report, params (string Id, double? Bytes)[] local) => WarningRules.Of(report, local, Given.Now);

    private static Warning Only(StorageReport report, params (string Id, double? Bytes)[] local) => Assert.Single(Of(report, local));

    [Fact]
    public void NothingWrong_WarnsOfNothing() => Assert.Empty(Of(Report(), ("orders-1", 20 * GiB)));

    // The soonest counts, against the tag's horizon (7 days unless it says otherwise) and the time a person needs (4 hours).
    [Theory]
    [InlineData(0.0, "critical")]
    [InlineData(0.16, "critical")]
    [InlineData(0.17, "warning")]
    [InlineData(6.99, "warning")]
    [InlineData(7.0, null)]
    public void Full_WithinTheHorizon_IsLouderTheSoonerItIs(double low, string? severity)
    {
        var found = Of(Report(Full(low)));

        Assert.Equal(severity is null ? [] : [(Reasons.FillsSoon, Enum.Parse<Severity>(severity, ignoreCase: true))], found.Select(one => (one.Reason, one.Severity)));
    }

    [Fact]
    public void Full_OtherTimesInTheTag_Count()
    {
        var policy = Given.Policy with { Horizon = TimeSpan.FromDays(20), React = TimeSpan.FromDays(10) };

        Assert.Equal((Reasons.FillsSoon, Severity.Critical), (Only(Report(Full(9), policy: policy)).Reason, Only(Report(Full(9), policy: policy)).Severity));
        Assert.Equal(Severity.Warning, Only(Report(Full(19), policy: policy)).Severity);
        Assert.Empty(Of(Report(Full(20), policy: policy)));
    }

    [Fact]
    public void StorageFull_IsCriticalWhateverIsMeasured()
    {
        var full = Given.Volume() with { Database = Given.Database with { Status = "storage-full" } };

        foreach (var outlook in new[] { Calm, Full(100) })
            Assert.Equal((Reasons.FillsSoon, "it is full", Severity.Critical), (Only(Report(outlook, full)).Reason, Only(Report(outlook, full)).Sentence, Only(Report(outlook, full)).Severity));
    }

    [Theory]
    [InlineData(6.99, true)]
    [InlineData(7.0, false)]
    public void Cap_WithinTheHorizon_IsToldWithItsName(double low, bool warns)
    {
        var outlook = Full(100) with { DaysToCap = new DaysToFull(low, low + 1, low + 2) };

        var found = Of(Report(outlook));

        if (!warns) Assert.Empty(found);
        else Assert.Contains("(max=1000 of the tag)", Assert.Single(found, one => one is { Reason: Reasons.FillsSoon, Severity: Severity.Warning }).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Cap_OfADiskThatIsFullBefore_IsNotToldToo() =>
        Assert.Equal("it is full in 3 days to 9 days, most likely 6 days", Only(Report(Full(3) with { DaysToCap = new DaysToFull(4, 5, 6) })).Sentence);

    [Fact]
    public void Autoscaling_FillsAtItsEndOnly()
    {
        var volume = Given.Volume() with { AutoscalingCapGiB = 200 };

        Assert.Empty(Of(Report(Full(3) with { DaysToCap = new DaysToFull(30, 40, 50) }, volume)));
        Assert.Contains("(MaxAllocatedStorage of 200 GiB)", Only(Report(Full(1) with { DaysToCap = new DaysToFull(3, 4, 5) }, volume)).Sentence, StringComparison.Ordinal);
    }

    // 390 GiB grow to 429 at least: past 400, where RDS copies.
    [Theory]
    [InlineData(29.9, false, true)]
    [InlineData(30.0, false, false)]
    [InlineData(29.9, true, false)]
    public void MoreRoom_ThatCannotBeHad_IsToldAMonthAhead(double low, bool mayCopy, bool warns)
    {
        var report = Report(Full(low), Given.Volume(390), Given.Policy with { MayCopy = mayCopy });

        if (!warns) Assert.Empty(Of(report));
        else Assert.Equal((Reasons.CannotGrowFurther, Severity.Warning), (Only(report).Reason, Only(report).Severity));
    }

    // Of 340 GiB the smallest step is 374, which is allowed; what is needed is past 400.
    [Fact]
    public void MoreRoom_ThatDoesNotLast_IsToldToo()
    {
        var found = Only(Report(Full(10, freeGiB: 20, gibPerDay: 12), Given.Volume(340)));

        Assert.Equal(Reasons.CannotGrowFurther, found.Reason);
        Assert.Contains("cannot be grown as far as it has to be", found.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void MoreRoom_OfWhatGrowsByItself_IsNotOurs()
    {
        Assert.Empty(Of(Report(Full(10), Given.Volume(390) with { AutoscalingCapGiB = 450 })));
        Assert.Empty(Of(Report(Full(10), Aurora())));
        // Unless RDS has no step left that it would take.
        Assert.Equal(Reasons.CannotGrowFurther, Only(Report(Full(10), Given.Volume(390) with { AutoscalingCapGiB = 395 })).Reason);
    }

    [Fact]
    public void NothingMeasured_IsTold()
    {
        var found = Only(Report(new Outlook { FreeBytes = null, Unknown = "There is no reading." }));

        Assert.Equal((Reasons.CannotForecast, "CloudWatch has no recent value of its storage: There is no reading", Severity.Warning), (found.Reason, found.Sentence, found.Severity));
    }

    // A database of a day has no forecast yet, and that is no fault.
    [Fact]
    public void NoForecastOfWhatIsMeasured_IsNoWarning() => Assert.Empty(Of(Report(Calm with { Unknown = "There are 6 hourly readings." })));

    [Fact]
    public void Alarms_ThatDoNotFit_AreEachTold()
    {
        var found = Of(Report() with { Alarms = ["alarm one", "alarm two"] });

        Assert.Equal([new(Reasons.AlarmOutgrown, "alarm one", Severity.Warning), new(Reasons.AlarmOutgrown, "alarm two", Severity.Warning)], found);
    }

    [Theory]
    [InlineData(0.0, true)]
    [InlineData(1.99, true)]
    [InlineData(2.0, false)]
    [InlineData(null, false)]
    public void LocalStorage_Low_IsToldOfThatInstance(double? freeGiB, bool warns)
    {
        var found = Of(Report(volume: Aurora()), ("orders-1", 20 * GiB), ("orders-2", freeGiB * GiB));

        if (!warns) Assert.Empty(found);
        else
        {
            Assert.Equal((Reasons.LocalStorageLow, Severity.Warning), (Assert.Single(found).Reason, found[0].Severity));
            Assert.StartsWith("instance orders-2 has ", found[0].Sentence, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Several_GravestFirst()
    {
        var report = Report(Full(0.1, freeGiB: 1), Given.Volume(390)) with { Alarms = ["an alarm"] };

        Assert.Equal([Reasons.FillsSoon, Reasons.CannotGrowFurther, Reasons.AlarmOutgrown, Reasons.LocalStorageLow], Of(report, ("orders-1", 1)).Select(one => one.Reason));
        Assert.Equal([Reasons.CannotForecast, Reasons.AlarmOutgrown],
            Of(Report(new Outlook { FreeBytes = null, Unknown = "why" }) with { Alarms = ["an alarm"] }).Select(one => one.Reason));
    }
}
