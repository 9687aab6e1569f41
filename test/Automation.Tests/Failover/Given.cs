using System.Globalization;
using Automation.Database;
using Automation.Failover;
using Automation.Fleet;
using Automation.Ledger;
using Automation.Outcomes;

namespace Automation.Tests.Failover;

/// <summary>Facts with which every guard lets pass, and short ways to write down what clients saw.</summary>
internal static class Given
{
    /// <summary>A Saturday.</summary>
    public static readonly DateTimeOffset Now = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);

    public const string OptIn = "automation:failover-test";

    public static readonly StagingTag Staging = new("environment", "staging");

    public static readonly ServerIdentity Old = new(Now.AddDays(-3), "10.0.1.4:5432", null, InRecovery: false);

    public static readonly ServerIdentity New = new(Now.AddSeconds(9), "10.0.2.9:5432", null, InRecovery: false);

    public static RdsDatabase Database { get; } = new()
    {
        Id = "orders",
        Kind = DatabaseKind.Instance,
        Arn = "arn:aws:rds:eu-central-1:123456789012:db:orders",
        ResourceId = "db-ORDERS",
        Engine = "postgres",
        EngineVersion = "17.5",
        Status = "available",
        Host = "orders.abc.eu-central-1.rds.amazonaws.com",
        Port = 5432,
        Tags = new Dictionary<string, string> { ["environment"] = "staging", ["automation:failover-test"] = "allow", ["team"] = "products" },
        MultiAz = true,
        IamAuthenticationEnabled = true,
    };

    public static FailoverFacts Instance { get; } = new()
    {
        Database = Database,
        Topology = new FailoverTopology
        {
            Members = [Member("orders", "eu-central-1a", isWriter: true)],
            StandbyZone = "eu-central-1b",
            BackupWindow = "03:05-03:35",
            MaintenanceWindows = ["sun:04:00-sun:04:30"],
        },
        PendingMaintenance = [],
        SnapshotsUnderway = [],
        Lags = [],
        AlarmsFiring = [],
        RecentFailovers = [],
        History = [],
        Switch = new SwitchState.Running(),
        Server = new ServerFacts
        {
            Identity = Old,
            IsAurora = false,
            MayCreateSchema = true,
            SchemaOwner = null,
            StrangersInSchema = 0,
            SchemaComment = null,
            Role = "automation",
            Database = "postgres",
        },
        TimeLeft = TimeSpan.FromMinutes(14),
    };

    public static FailoverFacts Cluster { get; } = Instance with
    {
        Database = Database with { Kind = DatabaseKind.Cluster, Engine = "aurora-postgresql", MultiAz = true },
        Topology = Instance.Topology with
        {
            Members = [Member("orders-1", "eu-central-1a", isWriter: true), Member("orders-2", "eu-central-1b") with { PromotionTier = 2 }, Member("orders-3", "eu-central-1c") with { PromotionTier = 1 }],
            StandbyZone = null,
            ReaderHost = "orders.cluster-ro-abc.eu-central-1.rds.amazonaws.com",
        },
        Lags = [new ReplicaLag("orders-2", TimeSpan.FromMilliseconds(20)), new ReplicaLag("orders-3", TimeSpan.FromMilliseconds(30))],
    };

    public static FailoverMember Member(string id, string? zone, bool isWriter = false, string status = "available") => new()
    {
        Id = id,
        Arn = $"arn:aws:rds:eu-central-1:123456789012:db:{id}",
        Status = status,
        Zone = zone,
        IsWriter = isWriter,
    };

    public static ActionRecord Record(DateTimeOffset at, ActionResult result, string? after = null) => new()
    {
        ResourceId = Database.ResourceId,
        At = at,
        Capability = "failover",
        Key = "orders",
        Action = FailoverCall.Action,
        Database = "orders",
        Mode = Mode.Act,
        RequestId = "request",
        Incident = "failover/event/db-ORDERS",
        Before = "{}",
        Result = result,
        After = after,
    };

    public static Lane Lane(ProbePath path = ProbePath.Writer, ProbeClients clients = ProbeClients.Fresh, int number = 0) =>
        new(number, path, clients, new DatabaseEndpoint("localhost", 5432, path == ProbePath.Proxy ? EndpointKind.Proxy : EndpointKind.Instance));

    public static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    /// <summary>
    /// Attempts from words, one word an attempt: its start in milliseconds, a colon, and <c>ok</c> (answered 10 ms later by
    /// <paramref name="server"/>), <c>read:57P01</c> (read after 5 ms, the write fails 10 ms later with that), or an error, met after
    /// 10 ms or, a timeout, after 500.
    /// </summary>
    public static IReadOnlyList<ProbeAttempt> Attempts(string words, ServerIdentity? server = null) =>
        [.. words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((word, i) => Attempt(word.Split(':'), i, server ?? Old))];

    private static ProbeAttempt Attempt(string[] word, int sequence, ServerIdentity server)
    {
        var started = Ms(double.Parse(word[0], CultureInfo.InvariantCulture));
        return word switch
        {
            [_, "ok"] => new ProbeAttempt { Started = started, Ended = started + Ms(10), Read = started + Ms(5), Wrote = started + Ms(10), Sequence = sequence, Fate = WriteFate.Acknowledged, Server = server },
            [_, "read", var error] => new ProbeAttempt { Started = started, Ended = started + Ms(10), Read = started + Ms(5), Sequence = sequence, Fate = WriteFate.Unknown, Server = server, Error = error },
            [_, var error] => new ProbeAttempt { Started = started, Ended = started + Ms(error == ErrorClasses.Timeout ? 500 : 10), Sequence = sequence, Fate = WriteFate.NotSent, Error = error },
            _ => throw new ArgumentException($"not an attempt: {string.Join(':', word)}"),
        };
    }
}
