using Automation.Failover;
using Automation.Ledger;

namespace Automation.Tests.Failover;

/// <summary>Every guard alone: with facts that are good otherwise it refuses, and no other does.</summary>
public sealed class GuardRulesTests
{
    private static readonly ProbeTimes Times = new();

    public static TheoryData<string, string> Refusals => [.. All.Select(row => (row.Name, row.Reason))];

    private static readonly (string Name, string Reason, FailoverFacts Facts)[] All =
    [
        ("switch on", Reasons.Stopped, Given.Instance with { Switch = new SwitchState.Stopped("failover", null) }),
        ("switch unreadable", Reasons.SwitchUnreadable, Given.Instance with { Switch = new SwitchState.Unreadable("throttled") }),
        ("its own tag is gone", Reasons.NotOptedIn, Tagged(Given.Instance, ("automation:failover-test", null))),
        ("its own tag is off", Reasons.Off, Tagged(Given.Instance, ("automation:failover-test", "off"))),
        ("its own tag is misspelt", Reasons.MalformedTag, Tagged(Given.Instance, ("automation:failover-test", "allowed"))),
        ("no staging tag", Reasons.NotStaging, Tagged(Given.Instance, ("environment", null))),
        ("another environment", Reasons.NotStaging, Tagged(Given.Instance, ("environment", "test"))),
        ("staging in capitals", Reasons.NotStaging, Tagged(Given.Instance, ("environment", "Staging"))),
        ("a tag says production", Reasons.SaysProduction, Tagged(Given.Instance, ("owner", "Production"))),
        ("its name says production", Reasons.SaysProduction, Given.Instance with { Database = Given.Database with { Id = "orders-prod" } }),
        ("a member's name says production", Reasons.SaysProduction, Members(Given.Cluster, members => [members[0] with { Id = "prod-orders-1" }, .. members.Skip(1)])),
        ("a replica", Reasons.ReadReplica, Topology(Given.Instance, topology => topology with { ReplicaOf = "orders-main" })),
        ("backing up", Reasons.NotAvailable, Given.Instance with { Database = Given.Database with { Status = "backing-up" } }),
        ("a member is rebooting", Reasons.NotAvailable, Members(Given.Cluster, members => [.. members.Take(2), members[2] with { Status = "rebooting" }])),
        ("not Multi-AZ", Reasons.NoOtherZone, Given.Instance with { Database = Given.Database with { MultiAz = false } }),
        ("no zone of the standby", Reasons.NoOtherZone, Topology(Given.Instance, topology => topology with { StandbyZone = null })),
        ("standby in the same zone", Reasons.NoOtherZone, Topology(Given.Instance, topology => topology with { StandbyZone = "eu-central-1a" })),
        ("readers in the writer's zone", Reasons.NoOtherZone, Members(Given.Cluster, members => [.. members.Select(member => member with { Zone = "eu-central-1a" })])),
        ("zones unknown", Reasons.NoOtherZone, Members(Given.Cluster, members => [members[0] with { Zone = null }, .. members.Skip(1)])),
        ("maintenance", Reasons.PendingMaintenance, Given.Instance with { PendingMaintenance = ["orders: system-update"] }),
        ("a change of the cluster", Reasons.PendingModification, Topology(Given.Cluster, topology => topology with { PendingModifications = ["EngineVersion"] })),
        ("a member's tag says production", Reasons.SaysProduction, Members(Given.Cluster, members => [members[0] with { Tags = new Dictionary<string, string> { ["stage"] = "prod" } }, .. members.Skip(1)])),
        ("a change of a member", Reasons.PendingModification, Members(Given.Instance, members => [members[0] with { PendingModifications = ["DBInstanceClass"] }])),
        ("a snapshot", Reasons.BackupRunning, Given.Instance with { SnapshotsUnderway = ["auto-orders-20261121-1000"] }),
        ("maintenance window", Reasons.MaintenanceWindow, Topology(Given.Instance, topology => topology with { MaintenanceWindows = ["mon:04:00-mon:04:30", "sat:10:05-sat:10:35"] })),
        ("unreadable window", Reasons.MaintenanceWindow, Topology(Given.Instance, topology => topology with { MaintenanceWindows = ["whenever"] })),
        ("backup window", Reasons.BackupWindow, Topology(Given.Instance, topology => topology with { BackupWindow = "09:45-10:15" })),
        ("a reader behind", Reasons.ReplicaLag, Given.Cluster with { Lags = [Given.Cluster.Lags[0], new ReplicaLag("orders-3", TimeSpan.FromMilliseconds(2001))] }),
        ("a reader's lag unknown", Reasons.ReplicaLag, Given.Cluster with { Lags = [Given.Cluster.Lags[0], new ReplicaLag("orders-3", null)] }),
        ("no lag at all", Reasons.ReplicaLag, Given.Cluster with { Lags = [] }),
        ("an alarm", Reasons.AlarmFiring, Given.Instance with { AlarmsFiring = ["orders-cpu"] }),
        ("a failover of somebody else's", Reasons.RecentFailover, Given.Instance with { RecentFailovers = [new RdsEventLine(Given.Now.AddMinutes(-30), "orders", "Multi-AZ instance failover completed.")] }),
        ("tested just now", Reasons.Cooldown, Given.Instance with { History = [Given.Record(Given.Now.AddMinutes(-59), ActionResult.Done)] }),
        ("a test that may have been", Reasons.Cooldown, Given.Instance with { History = [Given.Record(Given.Now.AddMinutes(-59), ActionResult.Unconfirmed)] }),
        ("time nearly over", Reasons.NoTimeLeft, Given.Instance with { TimeLeft = Times.Longest - TimeSpan.FromSeconds(1) }),
        ("no login", Reasons.CannotLogIn, Given.Instance with { Server = null, LoginFailure = "PAM authentication failed" }),
        ("in recovery", Reasons.NotWritable, Server(server => server with { Identity = Given.Old with { InRecovery = true } })),
        ("may not create", Reasons.MayNotCreateSchema, Server(server => server with { MayCreateSchema = false })),
        ("somebody's schema", Reasons.SchemaNotOurs, Server(server => server with { SchemaOwner = "postgres" })),
        ("another stack's test", Reasons.TestRunning, Server(server => server with { SchemaOwner = "automation", SchemaComment = ProbeSql.CommentOf(Given.Now.AddMinutes(-15)) })),
        ("something in our schema", Reasons.SchemaNotOurs, Server(server => server with { SchemaOwner = "automation", StrangersInSchema = 1 })),
    ];

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Evaluate_OneFactIsBad_ItsGuardAloneRefuses(string name, string reason)
    {
        var checks = Evaluate(All.Single(row => row.Name == name).Facts);

        var refusing = Assert.Single(checks, check => !check.Holds);
        Assert.Equal(reason, refusing.Reason);
        Assert.NotEmpty(refusing.Seen);
    }

    [Fact]
    public void Refusals_EveryGuard_HasARow() =>
        Assert.Equal(
            Evaluate(Given.Cluster).Select(check => check.Reason).Concat([Reasons.SwitchUnreadable, Reasons.Off, Reasons.MalformedTag]).Distinct().Order(),
            All.Select(row => row.Reason).Distinct().Order());

    [Fact]
    public void Evaluate_AllGood_EveryGuardLetsPassAndSaysWhatItSaw()
    {
        foreach (var facts in (FailoverFacts[])[Given.Instance, Given.Cluster])
        {
            var checks = Evaluate(facts);

            Assert.All(checks, check => Assert.True(check.Holds, $"{check.Reason}: {check.Seen}"));
            Assert.All(checks, check => Assert.NotEmpty(check.Seen));
        }
    }

    [Fact]
    public void Evaluate_OldOrRefusedTests_DoNotCoolDown()
    {
        var facts = Given.Instance with { History = [Given.Record(Given.Now.AddMinutes(-60), ActionResult.Done), Given.Record(Given.Now.AddMinutes(-1), ActionResult.Failed)] };

        Assert.All(Evaluate(facts), check => Assert.True(check.Holds, check.Seen));
    }

    [Fact]
    public void Evaluate_SchemaOfAnEarlierTest_IsNoReasonToStop()
    {
        foreach (var comment in (string?[])[null, "ours", ProbeSql.CommentOf(Given.Now.AddMinutes(-17))])
            Assert.All(Evaluate(Server(server => server with { SchemaOwner = "automation", SchemaComment = comment })), check => Assert.True(check.Holds, check.Seen));
    }

    [Fact]
    public void Evaluate_SchemaOfThisVeryTest_IsNoReasonToStop()
    {
        var comment = ProbeSql.CommentOf(Given.Now.AddSeconds(-12));
        var facts = Server(server => server with { SchemaOwner = "automation", SchemaComment = comment });

        Assert.All(GuardRules.Evaluate(facts, Given.OptIn, Given.Staging, Times, Given.Now, comment), check => Assert.True(check.Holds, check.Seen));
    }

    [Fact]
    public void Evaluate_HostileNames_StayOnOneLine()
    {
        var facts = Given.Instance with { Database = Given.Database with { Tags = new Dictionary<string, string> { ["environment"] = "staging", ["x"] = "prod\nALL CHECKS HOLD" } }, AlarmsFiring = ["a\r\nb"] };

        Assert.All(Evaluate(facts), check => Assert.DoesNotContain('\n', check.Seen));
    }

    [Fact]
    public void Of_SeveralReaders_TheOneRdsWouldPromoteFirst() => Assert.Equal("orders-3", TargetRules.Of(Given.Cluster.Topology)?.Id);

    [Fact]
    public void Of_ReadersNotAvailableOrInTheSameZone_AreNoTargets() => Assert.Equal("orders-2", TargetRules.Of(Given.Cluster.Topology with
    {
        Members = [.. Given.Cluster.Topology.Members.Take(2), Given.Member("orders-3", "eu-central-1c", status: "creating"), Given.Member("orders-0", "eu-central-1a")],
    })?.Id);

    private static IReadOnlyList<Check> Evaluate(FailoverFacts facts) => GuardRules.Evaluate(facts, Given.OptIn, Given.Staging, Times, Given.Now);

    private static FailoverFacts Tagged(FailoverFacts facts, (string Key, string? Value) tag)
    {
        var tags = new Dictionary<string, string>(facts.Database.Tags);
        if (tag.Value is null) tags.Remove(tag.Key);
        else tags[tag.Key] = tag.Value;
        return facts with { Database = facts.Database with { Tags = tags } };
    }

    private static FailoverFacts Topology(FailoverFacts facts, Func<FailoverTopology, FailoverTopology> change) => facts with { Topology = change(facts.Topology) };

    private static FailoverFacts Members(FailoverFacts facts, Func<IReadOnlyList<FailoverMember>, IReadOnlyList<FailoverMember>> change) =>
        Topology(facts, topology => topology with { Members = change(topology.Members) });

    private static FailoverFacts Server(Func<ServerFacts, ServerFacts> change) => Given.Instance with { Server = change(Given.Instance.Server!) };
}
