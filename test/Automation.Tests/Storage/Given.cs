using Automation.Fleet;
using Automation.Ledger;
using Automation.Outcomes;
using Automation.Storage;

namespace Automation.Tests.Storage;

internal static class Given
{
    public static readonly DateTimeOffset Now = new(2026, 3, 10, 3, 0, 0, TimeSpan.Zero);

    public const double GiB = 1L << 30;

    public static StoragePolicy Policy { get; } = new() { Mode = Mode.Act, MaxGiB = 1000, MayCopy = false };

    public static RdsDatabase Database { get; } = new()
    {
        Id = "orders",
        Kind = DatabaseKind.Instance,
        Arn = "arn:aws:rds:us-east-1:123456789012:db:orders",
        ResourceId = "db-ORDERS",
        Engine = "postgres",
        EngineVersion = "17.5",
        Status = "available",
        Host = "orders.example.us-east-1.rds.amazonaws.com",
        Port = 5432,
        Tags = new Dictionary<string, string> { ["automation:storage"] = "act max=1000" },
        MultiAz = false,
        IamAuthenticationEnabled = true,
    };

    public static Volume Volume(int allocated = 100, string type = "gp3", int? iops = 3000, int? throughput = 125) => new()
    {
        Database = Database,
        AllocatedGiB = allocated,
        Type = type,
        Iops = iops,
        Throughput = throughput,
    };

    public static ActionRecord Growth(TimeSpan ago, int from, int to, bool stopgap = false, ActionResult result = ActionResult.Done, string incident = "earlier") => new()
    {
        ResourceId = Database.ResourceId,
        At = Now - ago,
        Capability = "storage",
        Key = $"{to}",
        Action = "grow-storage",
        Database = Database.Id,
        Mode = Mode.Act,
        RequestId = "request",
        Incident = incident,
        Before = new GrowthImage(from, to, "gp3", stopgap, "data").Write(),
        Result = result,
    };
}
