using Automation.Lab.Report;
using Automation.Lab.Report.Charts;

namespace Automation.Tests.Lab.Report;

public sealed class LabelRowsTests
{
    private static readonly TimeAxis Axis = TimeAxis.Of(Recorded.Start, Recorded.Start, Recorded.At(100), 0, 1000);

    [Fact]
    public void Place_FarApart_StandInOneRow() =>
        Assert.All(LabelRows.Place([Event(1, "one"), Event(50, "two")], Axis, 3, 40), mark => Assert.Equal(0, mark.Row));

    [Fact]
    public void Place_CloseTogether_StandBelowEachOther() =>
        Assert.Equal([0, 1, 2], LabelRows.Place([Event(10, "the first"), Event(11, "the second"), Event(12, "the third")], Axis, 3, 40).Select(mark => mark.Row));

    [Fact]
    public void Place_SameWordsCloseTogether_AreOneMark()
    {
        var mark = Assert.Single(LabelRows.Place([Event(10, "RDS-EVENT-0042"), Event(10.5, "RDS-EVENT-0042")], Axis, 3, 40));

        Assert.Equal(("RDS-EVENT-0042 ×2", 2), (mark.Label, mark.Moments.Count));
    }

    [Fact]
    public void Place_MoreThanThereAreRows_StandBelowWithoutTheirLabels()
    {
        var marks = LabelRows.Place([.. Enumerable.Range(0, 6).Select(n => Event(10 + n, $"label number {n}"))], Axis, 3, 40);

        Assert.Equal(6, marks.Count);
        Assert.Equal([0, 1, 2], marks.Where(mark => mark.Label.Length > 0).Select(mark => mark.Row));
        Assert.Equal([3, 3, 3], marks.Where(mark => mark.Label.Length == 0).Select(mark => mark.Row));
    }

    [Fact]
    public void Place_NothingCameOfItAndQuiet_GetsNoLabel()
    {
        var marks = LabelRows.Place([Event(10, "seen"), Event(50, "nothing to do") with { Weight = Weight.Faint }], Axis, 3, 40, quiet: true);

        Assert.Equal([("seen", 0), ("", 1)], marks.Select(mark => (mark.Label, mark.Row)));
    }

    [Fact]
    public void Place_AtTheEnd_LabelStandsToTheLeft()
    {
        var mark = Assert.Single(LabelRows.Place([Event(99, "almost over")], Axis, 3, 40));

        Assert.True(mark.IsLeft);
    }

    [Fact]
    public void Place_WithDuration_LabelStandsBehindIt()
    {
        var mark = Assert.Single(LabelRows.Place([Event(10, "function") with { Took = TimeSpan.FromSeconds(20) }], Axis, 3, 40));

        Assert.Equal((100, 300), (mark.X, mark.End));
    }

    [Fact]
    public void Place_TooLong_IsCut() =>
        Assert.Equal("a very lo…", Assert.Single(LabelRows.Place([Event(10, "a very long label")], Axis, 3, 10)).Label);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Place_Anything_NoLabelLiesOnAnother(int seed)
    {
        var random = new Random(seed);
        var moments = Enumerable.Range(0, 200).Select(_ => random.NextDouble() * 100).Order()
            .Select((at, n) => Event(at, $"label {n} {new string('x', random.Next(20))}") with { Took = TimeSpan.FromSeconds(random.Next(3)) });

        var marks = LabelRows.Place(moments, Axis, 4, 40).Where(mark => mark.Label.Length > 0).ToList();

        Assert.True(marks.Count > 8, $"{marks.Count} labels");
        foreach (var row in marks.GroupBy(mark => mark.Row))
        {
            var boxes = row.Select(Box).OrderBy(box => box.From).ToList();
            Assert.All(boxes.Zip(boxes.Skip(1)), pair => Assert.True(pair.First.To <= pair.Second.From, $"{pair.First} and {pair.Second}"));
        }
    }

    private static (double From, double To) Box(MomentMark mark)
    {
        var width = mark.Label.Length * LabelRows.Character;
        return mark.IsLeft ? (mark.X - 9 - width, mark.End) : (mark.X, mark.End + 9 + width);
    }

    private static RunMoment Event(double seconds, string label) => Recorded.Moment(seconds, MomentKind.Event, label);
}
