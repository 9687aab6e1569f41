using Automation.Failover;

namespace Automation.Tests.Failover.Report;

public sealed class FailoverTextTests
{
    private const string Stored = "s3://reports/failover/orders-staging/2026-11-21T040005Z.html";

    [Fact]
    public void Text_OfATest_HasTheNumbersAtAGlance()
    {
        var lines = FailoverText.Of(Given.Report(), Stored).Split(Environment.NewLine);

        Assert.StartsWith("PASSED: the longest downtime was 11.1 s", lines[0], StringComparison.Ordinal);
        Assert.Contains("  orders-staging, called at 2026-11-21 04:00:05Z", lines);
        Assert.Contains("  budget 60.0 s; each figure may be off by 550 ms", lines);
        Assert.Contains("  way      clients       write        read   first error", lines);
        Assert.Contains("  writer   fresh        10.1 s      10.1 s   timeout at 2.0 s", lines);
        Assert.Contains("  reader   fresh   not measured: timeout", lines);
        Assert.Contains("  4711 acknowledged, 0 of them lost", lines);
        Assert.Contains("  4 without a reliable answer: 1 are there, 3 are not", lines);
        Assert.Contains("  9 tests: 9.8 s / 11.2 s / 14.6 s", lines);
        Assert.Contains("      2.51 * Multi-AZ instance failover started", lines);
        Assert.Contains("  all held: not-staging, not-available", lines);
        Assert.Contains($"  {Stored}", lines);
        Assert.Contains($"  aws s3 cp {Stored} - > failover.html", lines);
    }

    [Fact]
    public void Text_OfALaneThatIsNotBack_SaysAtLeast() => Assert.Contains(
        "> ", FailoverText.Of(Given.Report(Given.Journal(Given.Lane(ProbePath.Writer, ProbeClients.Fresh), (2, 1000, "57P03"))), null), StringComparison.Ordinal);

    [Fact]
    public void Text_OfAVoidTest_DoesNotCallItDowntime()
    {
        var text = FailoverText.Of(Given.Report(Given.Journal(Given.Lane(ProbePath.Writer, ProbeClients.Fresh))) with { Verdict = Verdict.Void, Proven = false, Trend = null, Writes = null }, null);

        Assert.StartsWith("VOID: ", text, StringComparison.Ordinal);
        Assert.Contains("these are no downtimes of one", text, StringComparison.Ordinal);
        Assert.Contains("  writer   fresh          none        none   -", text.Split(Environment.NewLine));
        Assert.Contains("could not be read back", text, StringComparison.Ordinal);
        Assert.DoesNotContain(" 0 ms", text, StringComparison.Ordinal);
        Assert.DoesNotContain("OVER TIME", text, StringComparison.Ordinal);
        Assert.DoesNotContain("s3://", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_OfLostWrites_NamesTheFirst() => Assert.Contains(
        "4711 acknowledged, 2 of them lost: writer, fresh #812; writer, fresh #813", FailoverText.Of(Given.Report() with { Writes = Given.Writes(lost: 2) }, null), StringComparison.Ordinal);

    [Fact]
    public void Text_OfATrendThatGotWorse_SaysSo() => Assert.Contains(
        "9 tests: 9.8 s / 11.2 s / 14.6 s; this one got worse", FailoverText.Of(Given.Report() with { Trend = Given.Report().Trend! with { GotWorse = true } }, null), StringComparison.Ordinal);

    [Fact]
    public void Text_OfAHostileEvent_KeepsItOnItsLine()
    {
        var report = Given.Report() with { Timeline = [new(TimeSpan.Zero, "call\r\nPASSED: all is well", true)], Advice = ["one\nWHAT TO DO NEXT"] };

        var lines = FailoverText.Of(report, null).Split(Environment.NewLine);

        Assert.DoesNotContain(lines, line => line.StartsWith("PASSED: all is well", StringComparison.Ordinal));
        Assert.Single(lines, line => line == "WHAT TO DO NEXT");
    }

    [Fact]
    public void Checks_ThatDoNotHold_ComeFirstAndMarked()
    {
        var lines = FailoverText.OfChecks("it would be refused",
        [
            new(Reasons.NotStaging, true, "tag environment is 'staging'"), new(Reasons.Cooldown, false, "we tested it within the last hour"), new(Reasons.NotAvailable, true, "status is available"),
        ]).Split(Environment.NewLine);

        Assert.Equal(
            [
                "it would be refused", "", "CHECKS",
                "  NO  cooldown               we tested it within the last hour",
                "  ok  not-staging            tag environment is 'staging'",
                "  ok  not-available          status is available",
            ], lines);
    }
}
