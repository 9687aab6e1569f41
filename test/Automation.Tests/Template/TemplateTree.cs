using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Automation.Lab.Setup;
using Automation.Lab.Template;

namespace Automation.Tests.Template;

/// <summary><c>template.yaml</c> as a JSON tree: intrinsics in their long form, unresolved.</summary>
internal static class TemplateTree
{
    public static string Yaml { get; } = Repository.Read("template.yaml");

    public static JsonObject Root { get; } = YamlTree.Read(Yaml);

    /// <summary>Name → parameter.</summary>
    public static JsonObject Choices { get; } = Root["Parameters"]!.AsObject();

    /// <summary>Logical id → resource.</summary>
    public static JsonObject ById { get; } = Root["Resources"]!.AsObject();

    /// <summary>Logical id → properties of every resource of a type.</summary>
    public static IReadOnlyDictionary<string, JsonNode> OfType(string type) => ById
        .Where(r => (string?)r.Value!["Type"] == type)
        .ToDictionary(r => r.Key, r => r.Value!["Properties"]!);

    /// <summary>Logical id → properties of every function, with <c>Globals</c> merged in as SAM does it.</summary>
    public static IReadOnlyDictionary<string, JsonNode> Functions { get; } = OfType("AWS::Serverless::Function")
        .ToDictionary(f => f.Key, f => Globals.Merge(Root["Globals"]!["Function"], f.Value)!);

    // Hundreds of tests ask for the same few, and nobody can change one.
    private static readonly ConcurrentDictionary<string, SamTemplate> Read = [];

    /// <summary>What would be deployed with these parameters.</summary>
    public static SamTemplate Deployed(params (string Name, string Value)[] parameters) => Read.GetOrAdd(
        string.Join('\n', parameters.Select(p => $"{p.Name}={p.Value}")),
        _ => SamTemplate.Read(Yaml, new TemplateInputs { Parameters = parameters.ToDictionary(p => p.Name, p => p.Value) }));

    /// <summary>A part of the template without intrinsics, as deployed with these parameters.</summary>
    public static JsonNode Resolved(JsonNode node, params (string Name, string Value)[] parameters)
    {
        var inputs = new TemplateInputs { Parameters = parameters.ToDictionary(p => p.Name, p => p.Value) };
        return new Intrinsics(Root, inputs, new PhysicalResources(inputs)).Resolve(node, "test")!;
    }

    /// <summary>Logical id → properties without intrinsics of every resource that is made with these parameters.</summary>
    public static IReadOnlyDictionary<string, JsonNode?> Created(params (string Name, string Value)[] parameters)
    {
        var inputs = new TemplateInputs { Parameters = parameters.ToDictionary(p => p.Name, p => p.Value) };
        var intrinsics = new Intrinsics(Root, inputs, new PhysicalResources(inputs));
        return ById
            .Where(r => (string?)r.Value!["Condition"] is not { } condition || intrinsics.Condition(condition, r.Key))
            .ToDictionary(r => r.Key, r => intrinsics.Resolve(r.Value!["Properties"], r.Key));
    }

    public static string Ref(JsonNode? node) => (string?)node?["Ref"]
        ?? throw new InvalidOperationException($"expected a !Ref, found {node?.ToJsonString() ?? "nothing"}");

    /// <summary>The resource whose ARN a <c>!GetAtt X.Arn</c> asks for.</summary>
    public static string ArnOf(JsonNode? node) => node?["Fn::GetAtt"] is JsonArray { Count: 2 } pair && (string?)pair[1] == "Arn"
        ? (string)pair[0]!
        : throw new InvalidOperationException($"expected a !GetAtt X.Arn, found {node?.ToJsonString() ?? "nothing"}");

    public static IEnumerable<JsonNode> Statements(JsonNode policyDocument) => policyDocument["Statement"]!.AsArray().Select(s => s!);

    public static string[] Texts(JsonNode? node) => node switch
    {
        null => [],
        JsonArray list => [.. list.Select(item => item!.ToString())],
        _ => [node.ToString()],
    };
}
