using System.Globalization;
using System.Text.Json;
using Automation.Events;
using Automation.Lab.Account;
using Automation.Lab.Setup;
using Automation.Lab.Template;
using Automation.Outcomes;
using Automation.Tests.Template;

namespace Automation.Tests.Storage.Events;

/// <summary>What sets GrowStorage and ForecastStorage off: alarms on free storage, RDS's events about it, a schedule, people.</summary>
public sealed class StorageEventFileTests
{
    private const string Grow = "GrowStorageFunction", Forecast = "ForecastStorageFunction";

    private const string Schedule = "eventbridge-schedule-forecast-storage", Again = "eventbridge-schedule-grow-storage", ByHand = "storage-by-hand", Action = "cloudwatch-storage-alarm-action";

    /// <summary>Alarms of which EventBridge tells; an action goes to the function directly.</summary>
    private static readonly string[] Alarms = ["cloudwatch-storage-alarm-metric-math", "cloudwatch-storage-alarm-single-metric"];

    /// <summary>RDS's events → whether RDS sent the tags along.</summary>
    private static readonly Dictionary<string, bool> Lows = new()
    {
        ["rds-storage-0007"] = true,
        ["rds-storage-0089"] = true,
        ["rds-storage-0221"] = false,
        ["rds-storage-0222"] = true,
    };

    /// <summary>Every file of these functions.</summary>
    public static IEnumerable<string> Files => [.. Alarms, Action, .. Lows.Keys, Schedule, Again, ByHand];

    public static TheoryData<string> AlarmNames => [.. Alarms];

    public static TheoryData<string> AlarmAndActionNames => [.. Alarms, Action];

    public static TheoryData<string> LowNames => [.. Lows.Keys];

    public static TheoryData<string> NamesOfNoSchedule => [.. Alarms, Action, .. Lows.Keys];

    [Theory]
    [MemberData(nameof(AlarmNames))]
    public void Alarm_OnFreeStorage_ReachesGrowStorageAlone(string name)
    {
        Assert.Equal([Grow], EventFiles.FunctionsReachedBy(EventFiles.Read(name)));
        Assert.Empty(EventFiles.NoticesReachedBy(EventFiles.Read(name)));
    }

    // A direct action comes from Lambda's side of CloudWatch: on the bus it would be another kind of event.
    [Fact]
    public void Action_OfAnAlarm_IsNoEventOfTheBus() => Assert.Empty(EventFiles.FunctionsReachedBy(EventFiles.Read(Action)));

    [Theory]
    [MemberData(nameof(AlarmAndActionNames))]
    public void Alarm_OnFreeStorage_IsReadAsTheInstanceItNames(string name)
    {
        var alarm = Assert.IsType<StorageRequest.Alarmed>(StorageRequestReader.Read(EventFiles.Read(name))).Alarm;

        Assert.Equal(new AlarmTarget.Instance("orders"), AlarmTargetRules.Find(alarm, "FreeStorageSpace", alarm.Time.AddSeconds(30)));
        // And nothing for the function that ends sessions.
        Assert.Equal("wrong-metric", Assert.IsType<AlarmTarget.Refused>(AlarmTargetRules.Find(alarm, "DatabaseConnections", alarm.Time.AddSeconds(30))).Reason);
    }

    // Composite alarms carry no metric, on the bus or as an action: whichever way they come, they name no database.
    [Theory]
    [InlineData("cloudwatch-alarm-composite")]
    [InlineData("cloudwatch-alarm-action-composite")]
    public void CompositeAlarm_IsNoneThatCanBeFollowed(string name)
    {
        var alarm = Assert.IsType<StorageRequest.Alarmed>(StorageRequestReader.Read(EventFiles.Read(name))).Alarm;

        Assert.DoesNotContain(Grow, EventFiles.FunctionsReachedBy(EventFiles.Read(name)));
        Assert.Equal("composite-alarm", Assert.IsType<AlarmTarget.Refused>(AlarmTargetRules.Find(alarm, "FreeStorageSpace", alarm.Time.AddSeconds(30))).Reason);
    }

    [Theory]
    [InlineData("\"value\": \"ALARM\"", "\"value\": \"OK\"")]
    [InlineData("\"value\": \"ALARM\"", "\"value\": \"INSUFFICIENT_DATA\"")]
    [InlineData("\"FreeStorageSpace\"", "\"FreeLocalStorage\"")]
    [InlineData("\"FreeStorageSpace\"", "\"FreeableMemory\"")]
    [InlineData("\"AWS/RDS\"", "\"AWS/EC2\"")]
    [InlineData("\"aws.cloudwatch\"", "\"our.tests\"")]
    [InlineData("CloudWatch Alarm State Change", "CloudWatch Alarm Configuration Change")]
    [InlineData("\"account\": \"123456789012\"", "\"account\": \"999999999999\"")]
    [InlineData("\"region\": \"us-east-1\"", "\"region\": \"eu-north-1\"")]
    public void Alarm_OfSomethingElse_ReachesNobody(string text, string other) => Assert.Empty(ReachedBy(Changed("cloudwatch-storage-alarm-single-metric", text, other)));

    // An alarm on both metrics is told to both functions, and each refuses what is not about one database alone.
    [Fact]
    public void Alarm_OnConnectionsToo_ReachesBothFunctions()
    {
        var both = Changed("cloudwatch-storage-alarm-metric-math", "\"expression\": \"100*m1/107374182400\",",
            "\"expression\": \"m1\", \"metricStat\": { \"metric\": { \"name\": \"DatabaseConnections\", \"namespace\": \"AWS/RDS\" } },");

        Assert.Equal([Grow, "RelieveConnectionsFunction"], ReachedBy(both).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(LowNames))]
    public void Event_OfLowStorage_ReachesGrowStorageAlone(string name)
    {
        Assert.Equal([Grow], EventFiles.FunctionsReachedBy(EventFiles.Read(name)));
        Assert.Empty(EventFiles.NoticesReachedBy(EventFiles.Read(name)));
    }

    [Theory]
    [MemberData(nameof(LowNames))]
    public void Event_OfLowStorage_IsReadAsItsNameSays(string name)
    {
        var root = EventFiles.Read(name);

        Assert.Equal(
            new StorageRequest.Low(
                "orders", "123456789012", new DateTimeOffset(2026, 1, 14, 3, 0, 15, 530, TimeSpan.Zero), $"RDS-EVENT-{name[^4..]}", root.GetProperty("id").GetString()!),
            StorageRequestReader.Read(root));
    }

    // One file for each id that is read, and a rule that lets exactly these through.
    [Fact]
    public void Events_OfLowStorage_AreThoseThatTheReaderAndTheRuleKnow()
    {
        var rule = TemplateTree.Deployed().Function(Grow).Rules.Single(rule => rule.Pattern is { } pattern && pattern.GetProperty("source")[0].GetString() == "aws.rds");

        Assert.Equal(StorageRequestReader.Codes, Lows.Keys.Select(name => $"RDS-EVENT-{name[^4..]}"));
        Assert.Equal(StorageRequestReader.Codes, rule.Pattern!.Value.GetProperty("detail").GetProperty("EventID").EnumerateArray().Select(id => id.GetString()!));
    }

    // Backups, restarts, and what RDS's own storage autoscaling does; a cluster, and whoever forwards events of elsewhere.
    [Theory]
    [InlineData("RDS-EVENT-0089", "RDS-EVENT-0001")]
    [InlineData("RDS-EVENT-0089", "RDS-EVENT-0217")]
    [InlineData("RDS-EVENT-0089", "RDS-EVENT-0224")]
    [InlineData("RDS-EVENT-0089", "RDS-EVENT-0227")]
    [InlineData("RDS-EVENT-0089", "rds-event-0089")]
    [InlineData("RDS DB Instance Event", "RDS DB Cluster Event")]
    [InlineData("\"aws.rds\"", "\"our.tests\"")]
    [InlineData("\"account\": \"123456789012\"", "\"account\": \"999999999999\"")]
    [InlineData("\"region\": \"us-east-1\"", "\"region\": \"eu-north-1\"")]
    public void Event_OfSomethingElse_ReachesNobody(string text, string other) => Assert.Empty(ReachedBy(Changed("rds-storage-0089", text, other)));

    // The fields of RDS's user guide; times by EventBridge to the second, by RDS to the millisecond.
    [Theory]
    [MemberData(nameof(LowNames))]
    public void Event_HasTheFieldsOfItsSource(string name)
    {
        var root = EventFiles.Read(name);
        var detail = root.GetProperty("detail");
        string[] known = ["EventCategories", "SourceType", "SourceArn", "Date", "Message", "SourceIdentifier", "EventID", "Tags"];

        Assert.Equal("RDS DB Instance Event", root.GetProperty("detail-type").GetString());
        Assert.Equal("DB_INSTANCE", detail.GetProperty("SourceType").GetString());
        Assert.Equal(detail.GetProperty("SourceArn").GetString(), Assert.Single(root.GetProperty("resources").EnumerateArray()).GetString());
        Assert.EndsWith($":db:{detail.GetProperty("SourceIdentifier").GetString()}", detail.GetProperty("SourceArn").GetString(), StringComparison.Ordinal);
        Assert.StartsWith(root.GetProperty("time").GetString()![..^1] + ".", detail.GetProperty("Date").GetString(), StringComparison.Ordinal);
        Assert.All(detail.EnumerateObject(), field => Assert.Contains(field.Name, known));
        Assert.Equal(Lows[name], detail.TryGetProperty("Tags", out _));
    }

    // The threshold that the files show is the one the documentation asks for: a tenth of 100 GiB.
    [Theory]
    [InlineData("cloudwatch-storage-alarm-single-metric")]
    [InlineData(Action)]
    public void Alarm_OnFreeStorage_HasATenthOfTheSizeForThreshold(string name)
    {
        var root = EventFiles.Read(name);
        var state = (root.TryGetProperty("alarmData", out var data) ? data : root.GetProperty("detail")).GetProperty("state");
        using var evidence = JsonDocument.Parse(state.GetProperty("reasonData").GetString()!);
        var threshold = evidence.RootElement.GetProperty("threshold").GetDouble();

        Assert.Equal(100 * Given.GiB / 10, threshold);
        Assert.Contains($"--threshold {threshold.ToString("0", CultureInfo.InvariantCulture)} ", Repository.Read("docs/deploy.md"), StringComparison.Ordinal);
        Assert.All(evidence.RootElement.GetProperty("recentDatapoints").EnumerateArray(), value => Assert.True(value.GetDouble() < threshold));
    }

    // A schedule names its function as a target, and has no pattern.
    [Fact]
    public void Schedule_Read_AsksForEverything()
    {
        var root = EventFiles.Read(Schedule);

        Assert.Empty(EventFiles.FunctionsReachedBy(root));
        Assert.Equal(new ScheduleRequest.Everything(root.GetProperty("id").GetString()!), ScheduleRequestReader.Read(root));
    }

    [Fact]
    public void Schedule_OfGrowStorage_AsksForWhateverStayedNearlyFull()
    {
        var root = EventFiles.Read(Again);

        Assert.Empty(EventFiles.FunctionsReachedBy(root));
        Assert.Equal(new StorageRequest.Everything(root.GetProperty("id").GetString()!), StorageRequestReader.Read(root));
        var byDefault = Rule(Grow);
        Assert.Equal("cron(7,37 * * * ? *)", byDefault.Schedule);
        Assert.NotNull(ScheduleExpression.Parse(byDefault.Schedule!, DateTimeOffset.UnixEpoch).Next(DateTimeOffset.UnixEpoch));
        Assert.Equal("rate(3 hours)", Rule(Grow, ("GrowStorageSchedule", "rate(3 hours)")).Schedule);
        Assert.True(byDefault.Enabled);
        Assert.Null(byDefault.Input);
    }

    [Theory]
    [MemberData(nameof(NamesOfNoSchedule))]
    public void AlarmOrEvent_GivenToForecastStorage_IsRefusedWithTheFieldAtFault(string name) => Assert.StartsWith("source",
        Assert.Throws<InvalidInputException>(() => ScheduleRequestReader.Read(EventFiles.Read(name))).Message, StringComparison.Ordinal);

    [Fact]
    public void InputByHand_AsksForOneDatabase_OfEitherFunction()
    {
        Assert.Equal(new StorageRequest.OneDatabase("orders", Mode.Observe), StorageRequestReader.Read(EventFiles.Read(ByHand)));
        Assert.Equal(new ScheduleRequest.OneDatabase("orders", Mode.Observe), ScheduleRequestReader.Read(EventFiles.Read(ByHand)));
        Assert.Empty(EventFiles.FunctionsReachedBy(EventFiles.Read(ByHand)));
    }

    [Fact]
    public void Schedule_OfForecastStorage_IsItsParameter()
    {
        var byDefault = Rule(Forecast);
        var weekly = Rule(Forecast, ("ForecastStorageSchedule", "cron(5 1 ? * MON *)"));

        Assert.Equal("cron(0 7 * * ? *)", byDefault.Schedule);
        Assert.Equal("cron(5 1 ? * MON *)", weekly.Schedule);
        // EventBridge would refuse what the lab cannot read.
        Assert.All([byDefault, weekly], rule => Assert.NotNull(ScheduleExpression.Parse(rule.Schedule!, DateTimeOffset.UnixEpoch).Next(DateTimeOffset.UnixEpoch)));
        Assert.True(byDefault.Enabled);
        Assert.Null(byDefault.Input);
    }

    private static TemplateRule Rule(string function, params (string, string)[] parameters) =>
        Assert.Single(TemplateTree.Deployed(parameters).Function(function).Rules, rule => rule.Schedule is not null);

    private static JsonElement Changed(string name, string text, string other)
    {
        var file = Repository.Read($"events/{name}.json");
        var changed = file.Replace(text, other, StringComparison.Ordinal);
        Assert.NotEqual(file, changed);
        return JsonElement.Parse(changed);
    }

    private static IEnumerable<string> ReachedBy(JsonElement changed) => EventFiles.FunctionsReachedBy(changed);
}
