using System.Globalization;
using Automation.Ledger;
using Automation.Snapshots;

namespace Automation.Tests.Docs;

/// <summary>
/// The monthly bill of docs/costs.md: every quantity follows from the template, the code, or an assumption that is named here and
/// printed there. Prices are those of the page's own table.
/// </summary>
internal sealed class Bill
{
    /// <summary>What no template and no code says. Printed in docs/costs.md as it stands here.</summary>
    public static IReadOnlyList<(string Name, decimal Value, string Why)> Assumptions { get; } =
    [
        ("hours of a month", Month, "as AWS counts"),
        ("databases whose failover is tested", 0.1m, "of all; staging"),
        ("connection incidents", Incidents, "a month for each database; an alarm that goes off more often is a pool that is too large"),
        ("rotations", Rotations, "a month for each database: one secret, 30 days"),
        ("snapshots kept", KeptSnapshots, "for each database and Region by the default tag, at most (README, \"Snapshots\")"),
        ("seconds of a start", StartSeconds, "cold; an upper bound, since a schedule of 15 minutes mostly finds no process"),
        ("seconds of a page", PageSeconds, "a list of 100 instances, clusters, snapshots or events of RDS, or an answer of GetMetricData, retries included; an upper bound, never measured on AWS"),
        ("seconds of a run for one snapshot's event", EventSeconds, "some ten calls, one copy or deletion; an upper bound"),
        ("events of RDS for each snapshot", EventsPerSnapshot, "begun, available, deleted; each starts `ReconcileSnapshots` once"),
        ("log of a run, KB", LogKb, "for itself and as much again for each database it looks at; an upper bound of the lines as the code writes them"),
        ("ledger writes for each snapshot", SnapshotWrites, "taken, copied, deleted twice: transactions of four items at two units each, confirmations, leases"),
        ("ledger writes for each incident, test or rotation", IncidentWrites, "20 sessions an hour at most, each a transaction of five items and a confirmation"),
        ("ledger reads of a run", RunReads, "switches, claims, history"),
        ("bytes of a ledger record", RecordBytes, "before and after as JSON; kept 400 days"),
        ("zones", Zones, "subnets of `VpcSubnetIds`, each with a piece of every interface endpoint"),
    ];

    private const decimal Month = 730m, Incidents = 1, Rotations = 1, KeptSnapshots = 31, StartSeconds = 2, PageSeconds = 1, EventSeconds = 10,
        EventsPerSnapshot = 3, LogKb = 2, SnapshotWrites = 50, IncidentWrites = 240, RunReads = 4, RecordBytes = 2000, Zones = 2;

    private static readonly (string Name, string Value)[] EverythingOn =
    [
        ("Mode", "act"), ("OffsiteSnapshotAgeAlarmHours", "30"), ("PrepareDatabases", "act"), ("NotificationEmail", "dba@example.com"),
    ];

    private readonly StackParts stack = StackParts.Of(EverythingOn);
    private readonly decimal databases;

    private Bill(decimal databases) => this.databases = databases;

    /// <summary>The lines for so many databases, everything on.</summary>
    public static IReadOnlyList<BillLine> Of(int databases) => [.. new Bill(databases).Lines()];

    private IEnumerable<BillLine> Lines()
    {
        var (take, reconcile, tests) = (stack.Runs("TakeSnapshots"), stack.Runs("ReconcileSnapshots"), stack.Runs("TestFailover"));
        var (look, forecast) = (stack.Runs("GrowStorage"), stack.Runs("ForecastStorage"));
        var snapshots = databases * Month / (decimal)new SnapshotsPolicy().Every.TotalHours;
        var events = snapshots * EventsPerSnapshot;
        var (incidents, rotations, tested) = (databases * Incidents, databases * Rotations, databases * 0.1m * tests);

        yield return new("CloudWatch", "alarms on the automation itself", "metrics that its alarms watch", stack.HealthMetrics, "alarm", "-");
        yield return new("CloudWatch", "alarms on the age of snapshots", $"{stack.InsightsAlarms} queries x databases", stack.InsightsAlarms * databases, "insights-alarm", "`SnapshotAgeAlarmHours=0`, `OffsiteSnapshotAgeAlarmHours=0`");
        yield return new("CloudWatch", "alarms on connections and free storage", "2 x databases; yours, but nothing is set off without", 2 * databases, "alarm", "delete them");
        yield return new("CloudWatch", "`SnapshotAgeHours`, `OffsiteSnapshotAgeHours`", "2 x databases, every hour", 2 * databases, "metric", "no `copy=` in the tag: half; the tag");
        yield return new("CloudWatch", "`StorageDaysToFull`", "databases x hours with a forecast", databases * forecast / Month, "metric", "`InstallStorage`");
        yield return new("CloudWatch", "`Acted`, `Refused`, `Failed` of snapshots and storage", "3 x (snapshots + storage), hours with a run", 3 * (Hourly(reconcile) + Hourly(look)), "metric", "-");
        yield return new("CloudWatch", "metrics of incidents, rotations and tests", "5, 4 and 3 hours of a metric for each", ((5 * incidents) + (4 * rotations) + (3 * tested) + (3 * tests)) / Month, "metric", "-");
        yield return new("CloudWatch", "dashboard", "1; an account has three for nothing", StackParts.Dashboards, "dashboard", "`CreateDashboard=false`");
        yield return new("CloudWatch", "GetMetricData", "2 metrics x databases x looks and forecasts", 2 * databases * (look + forecast) / 1000, "metric-reads", "`GrowStorageSchedule`");
        var logs = ((LogKb * (1 + databases) * (take + reconcile + forecast)) + (LogKb * 2 * (events + incidents + tested + look + (4 * rotations)))) / 1_000_000;
        yield return new("CloudWatch", "logs written, GB", "2 KB x runs x (1 + databases); 4 KB for each event, incident, test, look, step", logs, "logs", "`TakeSnapshotsSchedule`, `ReconcileSnapshotsSchedule`");
        yield return new("CloudWatch", "logs kept, GB", "written x days of `LogRetentionDays`", logs * StackParts.LogDays * 24 / Month, "logs-kept", "`LogRetentionDays`");

        var pages = 2 * Pages(databases);
        var home = Pages(databases * KeptSnapshots) + 1;
        yield return Runs("TakeSnapshots", take, StartSeconds + (PageSeconds * (pages + home)), "runs x (2 s + pages)");
        yield return Runs("ReconcileSnapshots", reconcile, StartSeconds + (PageSeconds * (pages + (2 * home) + 1)), "runs x (2 s + pages here and in one Region)");
        yield return Runs("ReconcileSnapshots", events, EventSeconds, "events x 10 s", " (events)");
        yield return Runs("GrowStorage", look, StartSeconds + (PageSeconds * 6 * Pages(databases)), "runs x (2 s + 6 pages for each 100 databases)");
        // Rare enough that the most they may take costs next to nothing.
        yield return AtMost("RelieveConnections", incidents, "incidents");
        yield return AtMost("RotateSecret", 4 * rotations, "4 steps");
        yield return AtMost("TestFailover", tests, "runs");
        yield return AtMost("ForecastStorage", forecast, "runs");
        yield return new("Lambda", "requests", "all runs", (take + reconcile + events + incidents + (4 * rotations) + tests + look + forecast) / 1_000_000, "requests", "-");

        var writes = (snapshots * SnapshotWrites) + (IncidentWrites * (incidents + rotations + tested));
        yield return new("DynamoDB", "writes", "50 x snapshots + 240 x incidents, rotations, tests", writes / 1_000_000, "writes", "-");
        yield return new("DynamoDB", "reads", "4 x runs + 4 x databases x forecasts", RunReads * (take + reconcile + events + incidents + (4 * rotations) + tests + look + (databases * forecast)) / 1_000_000, "reads", "-");
        var kept = ((4 * snapshots) + (20 * incidents) + rotations + tested) * (decimal)LedgerItems.RecordsKept.TotalHours / Month * RecordBytes / 1_000_000_000;
        yield return new("DynamoDB", "stored, GB", "4 records for each snapshot, 20 for each incident", kept, "stored", "-");
        yield return new("DynamoDB", "point-in-time recovery, GB", "what is stored", kept, "recovery", "-");

        var messages = (Month / 168) + (2 * incidents) + rotations + tested;
        yield return new("SNS", "e-mails", "digests + 2 x incidents + rotations + tests, to one address", messages / 100_000, "e-mails", "-");
        yield return new("KMS", "key of topic and queues", "1 (2 and 3 after its first and second year: it rotates)", StackParts.Keys, "key", "-");
        yield return new("KMS", "requests", "4 x messages + 10 x rotations + 12 an hour for the ledger's", ((4 * messages) + (10 * rotations) + (12 * Month)) / 10_000, "key-requests", "-");
        yield return new("Secrets Manager", "calls", "16 x rotations (each step in a process of its own: benchmarks.md), as many again of the service", 32 * rotations / 10_000, "secret-calls", "-");
        yield return new("EventBridge", "rules", "schedules and events of AWS", 0, "rules", "-");
        yield return new("SQS", "queues", "nobody polls them; a message is a request", 0, "queue-requests", "-");
        yield return new("Network", "interface endpoints", $"{StackParts.InterfaceEndpoints} x zones x hours; or a NAT gateway, below", StackParts.InterfaceEndpoints * Zones * Month, "endpoint-hours", "no `EndpointVpcId`");
    }

    private BillLine Runs(string function, decimal runs, decimal seconds, string formula, string note = "") => new(
        "Lambda", $"`{function}`{note}", string.Create(CultureInfo.InvariantCulture, $"{formula} x {stack.Gigabytes(function):0.###} GB"),
        runs * seconds * stack.Gigabytes(function), "gb-seconds", $"`{StackParts.SwitchOf(function)}`");

    private BillLine AtMost(string function, decimal runs, string what) => Runs(
        function, runs, stack.Timeout(function), string.Create(CultureInfo.InvariantCulture, $"{what} x timeout of {stack.Timeout(function):0} s"));

    private static decimal Hourly(decimal runs) => Math.Min(runs, Month) / Month;

    private static decimal Pages(decimal things) => Math.Ceiling(things / 100);
}
