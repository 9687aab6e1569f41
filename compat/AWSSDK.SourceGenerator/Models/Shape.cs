using AWSSDK.SourceGenerator.Json;

namespace AWSSDK.SourceGenerator.Models;

internal enum ShapeKind
{
    Structure, List, Map, Text, Enumeration, Integer, Long, Double, Boolean, Timestamp, Blob,
}

/// <summary>A type of the service model.</summary>
internal sealed class Shape
{
    private readonly ServiceModel model;
    private readonly JsonValue source;

    public Shape(ServiceModel model, string modelName, JsonValue source)
    {
        source.AllowOnly($"Shape '{modelName}'",
            "type", "members", "member", "key", "value", "enum", "exception", "error", "fault", "wrapper", "synthetic",
            // What a service checks, and how documentation reads: nothing of it is seen on the wire.
            "required", "min", "max", "pattern", "sensitive", "box", "union", "deprecated", "deprecatedMessage", "xmlOrder");
        source["member"].AllowOnly($"The item of '{modelName}'", "shape", "locationName");
        source["key"].AllowOnly($"The key of '{modelName}'", "shape", "locationName");
        source["value"].AllowOnly($"The value of '{modelName}'", "shape", "locationName");
        this.model = model;
        this.source = source;
        ModelName = modelName;
        Kind = KindOf(modelName, source);
        Members = source["members"].Members.Select(m => new Member(model, m.Key, m.Value)).ToList();
    }

    public string ModelName { get; }

    public ShapeKind Kind { get; }

    public IReadOnlyList<Member> Members { get; }

    public bool IsException => source["exception"].IsTrue;

    /// <summary>The code that stands on the wire for this error.</summary>
    public string ErrorCode => source["error"]["code"].Text ?? ModelName;

    public IEnumerable<string> EnumerationValues => source["enum"].Items.Select(v => v.Text!);

    public Shape Item => model.Shape(source["member"].Required("shape"));

    /// <summary>The element of a list's items in XML and in query parameters.</summary>
    public string ItemName => source["member"]["locationName"].Text ?? "member";

    public Shape Key => model.Shape(source["key"].Required("shape"));

    public Shape Value => model.Shape(source["value"].Required("shape"));

    /// <summary>The element of a map's keys in XML and in query parameters.</summary>
    public string KeyName => source["key"]["locationName"].Text ?? "key";

    /// <summary>The element of a map's values in XML and in query parameters.</summary>
    public string ValueName => source["value"]["locationName"].Text ?? "value";

    /// <summary>The name of the generated class.</summary>
    public string ClassName => IsException ? Names.Exception(ModelName) : Names.Pascal(ModelName);

    private static ShapeKind KindOf(string name, JsonValue source) => source.Required("type") switch
    {
        "structure" => ShapeKind.Structure,
        "list" => ShapeKind.List,
        "map" => ShapeKind.Map,
        "string" => source["enum"].Exists ? ShapeKind.Enumeration : ShapeKind.Text,
        "integer" => ShapeKind.Integer,
        "long" => ShapeKind.Long,
        "double" => ShapeKind.Double,
        "boolean" => ShapeKind.Boolean,
        "timestamp" => ShapeKind.Timestamp,
        "blob" => ShapeKind.Blob,
        var other => throw new FormatException($"Shape '{name}' has the type '{other}', which this generator does not know."),
    };
}
