using AWSSDK.SourceGenerator.Json;

namespace AWSSDK.SourceGenerator.Models;

/// <summary>A member of a structure.</summary>
internal sealed class Member
{
    private readonly ServiceModel model;
    private readonly string shape;

    public Member(ServiceModel model, string name, JsonValue source)
    {
        source.AllowOnly($"Member '{name}'", "shape", "idempotencyToken", "box");
        this.model = model;
        shape = source.Required("shape");
        WireName = name;
        IsIdempotencyToken = source["idempotencyToken"].IsTrue;
    }

    public string PropertyName => Names.Pascal(WireName);

    public string WireName { get; }

    /// <summary>A missing value is filled in with a fresh UUID, so that a retry is recognised.</summary>
    public bool IsIdempotencyToken { get; }

    public Shape Shape => model.Shape(shape);
}
