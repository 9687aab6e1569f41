using System.Text.Json;
using Automation.Events;
using Automation.Lab.Setup;

namespace Automation.Tests.Template;

/// <summary>Every alarm of <c>events/</c> is what AWS sends, and is answered as its name says.</summary>
public sealed class AlarmEventFileTests
{
    private const string Orders = "instance orders";

    /// <summary>File (without .json) → what RelieveConnections makes of it half a minute after the alarm.</summary>
    private static readonly Dictionary<string, string> Answers = new()
    {
        ["cloudwatch-alarm-single-metric"] = Orders,
        ["cloudwatch-alarm-metric-math"] = Orders,
        ["cloudwatch-alarm-anomaly-detection"] = Orders,
        ["cloudwatch-alarm-composite"] = "composite-alarm",
        ["cloudwatch-alarm-composite-suppressed"] = "alarm-suppressed",
        ["cloudwatch-alarm-no-datapoints"] = "no-datapoints",
        ["cloudwatch-alarm-several-databases"] = "several-databases",
        ["cloudwatch-alarm-stale"] = "stale-event",
        ["cloudwatch-alarm-without-dimensions"] = "no-database",
        ["cloudwatch-alarm-action-single-metric"] = Orders,
        ["cloudwatch-alarm-action-composite"] = "composite-alarm",
    };

    public static TheoryData<string> Names => [.. EventFiles.Names.Where(name => name.StartsWith("cloudwatch-alarm-", StringComparison.Ordinal))];

    [Fact]
    public void Alarms_AreTheOnesWithAnAnswerHere() => Assert.Equal(Answers.Keys.Order(), Names.Select(n => (string)n).Order());

    [Theory]
    [MemberData(nameof(Names))]
    public void Event_Read_IsAnsweredAsItsNameSays(string name)
    {
        var alarm = AlarmStateChangeReader.Read(EventFiles.Read(name));

        var target = AlarmTargetRules.Find(alarm, "DatabaseConnections", alarm.Time.AddSeconds(30));

        Assert.Equal(Answers[name], target switch
        {
            AlarmTarget.Instance instance => $"instance {instance.Id}",
            AlarmTarget.Refused refused => refused.Reason,
            _ => target.ToString(),
        });
    }

    // Composite alarms carry no metrics, and actions go to the function directly: for both there is no rule.
    [Theory]
    [MemberData(nameof(Names))]
    public void Event_OnTheBus_ReachesTheFunctionUnlessItIsComposite(string name)
    {
        var isEvent = !name.StartsWith("cloudwatch-alarm-action-", StringComparison.Ordinal);
        var isComposite = name.Contains("composite", StringComparison.Ordinal);

        Assert.Equal(isEvent && !isComposite, EventFiles.FunctionsReachedBy(EventFiles.Read(name)).SequenceEqual(["RelieveConnectionsFunction"]));
    }

    [Theory]
    [InlineData("\"ALARM\"", "\"OK\"")]
    [InlineData("\"DatabaseConnections\"", "\"FreeLocalStorage\"")]
    [InlineData("\"DatabaseConnections\"", "\"CPUUtilization\"")]
    [InlineData("\"AWS/RDS\"", "\"AWS/EC2\"")]
    [InlineData("\"aws.cloudwatch\"", "\"our.tests\"")]
    public void Event_OfAnotherKind_ReachesNoFunction(string text, string other)
    {
        var changed = Repository.Read("events/cloudwatch-alarm-single-metric.json").Replace(text, other, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(changed);

        Assert.Empty(EventFiles.FunctionsReachedBy(document.RootElement));
    }

    // CloudWatch writes its own times with an offset without a colon, EventBridge with a Z: a parser must know both.
    [Theory]
    [MemberData(nameof(Names))]
    public void Event_Times_AreWrittenAsTheSenderWritesThem(string name)
    {
        var root = EventFiles.Read(name);
        var isAction = root.TryGetProperty("alarmData", out var alarm);
        if (!isAction) alarm = root.GetProperty("detail");

        Assert.EndsWith(isAction ? "+0000" : "Z", root.GetProperty("time").GetString(), StringComparison.Ordinal);
        Assert.EndsWith("+0000", alarm.GetProperty("state").GetProperty("timestamp").GetString(), StringComparison.Ordinal);
    }

    // A bus may be sent the events of other accounts and Regions, whose databases have the same names.
    [Theory]
    [InlineData("account", "999999999999")]
    [InlineData("region", "eu-north-1")]
    public void Event_ForwardedFromElsewhere_ReachesNobody(string field, string value)
    {
        var own = System.Text.Json.Nodes.JsonNode.Parse(Repository.Read("events/cloudwatch-alarm-single-metric.json"))!;
        Assert.NotEmpty(EventFiles.FunctionsReachedBy(JsonSerializer.SerializeToElement(own)));

        own[field] = value;

        Assert.Empty(EventFiles.FunctionsReachedBy(JsonSerializer.SerializeToElement(own)));
    }
}
