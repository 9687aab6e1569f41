using System.Text;
using System.Text.Json;
using Automation.Outcomes;
using Automation.Telemetry;

namespace Automation.Tests.Telemetry;

public sealed class TelemetryWriterTests : IDisposable
{
    private readonly MemoryStream output = new();
    private readonly TelemetryWriter telemetry;

    public TelemetryWriterTests() =>
        telemetry = new TelemetryWriter(output, new FakeTime(DateTimeOffset.FromUnixTimeMilliseconds(1_772_366_400_989)));

    private string[] Lines
    {
        get
        {
            var text = Encoding.UTF8.GetString(output.ToArray());
            Assert.True(text is "" || text.EndsWith('\n'));
            return text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
    }

    private static Outcome Outcome(string database, Decision decision) => new()
    {
        Database = database,
        Kind = "instance",
        Decision = decision,
        Reason = "usage-above-target",
        Summary = "two\nlines \u2028",
        Resource = "arn:aws:rds:us-east-1:123456789012:db:" + database,
        Details = JsonElement.Parse("""{ "used": 93 }"""),
    };

    private static void AssertJson(string expected, string actual) =>
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(expected), JsonElement.Parse(actual)), actual);

    [Fact]
    public void WriteDatabase_IsOneLineInEmbeddedMetricFormat()
    {
        telemetry.WriteDatabase("orders", MetricValue.ConnectionsUsedRatio(0.93), MetricValue.SessionsTerminated(5));

        AssertJson("""
            {
              "_aws": {
                "Timestamp": 1772366400989,
                "CloudWatchMetrics": [{
                  "Namespace": "RdsAutomation", "Dimensions": [["Database"]],
                  "Metrics": [{ "Name": "ConnectionsUsedRatio", "Unit": "None" }, { "Name": "SessionsTerminated", "Unit": "Count" }]
                }]
              },
              "Database": "orders", "ConnectionsUsedRatio": 0.93, "SessionsTerminated": 5
            }
            """, Assert.Single(Lines));
    }

    [Fact]
    public void WriteDatabase_ValueThatIsNotFinite_IsLeftOut()
    {
        telemetry.WriteDatabase("orders", MetricValue.ConnectionsUsedRatio(double.NaN), MetricValue.SessionsTerminated(0));
        telemetry.WriteDatabase("orders", MetricValue.ConnectionsUsedRatio(double.PositiveInfinity));
        telemetry.WriteDatabase("", MetricValue.SessionsTerminated(1));

        var line = Assert.Single(Lines);
        Assert.DoesNotContain("ConnectionsUsedRatio", line, StringComparison.Ordinal);
        Assert.Contains("\"SessionsTerminated\":0", line, StringComparison.Ordinal);
    }

    [Fact]
    public void WriteResult_EndsWithTheResultOfTheContractOnOneLine()
    {
        telemetry.WriteResult(new FunctionResult { Capability = "connections", Mode = Mode.Act, Outcomes = [Outcome("orders", Decision.NothingToDo)] });

        AssertJson("""
            {
              "capability": "connections", "mode": "act",
              "outcomes": [{
                "database": "orders", "kind": "instance", "decision": "nothing-to-do", "reason": "usage-above-target",
                "summary": "two\nlines \u2028", "resource": "arn:aws:rds:us-east-1:123456789012:db:orders", "details": { "used": 93 }
              }]
            }
            """, Lines[^1]);
        Assert.Equal(2, Lines.Length);
        Assert.DoesNotContain('\u2028', Lines[^1]);
    }

    [Fact]
    public void WriteResult_CountsDecisionsWithZeros()
    {
        telemetry.WriteResult(new FunctionResult
        {
            Capability = "connections",
            Mode = Mode.Act,
            Outcomes = [Outcome("a", Decision.Refused), Outcome("b", Decision.Acted), Outcome("c", Decision.Refused), Outcome("d", Decision.Observed)],
        });

        AssertJson("""
            {
              "_aws": {
                "Timestamp": 1772366400989,
                "CloudWatchMetrics": [{
                  "Namespace": "RdsAutomation", "Dimensions": [["Capability"]],
                  "Metrics": [{ "Name": "Acted", "Unit": "Count" }, { "Name": "Refused", "Unit": "Count" }, { "Name": "Failed", "Unit": "Count" }]
                }]
              },
              "Capability": "connections", "Acted": 1, "Refused": 2, "Failed": 0
            }
            """, Lines[0]);
    }

    public void Dispose() => output.Dispose();
}
