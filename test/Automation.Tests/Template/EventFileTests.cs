using System.Text.Json;
using Automation.Events;
using Automation.Lab.Account;
using Automation.Lab.Setup;

namespace Automation.Tests.Template;

/// <summary>Every file of <c>events/</c> is what AWS sends, and is answered as its name says.</summary>
public sealed class EventFileTests
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

    public static TheoryData<string> Names =>
        [.. Directory.EnumerateFiles(Repository.PathOf("events")).Select(file => Path.GetFileNameWithoutExtension(file))];

    [Fact]
    public void Events_AreTheOnesWithAnAnswerHere() => Assert.Equal(Answers.Keys.Order(), Names.Select(n => (string)n).Order());

    [Theory]
    [MemberData(nameof(Names))]
    public void Event_Read_IsAnsweredAsItsNameSays(string name)
    {
        var alarm = AlarmStateChangeReader.Read(Read(name));

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

        Assert.Equal(isEvent && !isComposite, ReachedBy(Read(name)).SequenceEqual(["RelieveConnectionsFunction"]));
    }

    [Theory]
    [InlineData("\"ALARM\"", "\"OK\"")]
    [InlineData("\"DatabaseConnections\"", "\"FreeStorageSpace\"")]
    [InlineData("\"DatabaseConnections\"", "\"CPUUtilization\"")]
    [InlineData("\"AWS/RDS\"", "\"AWS/EC2\"")]
    [InlineData("\"aws.cloudwatch\"", "\"our.tests\"")]
    public void Event_OfAnotherKind_ReachesNoFunction(string text, string other)
    {
        var changed = Repository.Read("events/cloudwatch-alarm-single-metric.json").Replace(text, other, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(changed);

        Assert.Empty(ReachedBy(document.RootElement));
    }

    // CloudWatch writes its own times with an offset without a colon, EventBridge with a Z: a parser must know both.
    [Theory]
    [MemberData(nameof(Names))]
    public void Event_Times_AreWrittenAsTheSenderWritesThem(string name)
    {
        var root = Read(name);
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
        Assert.NotEmpty(ReachedBy(JsonSerializer.SerializeToElement(own)));

        own[field] = value;

        Assert.Empty(ReachedBy(JsonSerializer.SerializeToElement(own)));
    }

    private static IEnumerable<string> ReachedBy(JsonElement document) => TemplateTree.Deployed().Functions
        .Where(f => f.Rules.Any(r => r.Pattern is { } pattern && EventPattern.Parse(pattern).Matches(document)))
        .Select(f => f.LogicalId);

    private static JsonElement Read(string name)
    {
        using var document = JsonDocument.Parse(Repository.Read($"events/{name}.json"));
        return document.RootElement.Clone();
    }
}
