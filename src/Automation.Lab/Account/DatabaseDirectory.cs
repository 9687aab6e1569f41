using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Automation.Lab.Account;

/// <summary>
/// Where the databases really listen. moto makes up endpoints that do not resolve and gives every instance the same
/// resource id; here its answers get the real ones.
/// </summary>
internal sealed class DatabaseDirectory
{
    private const string ResourceIdAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private readonly ConcurrentDictionary<string, DatabaseEndpoint> instances = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, ClusterEntry> clusters = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, DateTimeOffset> created = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Sets or moves an instance's endpoint.</summary>
    public void SetInstance(string id, DatabaseEndpoint endpoint) => instances[id] = endpoint;

    /// <summary>Sets a cluster's endpoints and writer, also after a failover.</summary>
    public void SetCluster(string id, DatabaseEndpoint writer, DatabaseEndpoint reader, string writerInstanceId) =>
        clusters[id] = new ClusterEntry(writer, reader, writerInstanceId);

    /// <summary>Sets since when an instance or cluster is there, where it is not since it was registered.</summary>
    /// <param name="resourceId">Of <see cref="InstanceResourceId"/> or <see cref="ClusterResourceId"/>.</param>
    /// <param name="at">When.</param>
    public void SetCreated(string resourceId, DateTimeOffset at) => created[resourceId] = at;

    /// <summary>Unique per identifier and the same in every run.</summary>
    public static string InstanceResourceId(string id) => "db-" + StableId("db", id);

    /// <summary>Unique per identifier and the same in every run.</summary>
    public static string ClusterResourceId(string id) => "cluster-" + StableId("cluster", id);

    /// <summary>The endpoint's hook for answers of RDS.</summary>
    public ValueTask<AwsAnswer> RewriteAsync(AwsCall call, AwsAnswer answer, CancellationToken cancellation) =>
        ValueTask.FromResult(answer.Succeeded ? answer with { Body = Rewrite(answer.Body) } : answer);

    private byte[] Rewrite(ReadOnlyMemory<byte> body)
    {
        using var stream = new MemoryStream(body.ToArray());
        var document = XDocument.Load(stream, LoadOptions.PreserveWhitespace);
        foreach (var element in document.Descendants().ToArray())
        {
            switch (element.Name.LocalName)
            {
                case "DBInstance" or "DBSnapshot" when Child(element, "DBInstanceIdentifier") is { } id:
                    Replace(element, "DbiResourceId", InstanceResourceId(id));
                    if (element.Name.LocalName == "DBInstance") Point(element, id);
                    break;
                case "DBCluster" or "DBClusterSnapshot" when Child(element, "DBClusterIdentifier") is { } id:
                    Replace(element, "DbClusterResourceId", ClusterResourceId(id));
                    if (element.Name.LocalName == "DBCluster") PointCluster(element, id);
                    break;
            }
        }
        using var written = new MemoryStream();
        using (var writer = XmlWriter.Create(written, new XmlWriterSettings { Encoding = new UTF8Encoding(false) })) document.Save(writer);
        return written.ToArray();
    }

    private void Point(XElement instance, string id)
    {
        if (created.TryGetValue(InstanceResourceId(id), out var since)) Replace(instance, "InstanceCreateTime", Text(since));
        if (!instances.TryGetValue(id, out var endpoint) || instance.Element(instance.Name.Namespace + "Endpoint") is not { } element) return;
        Replace(element, "Address", endpoint.Host);
        Replace(element, "Port", endpoint.Port.ToString(CultureInfo.InvariantCulture));
    }

    private void PointCluster(XElement cluster, string id)
    {
        if (created.TryGetValue(ClusterResourceId(id), out var since)) Replace(cluster, "ClusterCreateTime", Text(since));
        if (!clusters.TryGetValue(id, out var entry)) return;
        Replace(cluster, "Endpoint", entry.Writer.Host);
        Replace(cluster, "ReaderEndpoint", entry.Reader.Host);
        Replace(cluster, "Port", entry.Writer.Port.ToString(CultureInfo.InvariantCulture));
        foreach (var member in cluster.Descendants(cluster.Name.Namespace + "DBClusterMember"))
        {
            var isWriter = string.Equals(Child(member, "DBInstanceIdentifier"), entry.WriterInstanceId, StringComparison.OrdinalIgnoreCase);
            Replace(member, "IsClusterWriter", isWriter ? "true" : "false");
        }
    }

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string? Child(XElement element, string name) => element.Element(element.Name.Namespace + name)?.Value;

    private static void Replace(XElement element, string name, string value) => element.SetElementValue(element.Name.Namespace + name, value);

    private static string StableId(string kind, string id) => string.Concat(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}:{id.ToUpperInvariant()}")).Take(26).Select(b => ResourceIdAlphabet[b % ResourceIdAlphabet.Length]));

    private sealed record ClusterEntry(DatabaseEndpoint Writer, DatabaseEndpoint Reader, string WriterInstanceId);
}
