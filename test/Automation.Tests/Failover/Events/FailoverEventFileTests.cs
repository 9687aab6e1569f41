using Automation.Events;
using Automation.Failover;
using Automation.Outcomes;
using Automation.Tests.Template;

namespace Automation.Tests.Failover.Events;

/// <summary>What RDS says around a failover: each id of its tables, as it may arrive.</summary>
public sealed class FailoverEventFileTests
{
    private const string Schedule = "eventbridge-schedule-test-failover", ByHand = "failover-by-hand";

    private static readonly string[] Cluster = ["0069", "0070", "0071", "0072", "0073"];

    private static readonly Dictionary<string, FailoverEventKind> Kinds = new()
    {
        ["0004"] = FailoverEventKind.Other,
        ["0006"] = FailoverEventKind.Other,
        ["0013"] = FailoverEventKind.Started,
        ["0015"] = FailoverEventKind.Completed,
        ["0025"] = FailoverEventKind.Other,
        ["0034"] = FailoverEventKind.Abandoned,
        ["0049"] = FailoverEventKind.Completed,
        ["0050"] = FailoverEventKind.Started,
        ["0051"] = FailoverEventKind.Completed,
        ["0065"] = FailoverEventKind.Completed,
        ["0069"] = FailoverEventKind.Failed,
        ["0070"] = FailoverEventKind.CameBack,
        ["0071"] = FailoverEventKind.Completed,
        ["0072"] = FailoverEventKind.Started,
        ["0073"] = FailoverEventKind.Started,
    };

    private static readonly string[] OfProxies = ["0203", "0204", "0205", "0206", "0207", "0208", "0213", "0214", "0215", "0243", "0275"];

    private static readonly string[] Variants =
    [
        "rds-failover-0049-with-prefix", "rds-failover-0049-without-event-id-and-tags", "rds-failover-0071-without-event-id-and-tags", "rds-failover-0073-with-prefix",
    ];

    /// <summary>RDS's events, without <c>.json</c>.</summary>
    private static IEnumerable<string> OfRds => [.. Kinds.Keys.Select(id => $"rds-failover-{id}"), .. Variants, .. OfProxies.Select(id => $"rds-proxy-{id}")];

    /// <summary>Every file of this function.</summary>
    public static IEnumerable<string> Files => [.. OfRds, Schedule, ByHand];

    public static TheoryData<string> RdsNames => [.. OfRds];

    [Theory]
    [MemberData(nameof(RdsNames))]
    public void Event_OfAnId_IsSortedByItsText(string name)
    {
        var id = name.Split('-')[2];

        Assert.Equal(Kinds.GetValueOrDefault(id), FailoverEvents.Of(EventFiles.Read(name).GetProperty("detail").GetProperty("Message").GetString()!));
    }

    // The fields of RDS's user guide; times by EventBridge to the second, by RDS to the millisecond.
    [Theory]
    [MemberData(nameof(RdsNames))]
    public void Event_HasTheFieldsOfItsSource(string name)
    {
        var root = EventFiles.Read(name);
        var detail = root.GetProperty("detail");
        var parts = name.Split('-');
        var (type, source) = parts[1] == "proxy" ? ("RDS DB Proxy Event", "DB_PROXY")
            : Cluster.Contains(parts[2]) ? ("RDS DB Cluster Event", "CLUSTER") : ("RDS DB Instance Event", "DB_INSTANCE");

        Assert.Equal("aws.rds", root.GetProperty("source").GetString());
        Assert.Equal(type, root.GetProperty("detail-type").GetString());
        Assert.Equal(source, detail.GetProperty("SourceType").GetString());
        Assert.Equal(detail.GetProperty("SourceArn").GetString(), Assert.Single(root.GetProperty("resources").EnumerateArray()).GetString());
        Assert.StartsWith(root.GetProperty("time").GetString()![..^1] + ".", detail.GetProperty("Date").GetString(), StringComparison.Ordinal);
        Assert.Equal(name.EndsWith("with-prefix", StringComparison.Ordinal), detail.GetProperty("SourceIdentifier").GetString()!.StartsWith("rds:", StringComparison.Ordinal));
        if (name.EndsWith("without-event-id-and-tags", StringComparison.Ordinal))
        {
            Assert.False(detail.TryGetProperty("EventID", out _));
            Assert.False(detail.TryGetProperty("Tags", out _));
        }
        else
        {
            Assert.Equal($"RDS-EVENT-{parts[2]}", detail.GetProperty("EventID").GetString());
        }
    }

    // Whatever arrives about a failover, somebody else's, must never start another.
    [Theory]
    [MemberData(nameof(RdsNames))]
    public void Event_GivenToTestFailover_IsRefusedWithTheFieldAtFault(string name)
    {
        var refusal = Assert.Throws<InvalidInputException>(() => ScheduleRequestReader.Read(EventFiles.Read(name)));

        Assert.StartsWith("source", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("aws.rds", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Schedule_Read_AsksForEverything() =>
        Assert.Equal(new ScheduleRequest.Everything(EventFiles.Read(Schedule).GetProperty("id").GetString()!), ScheduleRequestReader.Read(EventFiles.Read(Schedule)));

    [Fact]
    public void InputByHand_AsksForOneDatabase() => Assert.Equal(new ScheduleRequest.OneDatabase("orders-staging", Mode.Act), ScheduleRequestReader.Read(EventFiles.Read(ByHand)));

    // Notices do not either: a game day tells people itself, once, and with numbers.
    [Theory]
    [MemberData(nameof(RdsNames))]
    public void Event_OfRds_ReachesNoFunction(string name)
    {
        Assert.Empty(EventFiles.FunctionsReachedBy(EventFiles.Read(name)));
        Assert.Empty(EventFiles.NoticesReachedBy(EventFiles.Read(name)));
    }

    [Theory]
    [InlineData("", "Other")]
    [InlineData("DB instance restarted.", "Other")]
    [InlineData("multi-az instance failover STARTED.", "Started")]
    [InlineData("The user wrote: Multi-AZ instance failover started.", "Other")]
    public void Text_OfAMessage_CountsFromItsBeginning(string message, string kind) => Assert.Equal(kind, FailoverEvents.Of(message).ToString());
}
