using Automation.Fleet;
using Automation.Preparation;

namespace Automation.Tests.Preparation;

public sealed class TargetRulesTests
{
    [Fact]
    public void Find_NothingOfTheName_IsRefused()
    {
        Assert.Equal(default, TargetRules.Find("orders", [], out var obstacle));
        Assert.Equal(Reasons.DatabaseNotFound, obstacle!.Reason);
    }

    [Fact]
    public void Find_InstanceOrCluster_IsTheOne()
    {
        Assert.Equal((Given.Database, null), TargetRules.Find("orders", [Given.Database], out var ofInstance));
        Assert.Equal((Given.Cluster, null), TargetRules.Find("orders", [Given.Cluster], out var ofCluster));
        Assert.Null(ofInstance ?? ofCluster);
    }

    // The role of a cluster is made once, where it takes writes.
    [Fact]
    public void Find_MemberOfACluster_StandsForTheCluster()
    {
        Assert.Equal((null, "orders"), TargetRules.Find("orders-1", [Given.Member], out var obstacle));
        Assert.Null(obstacle);
    }

    [Fact]
    public void Find_MemberThatIsCalledLikeItsCluster_StandsForTheCluster()
    {
        Assert.Equal((Given.Cluster, null), TargetRules.Find("orders", [Given.Member with { Id = "orders" }, Given.Cluster], out var obstacle));
        Assert.Null(obstacle);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("another")]
    public void Find_InstanceAndAClusterThatIsNotItsOwn_IsNotGuessed(string? clusterId)
    {
        Assert.Equal(default, TargetRules.Find("orders", [Given.Database with { ClusterId = clusterId }, Given.Cluster], out var obstacle));
        Assert.Equal(Reasons.AmbiguousName, obstacle!.Reason);
    }

    [Fact]
    public void Check_DatabaseThatIsFit_IsNotInTheWay()
    {
        Assert.Null(TargetRules.Check(Given.Database, "automation"));
        Assert.Null(TargetRules.Check(Given.Cluster, "automation"));
        Assert.Null(TargetRules.Check(Given.Database with { Engine = "aurora-postgresql", Status = "backing-up" }, "automation"));
    }

    // Snapshots need no role in a database: that tag is no consent to one.
    [Theory]
    [InlineData("automation:connections", "observe", true)]
    [InlineData("automation:failover-test", "allow", true)]
    [InlineData("automation:snapshots", "", false)]
    [InlineData("automation:snapshots", "every=6h", false)]
    [InlineData("automation:storage", "act max=500", true)]
    [InlineData("automation:connections", "off", false)]
    [InlineData("automation:connections", " off ", false)]
    [InlineData("automation:connections", "max=5 off", false)]
    [InlineData("automation:connections", "act protect=off", true)]
    [InlineData("automation:managed-by", "automation", false)] // what a copy of a snapshot's tags would leave
    [InlineData("ops:connections", "act", false)]
    [InlineData("environment", "staging", false)]
    public void Check_Tag_DecidesWhetherItIsTouched(string key, string value, bool isTouched)
    {
        var obstacle = TargetRules.Check(Given.Database with { Tags = new Dictionary<string, string> { [key] = value } }, "automation");

        Assert.Equal(isTouched ? null : Reasons.NotOptedIn, obstacle?.Reason);
    }

    [Fact]
    public void Check_OneTagOffAndAnotherOn_IsTouched() => Assert.Null(TargetRules.Check(
        Given.Database with { Tags = new Dictionary<string, string> { ["ops:connections"] = "off", ["ops:storage"] = "observe" } }, "ops"));

    [Theory]
    [InlineData("mysql")]
    [InlineData("aurora-mysql")]
    [InlineData("docdb")]
    public void Check_AnotherEngine_IsRefused(string engine) =>
        Assert.Equal(Reasons.NotPostgresql, TargetRules.Check(Given.Database with { Engine = engine }, "automation")?.Reason);

    [Theory]
    [InlineData("creating")]
    [InlineData("rebooting")]
    [InlineData("storage-full")]
    [InlineData("resetting-master-credentials")]
    [InlineData("configuring-iam-database-auth")]
    [InlineData("failing-over")]
    [InlineData("a-state-of-tomorrow")]
    public void Check_AnotherStatus_IsRefused(string status) =>
        Assert.Equal(Reasons.NotAvailable, TargetRules.Check(Given.Database with { Status = status }, "automation")?.Reason);

    [Fact]
    public void Check_WithoutAnEndpoint_IsRefused() =>
        Assert.Equal(Reasons.NotAvailable, TargetRules.Check(Given.Database with { Host = null }, "automation")?.Reason);

    [Fact]
    public void Check_IamAuthenticationOff_SaysHowToTurnItOn()
    {
        Assert.Contains("aws rds modify-db-instance --db-instance-identifier orders --enable-iam-database-authentication",
            Sentence(Given.Database with { IamAuthenticationEnabled = false }, Reasons.IamAuthenticationOff), StringComparison.Ordinal);
        Assert.Contains("aws rds modify-db-cluster --db-cluster-identifier orders --enable-iam-database-authentication",
            Sentence(Given.Cluster with { IamAuthenticationEnabled = false }, Reasons.IamAuthenticationOff), StringComparison.Ordinal);
    }

    [Fact]
    public void Check_WithoutAManagedSecret_PointsToPsql() =>
        Assert.Contains("run sql/bootstrap.sql with psql", Sentence(Given.Database with { MasterSecret = null }, Reasons.NoManagedSecret), StringComparison.Ordinal);

    [Theory]
    [InlineData("creating")]
    [InlineData("rotating")]
    [InlineData("impaired")]
    [InlineData("unknown")]
    public void Check_SecretThatIsNotActive_IsRefusedWithItsStatus(string status) => Assert.Contains(
        $"is {status}", Sentence(Given.Database with { MasterSecret = Given.Database.MasterSecret! with { Status = status } }, Reasons.SecretNotActive), StringComparison.Ordinal);

    private static string Sentence(RdsDatabase database, string reason)
    {
        var obstacle = TargetRules.Check(database, "automation");
        Assert.Equal((Outcomes.Decision.Refused, reason), (obstacle!.Decision, obstacle.Reason));
        return obstacle.Sentence;
    }
}
