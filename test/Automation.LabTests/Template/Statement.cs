using System.Text.Json.Nodes;

namespace Automation.LabTests.Template;

/// <summary>One statement of the template as it is written, its intrinsics unresolved: to be shown, and not evaluated.</summary>
internal sealed record Statement
{
    public required bool IsAllow { get; init; }
    public required IReadOnlyList<string> Actions { get; init; }

    /// <summary>Unresolved: text or an intrinsic.</summary>
    public required IReadOnlyList<JsonNode> Resources { get; init; }

    /// <summary>Absent in the policies of a role.</summary>
    public JsonNode? Who { get; init; }

    public JsonObject? When { get; init; }

    public static IEnumerable<Statement> Of(JsonNode policyDocument) => Document(policyDocument)["Statement"]!.AsArray().Select(One).Select(s => new Statement
    {
        IsAllow = (string?)s["Effect"] switch
        {
            "Allow" => true,
            "Deny" => false,
            var other => throw new InvalidOperationException($"Effect is {other}"),
        },
        Actions = [.. List(s["Action"]).Select(a => (string)a!)],
        Resources = [.. List(s["Resource"])],
        Who = s["Principal"],
        When = s["Condition"]?.AsObject(),
    });

    // One that only some stacks have counts as had.
    private static JsonNode One(JsonNode? statement) => statement!["Fn::If"] is JsonArray choice ? choice[1]! : statement;

    // A document with a parameter in a key is JSON in a !Sub. Its texts become a !Sub each, as in the other documents.
    private static JsonNode Document(JsonNode policyDocument) => policyDocument switch
    {
        JsonValue text => JsonNode.Parse((string)text!)!,
        JsonObject map when map["Fn::Sub"] is JsonArray pair => Substituted(JsonNode.Parse((string)pair[0]!))!,
        JsonObject map when map["Fn::Sub"] is { } text => Substituted(JsonNode.Parse((string)text!))!,
        _ => policyDocument,
    };

    private static JsonNode? Substituted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.Select(p => KeyValuePair.Create(p.Key, Substituted(p.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Substituted)]),
        JsonValue text when ((string?)text)?.Contains("${", StringComparison.Ordinal) == true => new JsonObject { ["Fn::Sub"] = text.DeepClone() },
        _ => node?.DeepClone(),
    };

    private static IEnumerable<JsonNode> List(JsonNode? node) => node switch
    {
        null => throw new InvalidOperationException("A statement without Action or Resource (NotAction, NotResource) says too much."),
        JsonArray list => list.Select(item => item!),
        _ => [node],
    };
}
