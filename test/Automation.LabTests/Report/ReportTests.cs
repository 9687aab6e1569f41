using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Automation.Lab;
using Automation.Lab.Incidents;
using Automation.Lab.Report;

namespace Automation.LabTests.Report;

/// <summary>The report of a real run, looked at in a real browser.</summary>
public sealed partial class ReportTests(ReportFixture fixture) : IClassFixture<ReportFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Record_OfTheStorm_HasWhatHappened()
    {
        var record = fixture.Record;

        Assert.True(record.Succeeded, string.Join('\n', record.Checks.Where(check => !check.Holds).Select(check => $"{check.Claim}: {check.Seen}")));
        Assert.Contains(record.Decisions, decision => decision is { Capability: "connections", Decision: "acted", Database: LocalLab.DatabaseId });
        Assert.All([MomentKind.Event, MomentKind.Function, MomentKind.Decision, MomentKind.Action, MomentKind.Message, MomentKind.Check],
            kind => Assert.Contains(record.Moments, moment => moment.Kind == kind));
        Assert.Contains(record.Invocations, invocation => invocation is { Init: not null, MemoryMB: > 0 });
        Assert.Contains(record.Messages, message => message.Text.Length > 0);
        Assert.Contains(record.Changes, change => change is { By: "automation", Service: "dynamodb" });
    }

    [Fact]
    public void Record_OfTheStorm_SawTheSlotsRunOutAndComeBack()
    {
        var attempts = Assert.Single(fixture.Record.Probes).Attempts;
        var locked = attempts.Where(attempt => attempt is { LoggedIn: false, Error: not null } && attempt.Error.StartsWith("53300", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(locked);
        Assert.Contains(attempts, attempt => attempt.Wrote && attempt.At < locked[0].At);
        Assert.Contains(attempts, attempt => attempt.Wrote && attempt.At > locked[^1].At);
        double Highest(Measure measure) => fixture.Record.Series.Single(series => series.Measure == measure).Points.Max(point => point.Value ?? 0);
        Assert.True(Highest(Measure.IdleInTransaction) >= 20, $"{Highest(Measure.IdleInTransaction)} idle in transaction");
        Assert.Equal(100, Highest(Measure.Slots));
        Assert.True(Highest(Measure.LoginsRefused) > 0);
    }

    [Fact]
    public void Page_OfTheRun_HasNoSecret()
    {
        // Two keys of each function, the master's password, and those of all that logged in: the storm, its replica and the report itself.
        Assert.All(fixture.Secrets, secret => Assert.NotEmpty(secret.Value));
        Assert.Superset(
            new HashSet<string> { $"the password of {DatabaseWatch.ProbeRole} on {LocalLab.DatabaseId}", $"the master password of {LocalLab.DatabaseId}", $"the secret key of {ConnectionStormIncident.Function}", $"the password of checkout on {LocalLab.DatabaseId}", $"the password of replica on {LocalLab.DatabaseId}" },
            fixture.Secrets.Select(secret => secret.Name).ToHashSet());
        Assert.Empty(KnownSecrets.In(fixture.Html, fixture.Secrets));
        Assert.DoesNotContain("X-Amz-Signature", fixture.Html, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Page_InABrowser_ShowsTheWholeRun()
    {
        var (page, record) = (await fixture.OpenAsync(1600), fixture.Record);

        Assert.Equal("passed", Assert.Single(await page.TextsAsync("header .verdict", Cancellation)));
        Assert.Equal(record.Chapters.Count, await page.CountAsync("section.part", Cancellation));
        Assert.Equal(record.Decisions.Select(decision => decision.Summary), await page.TextsAsync("article.decision > p:not(.faint)", Cancellation));
        Assert.Equal(record.Decisions.Count, await page.CountAsync("article.decision > table.facts, article.decision > p.faint", Cancellation));
        Assert.Equal(record.Messages.Select(message => message.Subject), await page.TextsAsync("article.message h4", Cancellation));
        Assert.Equal(record.Messages.Select(message => message.Text.TrimStart('\n')), await page.TextsAsync("article.message pre", Cancellation));
        Assert.Equal(record.Checks.Count(), await page.CountAsync("ul.checks li.holds", Cancellation));
        Assert.Equal(FunctionFigures.Of(record.Invocations).Select(figures => figures.Function), await page.TextsAsync("#functions tbody tr > td:first-child", Cancellation));
        Assert.Equal(record.Changes.Count, await page.CountAsync("#changes tbody tr", Cancellation));
        Assert.Equal(record.Moments.Count, await page.CountAsync("#log tbody tr", Cancellation));
    }

    [Theory]
    [InlineData(".area.s-intx")]
    [InlineData(".area.s-active")]
    [InlineData(".area.s-in")]
    [InlineData(".strip .bad")]
    [InlineData(".strip .good")]
    [InlineData(".moment.m-event path")]
    [InlineData(".moment.m-function rect")]
    [InlineData(".moment.m-decision circle")]
    [InlineData(".moment.m-action path")]
    [InlineData(".moment.m-message path")]
    public async Task Timeline_InABrowser_Draws(string selector)
    {
        var page = await fixture.OpenAsync(1600);

        // Drawn, and not only there.
        Assert.True(await page.IsAsync(
            $"[...document.querySelectorAll('#timeline svg {selector}')].some(e => {{ const box = e.getBoundingClientRect(); return box.width > 1 && box.height > 1; }})", Cancellation));
    }

    [Fact]
    public async Task Timeline_InABrowser_LabelsDoNotLieOnEachOther()
    {
        var page = await fixture.OpenAsync(1600);

        var overlapping = await page.EvaluateAsync("""
            [...document.querySelectorAll('svg.timeline')].flatMap(svg => {
              const boxes = [...svg.querySelectorAll('.moment .label')].map(e => ({ text: e.textContent, box: e.getBoundingClientRect() }));
              return boxes.flatMap((a, n) => boxes.slice(n + 1).filter(b => a.box.left < b.box.right - 1 && b.box.left < a.box.right - 1
                && a.box.top < b.box.bottom - 4 && b.box.top < a.box.bottom - 4).map(b => a.text + ' / ' + b.text));
            })
            """, Cancellation);

        Assert.Empty(overlapping.EnumerateArray());
    }

    [Theory]
    [InlineData(1600)]
    [InlineData(800)]
    public async Task Page_OnAScreen_IsNotWiderThanIt(int width)
    {
        var page = await fixture.OpenAsync(width);

        Assert.Equal(width, (await page.EvaluateAsync("innerWidth", Cancellation)).GetInt32());
        // Its scroll bar is a part of the screen.
        Assert.True(await page.IsAsync("document.documentElement.scrollWidth <= document.documentElement.clientWidth", Cancellation));
    }

    [Fact]
    public async Task Page_WhenPointedAt_TellsTimeAndValues()
    {
        var page = await fixture.OpenAsync(1600);
        var box = await page.EvaluateAsync("(() => { const b = document.querySelector('#timeline svg').getBoundingClientRect(); return [b.left + b.width * 0.8, b.top + b.height * 0.6]; })()", Cancellation);

        await page.PointAsync(box[0].GetDouble(), box[1].GetDouble(), Cancellation);

        var tip = Assert.Single(await page.TextsAsync("#timeline .tip:not([hidden])", Cancellation));
        Assert.Matches("^\\d+:\\d\\d\\.\\d", tip);
        Assert.Contains($"{LocalLab.DatabaseId}: active", tip, StringComparison.Ordinal);
        Assert.Empty(page.Problems);
    }

    [Fact]
    public async Task Page_InABrowser_HasNoProblemAndAsksTheNetworkForNothing()
    {
        var page = await fixture.OpenAsync(1600);

        Assert.Equal("ran", (await page.EvaluateAsync("document.documentElement.dataset.script", Cancellation)).GetString());
        Assert.Empty(page.Problems);
        Assert.Single(page.Requests, request => !request.StartsWith("data:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Page_OfHostileText_RunsNoneOfIt()
    {
        const string Hostile = "<script>window.taken = true</script><img src=x onerror=\"window.taken = true\">";
        var record = fixture.Record;
        var page = await fixture.OpenAsync(HtmlReport.Render(record with
        {
            Moments = [.. record.Moments.Select(moment => moment with { Label = Hostile, Text = Hostile })],
            Messages = [.. record.Messages.Select(message => message with { Subject = Hostile, Text = Hostile })],
            Series = [.. record.Series.Select(series => series with { Database = Hostile })],
        }), 1600);

        Assert.False(await page.IsAsync("window.taken === true", Cancellation));
        Assert.Equal(0, await page.CountAsync("img", Cancellation));
        Assert.Contains(Hostile, await page.TextsAsync("article.message pre", Cancellation));
        Assert.Empty(page.Problems);
    }

    /// <summary>Where the browser does not do it, the test above would pass of itself.</summary>
    [Fact]
    public async Task Problems_OfABrokenPage_AreSeen()
    {
        var page = await fixture.OpenAsync("<!doctype html><script>undefined.nothing</script><img src=\"missing.png\">", 1600);

        Assert.Contains(page.Problems, problem => problem.Contains("TypeError", StringComparison.Ordinal));
        Assert.Equal(2, page.Requests.Count);
    }

    [Fact]
    public async Task Page_Printed_IsA4Landscape()
    {
        var page = await fixture.OpenAsync(1600);

        var printed = await page.PrintAsync(Cancellation);

        Assert.Equal("%PDF-"u8, printed.AsSpan(0, 5));
        var papers = Papers().Matches(Encoding.Latin1.GetString(printed)).ToList();
        // 297 by 210 mm in points; more than one sheet, or something was cut off.
        Assert.True(papers.Count > 1, $"{papers.Count} pages");
        Assert.All(papers, paper => Assert.Equal((842d, 595d), (Points(paper.Groups["width"]), Points(paper.Groups["height"])), Within(1)));
    }

    private static double Points(Group group) => double.Parse(group.ValueSpan, CultureInfo.InvariantCulture);

    private static EqualityComparer<(double Width, double Height)> Within(double points) => EqualityComparer<(double Width, double Height)>.Create(
        (a, b) => Math.Abs(a.Width - b.Width) <= points && Math.Abs(a.Height - b.Height) <= points, _ => 0);

    [GeneratedRegex(@"/MediaBox\s*\[\s*0\s+0\s+(?<width>[\d.]+)\s+(?<height>[\d.]+)\s*\]")]
    private static partial Regex Papers();
}
