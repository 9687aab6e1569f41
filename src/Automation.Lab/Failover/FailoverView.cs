using System.Globalization;
using System.Xml.Linq;
using Automation.Lab.Account;
using Automation.Lab.Snapshots;
using static Automation.Lab.Failover.RdsAnswer;

namespace Automation.Lab.Failover;

/// <summary>Shows in moto's answers what the lab knows of its databases: zones, statuses, proxies and their targets.</summary>
/// <param name="shelf">The databases of this Region.</param>
internal sealed class FailoverView(FailoverShelf shelf)
{
    /// <summary>Changes an answer that succeeded.</summary>
    public AwsAnswer Show(AwsCall call, AwsAnswer answer)
    {
        var document = answer.Document();
        foreach (var instance in document.Named("DBInstance")) ShowInstance(instance);
        foreach (var cluster in document.Named("DBCluster")) ShowCluster(cluster);
        foreach (var proxy in document.Named("DBProxies").Concat(document.Named("DBProxy")).ToArray()) ShowProxies(proxy);
        if (call.Action == "DescribeDBProxyTargets" && shelf.Proxy(call.Parameter("DBProxyName")) is { } known)
        {
            var targets = document.Named("Targets").Single();
            targets.ReplaceNodes([.. Targets(known)]);
        }
        return answer.With(document);
    }

    private void ShowInstance(XElement element)
    {
        var id = element.Text("DBInstanceIdentifier");
        if (shelf.Find(id) is { Instance: not null } instance)
        {
            if (!instance.IsAvailable) element.Set("DBInstanceStatus", instance.Status);
            element.Set("MultiAZ", instance.IsMultiAz ? "true" : "false");
            element.Set("AvailabilityZone", instance.Zones.Primary);
            element.Set("SecondaryAvailabilityZone", instance.IsMultiAz ? instance.Zones.Secondary : null);
        }
        else if (shelf.ClusterOf(id) is { } cluster)
        {
            var isFirst = string.Equals(cluster.Cluster!.Members[0].Id, id, StringComparison.OrdinalIgnoreCase);
            element.Set("AvailabilityZone", isFirst ? cluster.Zones.Primary : cluster.Zones.Secondary);
            if (cluster.Cluster.IsAway(id!)) element.Set("DBInstanceStatus", "rebooting");
        }
    }

    private void ShowCluster(XElement element)
    {
        if (shelf.Find(element.Text("DBClusterIdentifier")) is not { Cluster: not null } cluster) return;
        if (!cluster.IsAvailable) element.Set("Status", cluster.Status);
        element.Set("MultiAZ", "true");
    }

    // A list of proxies, or one: moto gives a list's elements the name "member".
    private void ShowProxies(XElement element)
    {
        foreach (var proxy in element.DescendantsAndSelf().Where(e => e.Text("DBProxyName") is not null))
        {
            if (shelf.Proxy(proxy.Text("DBProxyName")) is not { } known) continue;
            proxy.Set("Endpoint", known.Endpoint.Host);
            // The lab's proxy asks its clients for a token, knows no secret, and takes one user's token as the database would.
            proxy.Set("DefaultAuthScheme", "IAM_AUTH");
            proxy.Element(proxy.Name.Namespace + "Auth")?.RemoveNodes();
        }
    }

    private static IEnumerable<XElement> Targets(RegisteredProxy proxy)
    {
        var database = proxy.Database;
        if (database.Instance is { } instance)
        {
            yield return Target(database.Id, null, "RDS_INSTANCE", "READ_WRITE", instance.Registration.Endpoint, database.IsServing);
            yield break;
        }
        var cluster = database.Cluster!;
        yield return Target(cluster.Id, null, "TRACKED_CLUSTER", null, cluster.Registration.Endpoint, null);
        foreach (var member in cluster.Registration.Members)
        {
            var isWriter = member.Id == cluster.Writer.Id;
            yield return Target(
                member.Id, cluster.Id, "RDS_INSTANCE", isWriter ? "READ_WRITE" : "READ_ONLY", member.Endpoint,
                !cluster.IsAway(member.Id) && (!isWriter || database.IsAvailable));
        }
    }

    private static XElement Target(string id, string? cluster, string type, string? role, DatabaseEndpoint endpoint, bool? healthy) => Element("member",
        Element("RdsResourceId", id),
        Optional("TrackedClusterId", cluster),
        Element("Type", type),
        Optional("Role", role),
        Element("Endpoint", endpoint.Host),
        Element("Port", endpoint.Port.ToString(CultureInfo.InvariantCulture)),
        healthy switch
        {
            null => null,
            true => Element("TargetHealth", Element("State", "AVAILABLE")),
            false => Element("TargetHealth", Element("State", "UNAVAILABLE"), Element("Reason", "CONNECTION_FAILED")),
        });
}
