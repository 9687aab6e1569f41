using System.Text.Json.Nodes;

namespace Automation.Lab.Iam;

/// <summary>One statement of an identity policy, with its lists made lists.</summary>
internal sealed record PolicyStatement
{
    private static readonly string[] Elements = ["Sid", "Effect", "Action", "Resource", "Condition"];

    /// <summary>The policy it stands in: a role's own or a managed one, by its logical id.</summary>
    public required string Policy { get; init; }

    public string Sid { get; init; } = "";
    public required bool IsAllow { get; init; }
    public required IReadOnlyList<string> Actions { get; init; }
    public required IReadOnlyList<string> Resources { get; init; }
    public IReadOnlyList<PolicyCondition> Conditions { get; init; } = [];

    /// <summary>How reports and messages name it.</summary>
    public string Name => $"{Policy}/{Sid}";

    /// <summary>Reads a document without intrinsics: an object, or its text.</summary>
    /// <exception cref="FormatException">It says what the lab does not evaluate; names the element.</exception>
    public static IReadOnlyList<PolicyStatement> Of(string policy, JsonNode document) =>
        [.. List((document is JsonValue text ? JsonNode.Parse((string)text!)! : document)["Statement"]).Select(node => One(policy, node.AsObject()))];

    /// <summary>Whether it is about this action on this resource, were its conditions to hold.</summary>
    public bool Covers(IamQuestion question) => CoversAction(question.Action) && Resources.Any(pattern => IamPattern.MatchesArn(pattern, question.Resource));

    /// <summary>Names of actions are compared without regard to case.</summary>
    public bool CoversAction(string action) => Actions.Any(pattern => IamPattern.Matches(pattern, action, ignoreCase: true));

    private static PolicyStatement One(string policy, JsonObject statement)
    {
        if (statement.Select(element => element.Key).FirstOrDefault(name => !Elements.Contains(name)) is { } unknown)
            throw new FormatException($"{policy}: the lab does not evaluate the element '{unknown}'");
        return new PolicyStatement
        {
            Policy = policy,
            Sid = (string?)statement[nameof(Sid)] ?? "",
            IsAllow = (string?)statement["Effect"] switch
            {
                "Allow" => true,
                "Deny" => false,
                var other => throw new FormatException($"{policy}: Effect is '{other}'"),
            },
            Actions = [.. Texts(statement["Action"])],
            Resources = [.. Texts(statement["Resource"])],
            Conditions =
            [
                .. from operation in statement["Condition"]?.AsObject() ?? []
                   from key in operation.Value!.AsObject()
                   select new PolicyCondition(operation.Key, key.Key, [.. Texts(key.Value)]),
            ],
        };
    }

    private static IEnumerable<JsonNode> List(JsonNode? node) => node switch
    {
        null => [],
        JsonArray list => list.Select(item => item!),
        _ => [node],
    };

    // IAM's own variables would be left standing: ${aws:username}.
    private static IEnumerable<string> Texts(JsonNode? node) => List(node).Select(item => item.ToString() is var text && text.Contains("${", StringComparison.Ordinal)
        ? throw new FormatException($"the lab does not know policy variables: {text}")
        : text);
}
