using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Automation.Connections;
using Automation.Events;
using Automation.Failover;
using Automation.Lab.Account;
using Automation.Lab.Setup;
using Automation.Lab.Template;
using Automation.Outcomes;
using Automation.Snapshots;
using Automation.Storage;
using AlarmState = Automation.Lab.Account.AlarmState;

namespace Automation.Tests.Template;

/// <summary>The example's tags and alarms are such as our own functions follow, and its page says what the template says.</summary>
public sealed partial class StagingOptInTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> Engines => [StagingExample.Postgres, StagingExample.Aurora];

    public static TheoryData<string> Names => [.. StagingExample.Root["Parameters"]!.AsObject().Select(p => p.Key)];

    [Theory]
    [InlineData(StagingExample.Postgres, "observe")]
    [InlineData(StagingExample.Postgres, "act")]
    [InlineData(StagingExample.Aurora, "observe")]
    [InlineData(StagingExample.Aurora, "act")]
    public void Tags_AreReadByOurPolicies_WithoutAFault(string engine, string mode)
    {
        var expected = mode == "act" ? Mode.Act : Mode.Observe;
        var tags = StagingExample.Tags(StagingExample.Data(engine, ("TagMode", mode))["Properties"]!);

        var connections = ConnectionsPolicy.Read(tags["automation:connections"], out var first);
        var snapshots = SnapshotsPolicy.Read(tags["automation:snapshots"], out var second);
        var failover = FailoverPolicy.Read(tags["automation:failover-test"], out var third);
        var storage = StoragePolicy.Read(tags["automation:storage"], out var fourth);

        Assert.All([first, second, third, fourth], Assert.Null);
        Assert.Equal(expected, connections.Mode);
        Assert.Equal((false, TimeSpan.FromDays(1), 7, 2), (snapshots.Off, snapshots.Every, snapshots.Retention.Daily, snapshots.Retention.Weekly));
        Assert.Empty(snapshots.Regions);
        Assert.True(failover.Allowed);
        Assert.Equal(TimeSpan.FromSeconds(engine == StagingExample.Postgres ? 120 : 60), failover.Budget);
        // There is no disk of a cluster to grow.
        Assert.Equal(engine == StagingExample.Postgres ? (expected, 100) : (Mode.Observe, null), (storage.Mode, storage.MaxGiB));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Tags_AreThoseOfANewStack_AndSayStaging(string engine)
    {
        var tags = StagingExample.Tags(StagingExample.Data(engine)["Properties"]!);
        var prefix = (string)TemplateTree.Choices["TagPrefix"]!["Default"]!;

        Assert.Equal((string?)TemplateTree.Choices["StagingTag"]!["Default"], $"environment={tags["environment"]}");
        Assert.Equal(
            new[] { "connections", "failover-test", "snapshots", "storage" }.Select(name => $"{prefix}:{name}"),
            tags.Keys.Where(key => key != "environment").Order(StringComparer.Ordinal));
        Assert.All(tags, tag => Assert.Null(ProductionWords.In(tag.Key) ?? ProductionWords.In(tag.Value)));
    }

    // Tagged members are refused (tag-on-member).
    [Fact]
    public void Members_CarryNoTags() => Assert.All(
        StagingExample.Created(("Engine", StagingExample.Aurora)).Values.Where(r => (string?)r["Type"] == "AWS::RDS::DBInstance"),
        member => Assert.Null(member["Properties"]!["Tags"]));

    [Theory]
    [InlineData(StagingExample.Postgres, "DatabaseConnections", "RelieveConnectionsFunction")]
    [InlineData(StagingExample.Postgres, "FreeStorageSpace", "GrowStorageFunction")]
    [InlineData(StagingExample.Aurora, "DatabaseConnections", "RelieveConnectionsFunction")]
    public void Alarm_ThatIsRaised_ReachesItsFunction_WhichFindsTheDatabase(string engine, string metric, string function)
    {
        var alarm = Alarm(engine, metric);
        var raised = Raised(alarm);

        var target = AlarmTargetRules.Find(AlarmStateChangeReader.Read(raised), metric, At.AddSeconds(30));

        Assert.Equal([function], EventFiles.FunctionsReachedBy(raised));
        Assert.Equal(engine == StagingExample.Postgres ? new AlarmTarget.Instance(StagingExample.StackName) : new AlarmTarget.Cluster(StagingExample.StackName), target);
    }

    // The readers' connections are another matter, and an alarm on one instance would stay with it when another becomes the writer.
    [Fact]
    public void ConnectionsAlarm_OfACluster_IsOnItsWriter() => Assert.Equal(
        new Dictionary<string, string> { ["DBClusterIdentifier"] = StagingExample.StackName, ["Role"] = "WRITER" },
        Alarm(StagingExample.Aurora, "DatabaseConnections").Metrics.Single().Statistic!.Dimensions);

    [Theory]
    [MemberData(nameof(Engines))]
    public void Alarms_StayQuietWithoutData_AndAreDeliveredOnce(string engine) => Assert.All(StagingExample.Alarms(engine), alarm =>
    {
        Assert.Equal("missing", alarm.TreatMissingData);
        Assert.Empty(alarm.AlarmActions);
        Assert.Equal((5, 5), (alarm.EvaluationPeriods, alarm.DatapointsToAlarm));
        Assert.Equal(TimeSpan.FromMinutes(1), Assert.Single(alarm.Metrics).Statistic!.Period);
    });

    // Each is as one that the automation's own template makes.
    [Theory]
    [InlineData("DatabaseConnections", "ConnectionsAlarm", "ConnectionsAlarmDatabase", "ConnectionsAlarmThreshold")]
    [InlineData("FreeStorageSpace", "StorageAlarm", "StorageAlarmDatabase", "StorageAlarmThreshold")]
    public void Alarm_IsAsTheTemplatesOwn(string metric, string id, string database, string threshold)
    {
        var own = TemplateTree.Deployed((database, StagingExample.StackName), (threshold, "1")).Alarms.Single(a => a.LogicalId == id);
        var alarm = Alarm(StagingExample.Postgres, metric);

        Assert.Equal(own.ComparisonOperator, alarm.ComparisonOperator);
        Assert.Equal(own.Metrics[0].Statistic!.Statistic, alarm.Metrics[0].Statistic!.Statistic);
        Assert.Equal(own.Metrics[0].Statistic!.Dimensions, alarm.Metrics[0].Statistic!.Dimensions);
    }

    // 100 slots, of which 3 are for superusers, 2 for RDS and 2 for us: of the other 93, four fifths.
    [Fact]
    public void ConnectionsThreshold_IsFourFifthsOfTheSlotsThatApplicationsCanUse()
    {
        var settings = StagingExample.Only("AWS::RDS::DBParameterGroup")["Parameters"]!;
        var usable = int.Parse((string)settings["max_connections"]!, CultureInfo.InvariantCulture) - 3 - 2
            - int.Parse((string)settings["reserved_connections"]!, CultureInfo.InvariantCulture);

        Assert.Equal(93, usable);
        Assert.Equal(Math.Floor(usable * 0.8), Alarm(StagingExample.Postgres, "DatabaseConnections").Threshold);
    }

    [Fact]
    public void StorageThreshold_IsATenthOfTheSize_WithWhichForecastStorageFindsNoFault()
    {
        var alarm = Alarm(StagingExample.Postgres, "FreeStorageSpace");
        var size = (int)StagingExample.Root["Parameters"]!["AllocatedStorage"]!["Default"]!;

        Assert.Equal(size * 0.1 * (1L << 30), alarm.Threshold);
        Assert.Empty(AlarmRules.Of([new StorageAlarm(alarm.Name, StagingExample.StackName, alarm.Threshold, false)], StagingExample.StackName, size));
    }

    [Theory]
    [InlineData("DatabaseUser", "DatabaseUser")]
    [InlineData("ApplicationUser", "DatabaseUser")]
    public void Role_IsNamedAsTheTemplateAllows(string name, string own) => Assert.Equal(
        (string?)TemplateTree.Choices[own]!["AllowedPattern"], (string?)StagingExample.Root["Parameters"]![name]!["AllowedPattern"]);

    [Fact]
    public void DatabaseUser_ByDefault_IsTheTemplatesOwn() => Assert.Equal(
        (string?)TemplateTree.Choices["DatabaseUser"]!["Default"], (string?)StagingExample.Root["Parameters"]!["DatabaseUser"]!["Default"]);

    [Theory]
    [MemberData(nameof(Names))]
    public void Parameter_IsExplainedLabelledAndInOneGroup_WithADefaultThatItAllows(string name)
    {
        var parameter = StagingExample.Root["Parameters"]![name]!;
        var page = StagingExample.Root["Metadata"]!["AWS::CloudFormation::Interface"]!;
        var fallback = parameter["Default"]?.ToString();

        Assert.True(((string?)parameter["Description"])?.Length > 20);
        Assert.NotNull(page["ParameterLabels"]![name]?["default"]);
        Assert.Single(page["ParameterGroups"]!.AsArray().SelectMany(g => g!["Parameters"]!.AsArray()), n => (string?)n == name);
        // Where it stands, nobody but the reader knows.
        Assert.Equal(name is "VpcId" or "SubnetIds", fallback is null);
        if (parameter["AllowedPattern"] is { } pattern) Assert.Matches($@"\A(?:{pattern})\z", fallback);
        if (parameter["AllowedValues"] is { } values) Assert.Contains(fallback, TemplateTree.Texts(values));
    }

    [Fact]
    public void Page_HasEveryParameterWithItsDefault() => Assert.Equal(
        StagingExample.Root["Parameters"]!.AsObject().Select(p => $"{p.Key}={p.Value!["Default"]}"),
        Repository.Read("examples/README.md").Split('\n')
            .SkipWhile(line => line != "## Parameters").SkipWhile(line => !line.StartsWith('|')).TakeWhile(line => line.StartsWith('|')).Skip(2)
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Select(cells => $"{cells[1].Trim('`')}={cells[2].Trim('`')}"));

    // The page's commands ask for outputs by their names.
    [Fact]
    public void Page_AsksForOutputsThatThereAre()
    {
        var asked = Outputs().Matches(Repository.Read("examples/README.md")).Select(m => m.Groups["name"].Value).ToHashSet();

        Assert.NotEmpty(asked);
        Assert.Subset(StagingExample.Outputs(("Engine", StagingExample.Aurora), ("Proxy", "iam")).Keys.ToHashSet(), asked);
    }

    [Theory]
    [InlineData(StagingExample.Postgres, "Instance")]
    [InlineData(StagingExample.Aurora, "Cluster")]
    public void Outputs_AreWhatTheNextStepsNeed(string engine, string id)
    {
        var outputs = StagingExample.Outputs(("Engine", engine), ("Proxy", "iam"));

        Assert.Equal((id, $"{id}.Endpoint.Address", $"{id}.MasterUserSecret.SecretArn"), (outputs["Database"], outputs["Endpoint"], outputs["MasterSecretArn"]));
        Assert.Equal(("DatabaseProxy.Endpoint", "ApplicationSecret"), (outputs["ProxyEndpoint"], outputs["ApplicationSecretArn"]));
        Assert.Equal(("FunctionsSecurityGroup", "ProxySecurityGroup"), (outputs["FunctionsSecurityGroupId"], outputs["ProxySecurityGroupId"]));
        Assert.Equal(engine == StagingExample.Aurora ? "Cluster.ReadEndpoint.Address" : null, outputs.GetValueOrDefault("ReaderEndpoint"));
        Assert.Contains("VpcSecurityGroupIds", outputs["NextSteps"], StringComparison.Ordinal);
    }

    private static TemplateAlarm Alarm(string engine, string metric) =>
        StagingExample.Alarms(engine).Single(a => a.Metrics.Single().Statistic!.MetricName == metric);

    private static JsonElement Raised(TemplateAlarm alarm) => AlarmEvent.Create(alarm, AlarmRecord.Initial(At.AddHours(-1)),
        AlarmRecord.Of(alarm, AlarmState.Ok, AlarmState.Alarm, new AlarmVerdict(AlarmState.Alarm, [new AlarmDatapoint(At.AddMinutes(-1), 99.5)], 0), At),
        StagingExample.Inputs());

    [GeneratedRegex("""output (?:`|"\$DB" )(?<name>[A-Z][A-Za-z]+)""")]
    private static partial Regex Outputs();
}
