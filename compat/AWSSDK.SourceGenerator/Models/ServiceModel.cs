using AWSSDK.SourceGenerator.Json;

namespace AWSSDK.SourceGenerator.Models;

internal enum Protocol
{
    Query,
    Json,
}

/// <summary>A service: its operations and the shapes they use.</summary>
internal sealed class ServiceModel
{
    private readonly JsonValue metadata;
    private readonly Dictionary<string, Shape> shapes = new(StringComparer.Ordinal);

    public ServiceModel(JsonValue source, string @namespace)
    {
        metadata = source["metadata"];
        Namespace = @namespace;
        foreach (var shape in source["shapes"].Members) shapes.Add(shape.Key, new Shape(this, shape.Key, shape.Value));
        Operations = source["operations"].Members
            .Select(o => new Operation(this, o.Key, o.Value, source["pagination"][o.Key]))
            .OrderBy(o => o.Name, StringComparer.Ordinal)
            .ToList();
    }

    /// <summary>For example <c>Amazon.RDS</c>.</summary>
    public string Namespace { get; }

    /// <summary>For example <c>RDS</c>.</summary>
    public string Root => Namespace.Substring(Namespace.LastIndexOf('.') + 1);

    /// <summary>The start of the client's class names, for example <c>AmazonRDS</c>.</summary>
    public string Prefix => "Amazon" + Root;

    public IReadOnlyList<Operation> Operations { get; }

    public string ServiceId => metadata.Required("serviceId");

    public string ApiVersion => metadata.Required("apiVersion");

    public string EndpointPrefix => metadata.Required("endpointPrefix");

    public string SigningName => metadata["signingName"].Text ?? EndpointPrefix;

    public string TargetPrefix => metadata.Required("targetPrefix");

    public string JsonVersion => metadata.Required("jsonVersion");

    /// <summary>The service answered the query protocol before: the codes of its errors are still those, in a header.</summary>
    public bool IsQueryCompatible => metadata["awsQueryCompatible"].Exists;

    /// <summary>
    /// JSON where the service speaks it, else the query protocol. CloudWatch would rather speak CBOR, for which the core
    /// has no public reader; AWS and moto take JSON all the same.
    /// </summary>
    public Protocol Protocol
    {
        get
        {
            var protocols = metadata["protocols"].Items.Select(p => p.Text).ToList();
            return protocols.Contains("json") ? Protocol.Json
                : protocols.Contains("query") ? Protocol.Query
                : throw new FormatException($"{ServiceId} speaks neither AWS JSON nor the query protocol.");
        }
    }

    public IEnumerable<Shape> Exceptions => Operations.SelectMany(o => o.Errors).Distinct().OrderBy(s => s.ClassName, StringComparer.Ordinal);

    public IEnumerable<Shape> Enumerations => Used(Operations.SelectMany(o => o.Input.Concat(o.Output)))
        .Where(s => s.Kind == ShapeKind.Enumeration);

    /// <summary>The structures in requests, without the requests themselves.</summary>
    public IEnumerable<Shape> SentStructures => Used(Operations.SelectMany(o => o.Input)).Where(s => s.Kind == ShapeKind.Structure);

    /// <summary>The structures in answers, without the answers themselves.</summary>
    public IEnumerable<Shape> ReceivedStructures => Used(Operations.SelectMany(o => o.Output)).Where(s => s.Kind == ShapeKind.Structure);

    public Shape Shape(string name) =>
        shapes.TryGetValue(name, out var shape) ? shape : throw new FormatException($"The service model lacks the shape '{name}'.");

    private static IEnumerable<Shape> Used(IEnumerable<Member> members)
    {
        var found = new HashSet<Shape>();
        var pending = new Stack<Shape>(members.Select(m => m.Shape));
        while (pending.Count > 0)
        {
            var shape = pending.Pop();
            if (!found.Add(shape)) continue;
            if (shape.Kind == ShapeKind.List) pending.Push(shape.Item);
            if (shape.Kind == ShapeKind.Map)
            {
                pending.Push(shape.Key);
                pending.Push(shape.Value);
            }
            foreach (var member in shape.Members) pending.Push(member.Shape);
        }
        return found.OrderBy(s => s.ClassName, StringComparer.Ordinal);
    }
}
