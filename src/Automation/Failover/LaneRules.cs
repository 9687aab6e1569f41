using Automation.Database;
using Automation.Fleet;

namespace Automation.Failover;

/// <summary>Which ways a test measures. Pure.</summary>
internal static class LaneRules
{
    /// <param name="database">Its endpoint is that of the writer.</param>
    /// <param name="topology">Names the readers' endpoint.</param>
    /// <param name="proxies">Of several that lead to it, the first is measured.</param>
    public static IReadOnlyList<Lane> Of(RdsDatabase database, FailoverTopology topology, IReadOnlyList<DatabaseProxy> proxies)
    {
        var ways = new List<(ProbePath Path, DatabaseEndpoint Endpoint)> { (ProbePath.Writer, new(database.Host!, database.Port, database.EndpointKind)) };
        if (proxies is [var proxy, ..]) ways.Add((ProbePath.Proxy, new(proxy.Host, DatabaseProxy.Port, EndpointKind.Proxy)));
        if (topology.ReaderHost is { } reader) ways.Add((ProbePath.Reader, new(reader, database.Port, EndpointKind.ClusterReader)));
        return [.. ways.SelectMany(way => new[] { ProbeClients.Fresh, ProbeClients.Pooled }, (way, clients) => (way, clients))
            .Select((line, number) => new Lane(number, line.way.Path, line.clients, line.way.Endpoint))];
    }
}
