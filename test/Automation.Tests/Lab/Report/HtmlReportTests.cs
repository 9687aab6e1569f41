using System.Text.RegularExpressions;
using System.Xml.Linq;
using Automation.Lab.Report;

namespace Automation.Tests.Lab.Report;

public sealed partial class HtmlReportTests
{
    private const string Hostile = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>&\u202e";

    [Fact]
    public void Render_SameRecord_SamePage() => Assert.Equal(HtmlReport.Render(Recorded.Night), HtmlReport.Render(Recorded.Night with { }));

    [Fact]
    public void Render_NothingRecorded_SaysThatNothingWasShown()
    {
        var page = HtmlReport.Render(Recorded.Empty);

        Assert.Contains("Nothing was checked.", page, StringComparison.Ordinal);
        Assert.Contains("<header class=\"failed\">", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_Night_HasEveryPart()
    {
        var page = HtmlReport.Render(Recorded.Night);

        Assert.All(
            [
                "<header class=\"passed\">", "The one check holds.", "seed 7", "Night: a connection storm", "What is at stake.", "a new login succeeds after", "RDS-EVENT-0013",
                "5 sessions ended", "Ended 5 of 93 sessions.", "<td>4711</td>", "First line\nSecond line", "orders, writer: 2100 ms, measured 2031 and 2044 ms",
                "100 slots", "40 GiB allocated", "RebootDBInstance", "97 MB", "of 512 MB",
            ],
            text => Assert.Contains(text, Lines().Replace(page, ""), StringComparison.Ordinal));
    }

    [Fact]
    public void Render_OneCheckFails_IsFailed()
    {
        var page = HtmlReport.Render(Recorded.Night with
        {
            Chapters = [Recorded.Chapter(new RunCheck(Recorded.At(1), Phase.Proof, "one", true, ""), new RunCheck(Recorded.At(2), Phase.Proof, "two", false, "it is not"))],
        });

        Assert.Contains("<header class=\"failed\">", page, StringComparison.Ordinal);
        Assert.Contains("1 of 2 checks does not hold.", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_BrokenOff_SaysWhy() =>
        Assert.Contains("The run was broken off: moto ended.", HtmlReport.Render(Recorded.Night with { Broken = "moto ended." }), StringComparison.Ordinal);

    [Theory]
    [InlineData(0, 0, "no refusal")]
    [InlineData(1, 0, "1 refusal, each with a reason")]
    [InlineData(2, 1, "3 refusals, 1 without a reason")]
    public void Render_Refusals_AreCountedWithTheirReasons(int explained, int unexplained, string words)
    {
        var page = HtmlReport.Render(Recorded.Night with
        {
            Decisions =
            [
                .. Enumerable.Repeat(Recorded.Decision("refused", "not-opted-in", "{}"), explained), .. Enumerable.Repeat(Recorded.Decision("refused", "", "{}"), unexplained),
            ],
        });

        Assert.Contains($"<small>{words}</small>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_ActionsThatWereRefused_AreNotTaken() => Assert.Contains("<span>Actions taken</span><b>1</b>", HtmlReport.Render(Recorded.Night with
    {
        Moments = [Recorded.Moment(1, MomentKind.Action, "done"), Recorded.Moment(2, MomentKind.Action, "refused by AWS") with { Weight = Weight.Bad }],
    }), StringComparison.Ordinal);

    [Fact]
    public void Render_HostileTextEverywhere_NoneOfItIsMarkup()
    {
        var page = HtmlReport.Render(Poisoned());

        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.DoesNotContain("\u202e", page, StringComparison.Ordinal);
        Assert.DoesNotContain("&#x202E;", page, StringComparison.OrdinalIgnoreCase);
        Assert.Single(Scripts().Matches(page));
        // Every place shows it, as text.
        Assert.True(Escaped().Count(page) >= 25, $"shown {Escaped().Count(page)} times");
    }

    [Fact]
    public void Render_AnyRecord_LoadsNothing()
    {
        var page = HtmlReport.Render(Recorded.Night);

        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        Assert.DoesNotMatch(Loading(), page);
    }

    [Fact]
    public void Render_Drawings_AreWellFormed()
    {
        var drawings = Drawings().Matches(HtmlReport.Render(Poisoned()));

        Assert.NotEmpty(drawings);
        Assert.All(drawings.Select(drawing => drawing.Value), drawing => Assert.Equal("svg", XElement.Parse(drawing).Name.LocalName));
    }

    [Fact]
    public void Render_NumbersOfDrawings_AreFinite() => Assert.DoesNotMatch(NotNumbers(), HtmlReport.Render(Recorded.Night with { Series = [Recorded.Series(Measure.Active, _ => null)] }));

    private static RunRecord Poisoned() => Recorded.Night with
    {
        Options = [new RunOption(Hostile, Hostile)],
        Broken = Hostile,
        Series = [.. Recorded.Night.Series.Select(series => series with { Database = Hostile })],
        Probes = [.. Recorded.Night.Probes.Select(probe => probe with { Database = Hostile })],
        Outages = [.. Recorded.Night.Outages.Select(outage => outage with { Database = Hostile, Way = Hostile })],
        Moments = [.. Recorded.Night.Moments.Select(moment => moment with { Label = Hostile, Text = Hostile })],
        Decisions =
        [
            Recorded.Decision(Hostile, Hostile, $$"""{"plain":{{Json}},{{Json}}:[{{{Json}}:{{Json}}}],"list":[{{Json}}]}""") with
            {
                Function = Hostile, Mode = Hostile, Database = Hostile, Summary = Hostile,
            },
        ],
        Invocations = [.. Recorded.Night.Invocations.Select(one => one with { Function = Hostile })],
        Messages = [.. Recorded.Night.Messages.Select(one => one with { Subject = Hostile, Text = $"{Hostile}\n{Hostile}", Topic = Hostile, Severity = Hostile })],
        Chapters =
        [
            Recorded.Chapter(
                new RunLine(Recorded.At(1), Phase.Happened, Hostile), new RunStep(Recorded.At(1), Phase.Happened, Hostile, TimeSpan.Zero, Hostile),
                new RunTable(Recorded.At(1), Phase.Decided, Hostile, [Hostile], [[Hostile]]), new RunSighting(Recorded.At(1), Hostile, Hostile, [new RunOption(Hostile, Hostile)]),
                new RunCheck(Recorded.At(1), Phase.Proof, Hostile, false, Hostile)) with
            { Title = Hostile, When = Hostile, About = Hostile },
        ],
        Changes = [new RunCall(Recorded.At(1), Hostile, Hostile, Hostile, Hostile, 0)],
    };

    private static string Json => System.Text.Json.JsonSerializer.Serialize(Hostile);

    [GeneratedRegex(@"(?<=>)\s+|\s+(?=<)")]
    private static partial Regex Lines();

    [GeneratedRegex("<script")]
    private static partial Regex Scripts();

    [GeneratedRegex("&lt;script&gt;alert")]
    private static partial Regex Escaped();

    [GeneratedRegex("""(src|href)\s*=\s*["'](?!data:|#)|@import|url\(""")]
    private static partial Regex Loading();

    [GeneratedRegex("<svg.*?</svg>", RegexOptions.Singleline)]
    private static partial Regex Drawings();

    [GeneratedRegex("""(x|y|d|width|height|cx|cy)="[^"]*(NaN|Infinity|∞)""")]
    private static partial Regex NotNumbers();
}
