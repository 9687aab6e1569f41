using AWSSDK.SourceGenerator.Json;

namespace AWSSDK.SourceGenerator.Models;

/// <summary>An operation of the service, with how its results are paged.</summary>
internal sealed class Operation(ServiceModel model, string name, JsonValue source, JsonValue pagination)
{
    public string Name { get; } = name;

    public string RequestClass { get; } = name + "Request";

    public string ResponseClass { get; } = name + "Response";

    public IReadOnlyList<Member> Input { get; } = MembersOf(model, source["input"]);

    public IReadOnlyList<Member> Output { get; } = MembersOf(model, source["output"]);

    /// <summary>The element around the output in an XML answer; <c>null</c> without output.</summary>
    public string? ResultWrapper { get; } = source["output"]["resultWrapper"].Text;

    public IReadOnlyList<Shape> Errors { get; } =
        source["errors"].Items.Select(e => model.Shape(e.Required("shape"))).OrderBy(e => e.ErrorCode, System.StringComparer.Ordinal).ToList();

    public bool IsPaginated { get; } = pagination.Exists;

    public string InputToken => Names.Pascal(pagination.Required("input_token"));

    public string OutputToken => Names.Pascal(pagination.Required("output_token"));

    /// <summary>The lists of the output that continue from page to page.</summary>
    public IEnumerable<Member> PagedResults
    {
        get
        {
            var key = pagination["result_key"];
            var names = key.Text is { } one ? [one] : key.Items.Select(i => i.Text!).ToList();
            return names.Select(n => Output.First(m => m.PropertyName == Names.Pascal(n)));
        }
    }

    private static IReadOnlyList<Member> MembersOf(ServiceModel model, JsonValue reference) =>
        reference.Exists ? model.Shape(reference.Required("shape")).Members : [];
}
