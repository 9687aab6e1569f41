using Automation.Lab.Account;
using Automation.Lab.Snapshots;
using static Automation.Lab.Failover.RdsAnswer;

namespace Automation.Lab.Failover;

/// <summary>RebootDBInstance and FailoverDBCluster: what RDS refuses, and the answer to what it accepts.</summary>
/// <param name="moto">Knows what exists.</param>
/// <param name="shelf">Of the home Region.</param>
/// <param name="region">The home Region.</param>
/// <param name="accept">Begins what was accepted.</param>
internal sealed class FailoverCalls(MotoRds moto, FailoverShelf shelf, string region, Action<FailoverDatabase, bool, string?> accept)
{
    private const string NotAvailable = "InvalidDBInstanceState";

    public async Task<AwsAnswer> RebootAsync(AwsCall call)
    {
        var (element, refused) = await moto.FindAsync(call, call.Region, "DBInstance", call.Parameter("DBInstanceIdentifier") ?? "");
        if (element is null) return refused;
        var id = element.Text("DBInstanceIdentifier")!;
        var forced = bool.TryParse(call.Parameter("ForceFailover"), out var asked) && asked;
        if (forced && element.Text("MultiAZ") != "true")
            return Refuse(call, "InvalidParameterCombination", "Cannot specify ForceFailover when the instance is not configured for MultiAZ.");
        if (Database(call, id) is not { } database) return await moto.SendAsync(call);
        if (!database.TryBegin("rebooting"))
            return Refuse(call, NotAvailable, $"Instance {id} is not in available state.");
        accept(database, forced, null);
        return Of(call, element);
    }

    public async Task<AwsAnswer> FailOverAsync(AwsCall call)
    {
        var (element, refused) = await moto.FindAsync(call, call.Region, "DBCluster", call.Parameter("DBClusterIdentifier") ?? "");
        if (element is null) return refused;
        var id = element.Text("DBClusterIdentifier")!;
        if (Database(call, id) is not { Cluster: { } cluster } database) return await moto.SendAsync(call);

        var target = call.Parameter("TargetDBInstanceIdentifier") ?? cluster.Reader.Id;
        if (!string.Equals(target, cluster.Reader.Id, StringComparison.OrdinalIgnoreCase) || cluster.IsAway(cluster.Reader.Id))
            return Refuse(call, NotAvailable, $"Instance {target} cannot be promoted: it is no available reader of the DB cluster {id}.");
        if (!database.TryBegin("failing-over"))
            return Refuse(call, "InvalidDBClusterStateFault", $"DB cluster {id} is not in available state.");
        accept(database, true, cluster.Reader.Id);
        return Of(call, element);
    }

    private FailoverDatabase? Database(AwsCall call, string id) => call.Region == region ? shelf.Find(id) : null;

    private static AwsAnswer Refuse(AwsCall call, string code, string message) => ErrorAnswer.Create(call, 400, code, message);
}
