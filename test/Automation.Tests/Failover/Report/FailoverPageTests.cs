using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Automation.Failover;

namespace Automation.Tests.Failover.Report;

public sealed partial class FailoverPageTests
{
    private const string Hostile = "\"'><script>alert(1)</script>\u202e\r\n&<img src=x onerror=alert(2)>";

    private static FailoverReport Named(string text) => Given.Report(Given.Journal(Given.Lane(ProbePath.Writer, ProbeClients.Fresh), (2, 5, text))) with
    {
        Database = Given.Database() with { Id = text, Engine = text, EngineVersion = text },
        Target = text,
        Reason = text,
        Sentence = text,
        Silent = [new SilentLane(Given.Lane(ProbePath.Reader, ProbeClients.Fresh), text)],
        Timeline = [new(TimeSpan.Zero, text), new(Given.Seconds(3), text, IsAnnotation: true)],
        Checks = [new(text, false, text)],
        Advice = [text],
        Writes = Given.Writes(lost: 1) with { FirstLost = [text] },
    };

    [Fact]
    public void Page_LoadsNothingAndRunsNothing()
    {
        var page = FailoverPage.Write(Given.Report());

        Assert.DoesNotMatch(@"(?i)<script|<link|<img|<iframe|\son\w+=|\ssrc=|\shref=|url\(|@import|https?:", page);
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
    }

    // The same markup, whatever the names are: nothing from outside became a part of it.
    [Fact]
    public void Page_OfHostileNames_HasTheMarkupOfHarmlessOnes()
    {
        var (hostile, harmless) = (FailoverPage.Write(Named(Hostile)), FailoverPage.Write(Named("harmless")));

        Assert.Equal(Tag().Matches(harmless).Select(match => match.Value), Tag().Matches(hostile).Select(match => match.Value));
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", hostile, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202e', hostile);
    }

    [Fact]
    public void Drawings_OfThePage_AreWellFormed()
    {
        var drawings = Drawing().Matches(FailoverPage.Write(Given.Report())).Select(match => XDocument.Parse(match.Value)).ToList();

        Assert.Equal(2, drawings.Count);
        IReadOnlyList<string> Texts(XDocument drawing, string style) =>
            [.. drawing.Descendants("text").Where(text => (string?)text.Attribute("class") == style).Select(text => text.Value)];
        Assert.Equal(["writer, fresh", "writer, pooled", "proxy, fresh", "proxy, pooled"], Texts(drawings[0], "lane"));
        Assert.Equal(["write", "read", "write", "read", "write", "read", "write", "read"], Texts(drawings[0], "operation"));
        Assert.Contains("call", Texts(drawings[0], "tick"));
        Assert.Equal(4, drawings[0].Descendants("path").Count(path => (string?)path.Attribute("class") == "new"));
        // All but the last event, which comes long after everything is back; two that are too close share a mark.
        Assert.Equal(["1–2", "3", "4", "5", "6"], drawings[0].Descendants("g").Select(mark => mark.Element("text")!.Value));
        Assert.Equal(4, drawings[1].Descendants("path").Count(path => (string?)path.Attribute("class") == "slow"));
    }

    [Fact]
    public void Page_OfATest_NamesWhatWasMet()
    {
        var page = FailoverPage.Write(Given.Report());

        Assert.Contains("<i class=\"silent\"></i>no answer within 500 ms", page, StringComparison.Ordinal);
        Assert.Contains("<i class=\"readonly\"></i>25006: server takes no writes", page, StringComparison.Ordinal);
        Assert.Contains($"<b>{Words.Span(Given.Report().WriteDowntime!.Value)}</b><small>the longest: writer, pooled</small>", page, StringComparison.Ordinal);
        Assert.Contains("<b>0</b><small>of 4711 acknowledged</small>", page, StringComparison.Ordinal);
        Assert.Contains("19 % of it used", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Page_OfAVoidTest_ShowsNoDowntime()
    {
        var page = FailoverPage.Write(Given.Report(Given.Journal(Given.Lane(ProbePath.Writer, ProbeClients.Fresh))) with { Verdict = Verdict.Void, Proven = false, Trend = null, Writes = null });

        Assert.Contains("<header class=\"void\">", page, StringComparison.Ordinal);
        Assert.Contains("<b>&#x2013;</b><small>no proven failover</small>", page, StringComparison.Ordinal);
        Assert.DoesNotContain(">0 ms", page, StringComparison.Ordinal);
    }

    // Six minutes, every other attempt failing with another error: no cell is like the one before.
    [Fact]
    public void Page_OfALongAndRestlessTest_StaysSmall()
    {
        string[] errors = [ErrorClasses.Timeout, "57P03", "25006", ErrorClasses.Refused, ErrorClasses.Lost];
        var journals = Enum.GetValues<ProbePath>().SelectMany(path => Enum.GetValues<ProbeClients>().Select(clients => new LaneJournal(
            Given.Lane(path, clients), [.. Enumerable.Range(0, 7_200).Select(i => new ProbeAttempt
            {
                Started = i * Given.Times.Interval, Ended = i * Given.Times.Interval + TimeSpan.FromMilliseconds(40), Sequence = i,
                Read = i % 2 == 0 ? i * Given.Times.Interval + TimeSpan.FromMilliseconds(20) : null, Error = i % 2 == 0 ? null : errors[i / 2 % errors.Length],
            })]))).ToArray();
        var report = Given.Report(journals) with
        {
            Ended = TimeSpan.FromMinutes(6),
            Timeline = [.. Enumerable.Range(0, 10_000).Select(i => new TimelineEvent(TimeSpan.FromMilliseconds(i), new string('<', 1_000)))],
        };

        Assert.InRange(Encoding.UTF8.GetByteCount(FailoverPage.Write(report)), 1, 300_000);
    }

    [Fact]
    public void Page_InACultureWithACommaAsPoint_IsTheSame()
    {
        var (culture, expected) = (CultureInfo.CurrentCulture, FailoverPage.Write(Given.Report()));
        try
        {
            var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (other.NumberFormat.NumberDecimalSeparator, other.NumberFormat.NegativeSign, other.DateTimeFormat.TimeSeparator) = (",", "~", ".");
            CultureInfo.CurrentCulture = other;

            Assert.Equal(expected, FailoverPage.Write(Given.Report()));
            Assert.Contains("0,5", $"{0.5}", StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("<svg.*?</svg>", RegexOptions.Singleline)]
    private static partial Regex Drawing();
}
