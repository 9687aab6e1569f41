using Automation.Storage.Forecast;

namespace Automation.Tests.Storage.Forecast;

public sealed class ResizeEventsTests
{
    private static readonly DateTimeOffset Day = new(2026, 3, 18, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("Applying modification to allocated storage.", false)]
    [InlineData("Applying modification to allocated storage", false)]
    [InlineData("Finished applying modification to allocated storage.", true)]
    [InlineData("Applying autoscaling-initiated modification to allocated storage.", false)]
    [InlineData("Finished applying autoscaling-initiated modification to allocated storage.", true)]
    [InlineData("Storage autoscaling: Finished applying autoscaling-initiated modification to allocated storage", true)]
    [InlineData("Finished applying modification to DB instance class.", null)]
    [InlineData("Allocated storage has been exhausted", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void IsFinished_Message_TellsTheHalf(string? message, bool? finished) => Assert.Equal(finished, ResizeEvents.IsFinished(message));

    [Theory]
    [InlineData("begin 2, end 5", "2-5")]
    [InlineData("end 5, begin 2", "2-5")]
    [InlineData("begin 2, begin 2, end 5, end 5", "2-5")]
    [InlineData("begin 2, end 5, begin 20, end 21", "2-5 20-21")]
    [InlineData("begin 2", "2-")]
    [InlineData("begin 2, end 5, begin 9", "2-5 9-")]
    [InlineData("end 40", "16-40")]
    [InlineData("begin 20, end 22, end 40", "20-22 22-40")]
    [InlineData("begin 2, begin 9, end 11", "2-9 9-11")]
    [InlineData("begin 2, begin 90, end 91", "2-26 90-91")]
    [InlineData("", "")]
    public void Pair_HalvesInAnyOrder_AreResizes(string events, string resizes)
    {
        var halves = events.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(half => half.Split(' '))
            .Select(half => new ResizeEvent(Day.AddHours(int.Parse(half[1], null)), "orders", half[0] == "end"));

        Assert.Equal(resizes, string.Join(' ', ResizeEvents.Pair(halves).GetValueOrDefault("ORDERS", [])
            .Select(resize => $"{(resize.From - Day).TotalHours}-{(resize.To - Day)?.TotalHours}")));
    }

    [Fact]
    public void Pair_SeveralInstances_AreKeptApart()
    {
        var resizes = ResizeEvents.Pair([new(Day, "one", false), new(Day.AddHours(1), "other", true), new(Day.AddHours(2), "one", true)]);

        Assert.Equal([new Resize(Day, Day.AddHours(2))], resizes["one"]);
        Assert.Equal([new Resize(Day.AddHours(-23), Day.AddHours(1))], resizes["other"]);
    }
}
