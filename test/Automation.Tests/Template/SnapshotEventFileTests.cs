using System.Text.Json;
using Automation.Events;
using Automation.Fleet;
using Automation.Lab.Account;
using Automation.Lab.Setup;
using Automation.Outcomes;

namespace Automation.Tests.Template;

/// <summary>What sets the snapshot functions off: schedules, people, and RDS's events about snapshots of ours.</summary>
public sealed class SnapshotEventFileTests
{
    private const string Reconcile = "ReconcileSnapshotsFunction", ByHand = "snapshots-by-hand";

    /// <summary>RDS's events (without .json) → the snapshot they are about.</summary>
    private static readonly Dictionary<string, SnapshotsRequest> Changes = new()
    {
        ["rds-cluster-snapshot-created"] = new SnapshotsRequest.SnapshotEvent(DatabaseKind.Cluster, "auto-ledger-20260114-0600"),
        ["rds-snapshot-copy-finished"] = new SnapshotsRequest.SnapshotEvent(DatabaseKind.Instance, "auto-orders-20260114-0600-eu-central-1"),
        ["rds-snapshot-created"] = new SnapshotsRequest.SnapshotEvent(DatabaseKind.Instance, "auto-orders-20260114-0600"),
        ["rds-snapshot-deleted"] = new SnapshotsRequest.SnapshotEvent(DatabaseKind.Instance, "auto-orders-20251114-0600"),
        ["rds-snapshot-with-tags"] = new SnapshotsRequest.SnapshotEvent(DatabaseKind.Instance, "auto-orders-20260114-0600"),
        ["rds-snapshot-without-event-id"] = new SnapshotsRequest.SnapshotEvent(DatabaseKind.Instance, "auto-orders-20260114-0600"),
    };

    private const string Automated = "rds-snapshot-automated-created";

    private static readonly string[] Schedules = ["eventbridge-schedule-reconcile-snapshots", "eventbridge-schedule-take-snapshots"];

    /// <summary>Every file of these functions.</summary>
    public static IEnumerable<string> Files => [.. Changes.Keys, Automated, .. Schedules, ByHand];

    public static TheoryData<string> ChangeNames => [.. Changes.Keys];

    public static TheoryData<string> RdsNames => [.. Changes.Keys, Automated];

    public static TheoryData<string> ScheduleNames => [.. Schedules];

    [Theory]
    [MemberData(nameof(ChangeNames))]
    public void Change_OfASnapshotOfOurs_ReachesReconcileSnapshotsAlone(string name)
    {
        var root = EventFiles.Read(name);

        Assert.Equal([Reconcile], EventFiles.FunctionsReachedBy(root));
        Assert.Empty(EventFiles.NoticesReachedBy(root));
        Assert.Equal(Changes[name], SnapshotsRequestReader.Read(root));
    }

    // RDS's own daily snapshots: not ours to look after, and one event a database a day for nothing.
    [Fact]
    public void Change_OfRdssOwnSnapshot_ReachesNobody()
    {
        Assert.Empty(EventFiles.FunctionsReachedBy(EventFiles.Read(Automated)));
        Assert.Equal(
            new SnapshotsRequest.SnapshotEvent(DatabaseKind.Instance, "rds:orders-2026-01-14-03-11"), SnapshotsRequestReader.Read(EventFiles.Read(Automated)));
    }

    [Theory]
    [MemberData(nameof(RdsNames))]
    public void Change_GivenToTakeSnapshots_IsRefusedWithTheFieldAtFault(string name)
    {
        var refusal = Assert.Throws<InvalidInputException>(() => SnapshotsRequestReader.ReadSchedule(EventFiles.Read(name)));

        Assert.StartsWith("source", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("snapshot:auto-", "snapshot:orders-before-auto-")]
    [InlineData("snapshot:auto-", "db:auto-")]
    [InlineData("\"aws.rds\"", "\"our.tests\"")]
    [InlineData("RDS DB Snapshot Event", "RDS DB Instance Event")]
    [InlineData("\"region\": \"us-east-1\"", "\"region\": \"eu-north-1\"")]
    [InlineData("\"account\": \"123456789012\"", "\"account\": \"999999999999\"")]
    [InlineData(":123456789012:snapshot", ":999999999999:snapshot")]
    public void Change_OfSomethingElse_ReachesNobody(string text, string other)
    {
        var file = Repository.Read("events/rds-snapshot-created.json");
        var changed = file.Replace(text, other, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(changed);

        Assert.NotEqual(file, changed);
        Assert.Empty(EventFiles.FunctionsReachedBy(document.RootElement));
    }

    // The fields of RDS's user guide; times by EventBridge to the second, by RDS to the millisecond.
    [Theory]
    [MemberData(nameof(RdsNames))]
    public void Change_HasTheFieldsOfItsSource(string name)
    {
        var root = EventFiles.Read(name);
        var detail = root.GetProperty("detail");
        var isCluster = name.Contains("cluster", StringComparison.Ordinal);
        string[] known = ["EventCategories", "SourceType", "SourceArn", "Date", "Message", "SourceIdentifier", "EventID", "Tags"];

        Assert.Equal(isCluster ? "RDS DB Cluster Snapshot Event" : "RDS DB Snapshot Event", root.GetProperty("detail-type").GetString());
        Assert.Equal(isCluster ? "CLUSTER_SNAPSHOT" : "SNAPSHOT", detail.GetProperty("SourceType").GetString());
        Assert.Equal(detail.GetProperty("SourceArn").GetString(), Assert.Single(root.GetProperty("resources").EnumerateArray()).GetString());
        Assert.EndsWith($":{detail.GetProperty("SourceIdentifier").GetString()}", detail.GetProperty("SourceArn").GetString(), StringComparison.Ordinal);
        Assert.Matches(@"\A2026-01-14T\d\d:\d\d:\d\dZ\z", root.GetProperty("time").GetString());
        Assert.StartsWith(root.GetProperty("time").GetString()![..^1] + ".", detail.GetProperty("Date").GetString(), StringComparison.Ordinal);
        Assert.All(detail.EnumerateObject(), field => Assert.Contains(field.Name, known));
        Assert.Equal(name == "rds-snapshot-without-event-id", !detail.TryGetProperty("EventID", out _));
        Assert.Equal(name == "rds-snapshot-with-tags", detail.TryGetProperty("Tags", out _));
    }

    // A schedule names its function as a target, and has no pattern.
    [Theory]
    [MemberData(nameof(ScheduleNames))]
    public void Schedule_Read_AsksForEverything(string name)
    {
        var root = EventFiles.Read(name);

        Assert.Empty(EventFiles.FunctionsReachedBy(root));
        Assert.IsType<SnapshotsRequest.Everything>(SnapshotsRequestReader.ReadSchedule(root));
        Assert.IsType<SnapshotsRequest.Everything>(SnapshotsRequestReader.Read(root));
    }

    [Fact]
    public void InputByHand_AsksForThePlanOfOneDatabase()
    {
        var expected = new SnapshotsRequest.OneDatabase("orders", Mode.Observe);

        Assert.Equal(expected, SnapshotsRequestReader.Read(EventFiles.Read(ByHand)));
        Assert.Equal(expected, SnapshotsRequestReader.ReadSchedule(EventFiles.Read(ByHand)));
        Assert.Empty(EventFiles.FunctionsReachedBy(EventFiles.Read(ByHand)));
    }

    [Theory]
    [InlineData("TakeSnapshotsFunction", "TakeSnapshotsSchedule")]
    [InlineData(Reconcile, "ReconcileSnapshotsSchedule")]
    public void Schedule_OfAFunction_IsItsParameter(string function, string parameter)
    {
        var byDefault = Rule(function);
        var daily = Rule(function, (parameter, "cron(5 1 * * ? *)"));

        Assert.Equal("rate(15 minutes)", byDefault.Schedule);
        Assert.Equal("cron(5 1 * * ? *)", daily.Schedule);
        // EventBridge would refuse what the lab cannot read.
        Assert.All([byDefault, daily], rule => Assert.NotNull(ScheduleExpression.Parse(rule.Schedule!, DateTimeOffset.UnixEpoch).Next(DateTimeOffset.UnixEpoch)));
        Assert.True(byDefault.Enabled);
        Assert.Null(byDefault.Input);
    }

    private static Automation.Lab.Template.TemplateRule Rule(string function, params (string, string)[] parameters) =>
        TemplateTree.Deployed(parameters).Function(function).Rules.Single(rule => rule.Schedule is not null);
}
