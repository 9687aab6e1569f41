using AWSSDK.SourceGenerator.Json;

namespace AWSSDK.SourceGenerator.Models;

/// <summary>An operation of the service, with how its results are paged.</summary>
internal sealed class Operation
{
    private readonly JsonValue pagination;

    public Operation(ServiceModel model, string name, JsonValue source, JsonValue pagination)
    {
        source.AllowOnly($"Operation '{name}'", "name", "http", "input", "output", "errors", "requestcompression");
        this.pagination = pagination;
        Name = name;
        Input = MembersOf(model, source["input"]);
        Output = MembersOf(model, source["output"]);
        ResultWrapper = source["output"]["resultWrapper"].Text;
        Errors = source["errors"].Items
            .Select(e => model.Shape(e.Required("shape")))
            .OrderBy(e => e.ErrorCode, StringComparer.Ordinal)
            .ToList();
        MayBeCompressed = source["requestcompression"]["encodings"].Items.Any(e => e.Text == "gzip");
    }

    public string Name { get; }

    public string RequestClass => Name + "Request";

    public string ResponseClass => Name + "Response";

    public IReadOnlyList<Member> Input { get; }

    public IReadOnlyList<Member> Output { get; }

    /// <summary>The element around the output in an XML answer; <c>null</c> without output.</summary>
    public string? ResultWrapper { get; }

    public IReadOnlyList<Shape> Errors { get; }

    /// <summary>The service takes large requests with gzip.</summary>
    public bool MayBeCompressed { get; }

    public bool IsPaginated => pagination.Exists;

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
