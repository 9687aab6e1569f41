using System.Text.Json;
using Automation.Failover;

namespace Automation.Tests.Failover.Report;

public sealed class FailoverDetailsTests
{
    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(member => member.Name);

    [Fact]
    public void Details_OfATest_HaveTheMembersOfTheReadme()
    {
        var details = FailoverDetails.Of(Given.Report(), "s3://reports/failover/orders-staging/2026-11-21T040005Z.html");

        Assert.Equal(
            ["verdict", "paths", "writes", "resolutionMs", "timeline", "budgetMs", "trend", "unmeasured", "checks", "advice", "report"], Names(details));
        Assert.Equal("passed", details.GetProperty("verdict").GetString());
        Assert.Equal(550, details.GetProperty("resolutionMs").GetInt64());
        Assert.Equal(60000, details.GetProperty("budgetMs").GetInt64());
        Assert.Equal("""{"acknowledged":4711,"lost":0,"unknownPresent":1,"unknownAbsent":3,"duplicated":0,"unexpected":0,"firstLost":[]}""", details.GetProperty("writes").GetRawText());
        Assert.Equal("""{"tests":9,"leastMs":9800,"medianMs":11200,"mostMs":14600,"gotWorse":false}""", details.GetProperty("trend").GetRawText());
        Assert.Equal("""[{"path":"reader","clients":"fresh","error":"timeout"}]""", details.GetProperty("unmeasured").GetRawText());
        Assert.Equal("""{"check":"not-available","holds":true,"seen":"status is available"}""", details.GetProperty("checks")[1].GetRawText());
        Assert.Equal("""{"atMs":2510,"event":"Multi-AZ instance failover started.","annotation":true}""", details.GetProperty("timeline")[3].GetRawText());
        Assert.Equal("""{"atMs":310,"event":"RDS accepted the call"}""", details.GetProperty("timeline")[1].GetRawText());
        Assert.EndsWith(".html", details.GetProperty("report").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Path_OfALane_HasItsDowntimeAndWhatItMet()
    {
        var path = FailoverDetails.Of(Given.Report(), null).GetProperty("paths")[0];

        // Of the last good answer at 1.952 s after the call, or just before, until the first one at 12.0 s and the length of its attempt.
        Assert.InRange(path.GetProperty("writeDowntimeMs").GetInt64(), 10_000, 10_110);
        Assert.InRange(path.GetProperty("readDowntimeMs").GetInt64(), 10_000, 10_110);
        Assert.Equal("timeout", path.GetProperty("firstError").GetString());
        Assert.Equal(2000, path.GetProperty("firstErrorMs").GetInt64());
        Assert.Equal(1, path.GetProperty("interruptions").GetInt32());
        Assert.True(path.GetProperty("recovered").GetBoolean());
        Assert.Equal(
            ["write timeout 7000", "write 57P03 1500", "write refused 1500", "read timeout 7000", "read 57P03 1500", "read refused 1500"],
            path.GetProperty("errors").EnumerateArray().Select(error => $"{error.GetProperty("operation")} {error.GetProperty("error")} {error.GetProperty("ms")}"));
        Assert.Equal(["attempts", "failures", "medianMs", "p99Ms", "longestGapMs", "intervalMs"], Names(path.GetProperty("baseline")));
        Assert.Equal(50, path.GetProperty("baseline").GetProperty("intervalMs").GetDouble());
    }

    [Fact]
    public void Path_OfAReader_HasNoWriteDowntime()
    {
        var path = FailoverDetails.Of(Given.Report(Given.Journal(Given.Lane(ProbePath.Reader, ProbeClients.Pooled), (1, 3, "57P01"))), null).GetProperty("paths")[0];

        Assert.Equal(JsonValueKind.Null, path.GetProperty("writeDowntimeMs").ValueKind);
        Assert.InRange(path.GetProperty("readDowntimeMs").GetInt64(), 2_000, 2_110);
    }

    // Where there was no failover, "0" would be read as "it takes no time".
    [Fact]
    public void Path_OfAVoidTest_HasNoDowntime()
    {
        var quiet = Given.Report(Given.Journal(Given.Lane(ProbePath.Writer, ProbeClients.Fresh))) with { Verdict = Verdict.Void, Proven = false, Reason = Reasons.NoSwitch, Trend = null };

        var details = FailoverDetails.Of(quiet, null);

        Assert.Equal("void", details.GetProperty("verdict").GetString());
        Assert.Equal(JsonValueKind.Null, details.GetProperty("paths")[0].GetProperty("writeDowntimeMs").ValueKind);
        Assert.Equal(JsonValueKind.Null, details.GetProperty("paths")[0].GetProperty("readDowntimeMs").ValueKind);
        Assert.False(details.TryGetProperty("trend", out _));
        Assert.False(details.TryGetProperty("report", out _));
    }

    [Fact]
    public void Writes_ThatCouldNotBeRead_AreNullAndNotAbsent() =>
        Assert.Equal(JsonValueKind.Null, FailoverDetails.Of(Given.Report() with { Writes = null }, null).GetProperty("writes").ValueKind);

    [Fact]
    public void Details_OfChecks_AreTheChecksAlone()
    {
        Check[] checks = [new(Reasons.SaysProduction, false, "the name orders-prod says 'prod'")];

        Assert.Equal("""{"checks":[{"check":"says-production","holds":false,"seen":"the name orders-prod says \u0027prod\u0027"}]}""", FailoverDetails.OfChecks(checks).GetRawText());
        Assert.Equal(["verdict", "checks"], Names(FailoverDetails.OfChecks(checks, Verdict.Void)));
    }
}
