using Automation.Storage.Forecast;
using static Automation.Tests.Storage.Forecast.History;

namespace Automation.Tests.Storage.Forecast;

public sealed class FastGuardTests
{
    [Fact]
    public void Rate_SteadyGrowth_IsFound() => Assert.Equal(3 * GiB, FastGuard.Rate(Minutes(180, back => 90 - (back * 3 / 60.0)), Now)!.Value, 1);

    public static TheoryData<string, Func<int, double>> NotSteady => new()
    {
        { "flat", _ => 90 },
        { "one jump", back => back < 30 ? 90 : 50 },
        { "a jump in three steps", back => back < 10 ? 90 : back < 20 ? 80 : back < 30 ? 70 : 60 },
        { "growth that ended half an hour ago", back => back < 30 ? 90 : 90 - (back - 30) },
        { "shrinking", back => 50 + back },
        { "up and down", back => 50 + (back / 10 % 2 * 10) },
    };

    [Theory, MemberData(nameof(NotSteady))]
    public void Rate_NotSteady_IsNone(string name, Func<int, double> gib) => Assert.True(FastGuard.Rate(Minutes(180, gib), Now) is null, name);

    [Fact]
    public void Rate_JumpWithinSteadyGrowth_IsNotCounted() =>
        Assert.Equal(3 * GiB, FastGuard.Rate(Minutes(180, back => (back < 25 ? 130 : 90) - (back * 3 / 60.0)), Now)!.Value, 1);

    [Theory]
    [InlineData(0, 10)]
    [InlineData(25, 35)]
    public void Rate_TenMinutesMissing_IsUnknown(int from, int to)
    {
        var used = Minutes(180, back => 90 - (back * 3 / 60.0));
        var missing = used with { Readings = [.. used.Readings.Where(reading => (Now - reading.At).TotalMinutes is var back && (back < from || back > to))] };

        // Pieces of ten minutes end at the last reading: a gap must be longer than one to leave one empty.
        Assert.Equal(from != 0, FastGuard.Rate(missing, Now) is not null);
    }

    [Fact]
    public void Rate_NoReadings_IsUnknown() => Assert.Null(FastGuard.Rate(UsedSeries.OfCluster([]), Now));
}
