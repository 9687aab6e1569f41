using Automation.Fleet;
using Automation.Preparation;

namespace Automation.Tests.Preparation;

/// <summary>A database that is fit to be prepared, and facts about a role.</summary>
internal static class Given
{
    public static RdsDatabase Database { get; } = new()
    {
        Id = "orders",
        Kind = DatabaseKind.Instance,
        Arn = "arn:aws:rds:us-east-1:123456789012:db:orders",
        ResourceId = "db-ORDERS",
        Engine = "postgres",
        EngineVersion = "17.5",
        Status = "available",
        Host = "orders.abc.us-east-1.rds.amazonaws.com",
        Port = 5432,
        Tags = new Dictionary<string, string> { ["automation:connections"] = "observe" },
        MasterSecret = new MasterSecret("arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-1-AbCdEf", "active"),
        MultiAz = false,
        IamAuthenticationEnabled = true,
    };

    public static RdsDatabase Cluster { get; } = Database with { Kind = DatabaseKind.Cluster, Arn = "arn:aws:rds:us-east-1:123456789012:cluster:orders", Engine = "aurora-postgresql" };

    public static RdsDatabase Member { get; } = Database with { Id = "orders-1", ClusterId = "orders", Engine = "aurora-postgresql", MasterSecret = null };

    public static RoleFact Role { get; } = Fact(RoleFactKind.Role, "", "");

    public static RoleFact Fact(RoleFactKind kind, string name, string value, string by = "") => new(kind, name, by, value);

    public static BootstrapRun.Ran Plan(params string[] steps) => new(steps, []);
}
