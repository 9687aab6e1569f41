using AWSSDK.SourceGenerator.Json;

namespace AWSSDK.SourceGenerator.Models;

/// <summary>A member of a structure.</summary>
internal sealed class Member(ServiceModel model, string name, JsonValue source)
{
    public string PropertyName { get; } = Names.Pascal(name);

    /// <summary>The name on the wire.</summary>
    public string WireName { get; } = source["locationName"].Text ?? name;

    /// <summary>A missing value is filled in with a fresh UUID, so that a retry is recognised.</summary>
    public bool IsIdempotencyToken { get; } = source["idempotencyToken"].IsTrue;

    public Shape Shape => model.Shape(source.Required("shape"));
}
