using System.Text.Json.Nodes;

namespace Automation.LabTests.Template;

/// <summary>All permissions of the translated template as the rows of docs/iam.md.</summary>
internal static class IamMatrix
{
    /// <summary>What our roles may do: one row for each policy, action and resource.</summary>
    public static IEnumerable<string> Identities(SamTranslation sam) =>
        from policy in Policies(sam)
        from statement in Statement.Of(policy.Document)
        from action in statement.Actions
        from resource in statement.Resources
        select Row(policy.Name, statement.IsAllow ? "Allow" : "Deny", action, Show(resource), ShowCondition(statement.When));

    /// <summary>Who may use what is ours: key, topic, queues, endpoints and functions.</summary>
    public static IEnumerable<string> ResourcePolicies(SamTranslation sam) =>
    [
        .. from policy in Documents(sam)
           from statement in Statement.Of(policy.Document)
           from action in statement.Actions
           select Row(policy.Name, statement.IsAllow ? "Allow" : "Deny", ShowPrincipal(statement.Who!), action, ShowCondition(statement.When)),
        .. from permission in sam.OfType("AWS::Lambda::Permission").Values
           select Row(Show(permission["FunctionName"]!), "Allow", Show(permission["Principal"]!), Show(permission["Action"]!),
               string.Join(", ", new[] { "SourceAccount", "SourceArn" }
                   .Where(key => permission[key] is not null)
                   .Select(key => $"{key} = {Show(permission[key]!)}"))),
    ];

    private static IEnumerable<(string Name, JsonNode Document)> Policies(SamTranslation sam) =>
    [
        .. from role in sam.OfType("AWS::IAM::Role")
           from policy in role.Value["Policies"]!.AsArray()
           select (role.Key, policy!["PolicyDocument"]!),
        .. sam.OfType("AWS::IAM::ManagedPolicy").Select(p => (p.Key, p.Value["PolicyDocument"]!)),
    ];

    private static IEnumerable<(string Name, JsonNode Document)> Documents(SamTranslation sam) =>
    [
        .. sam.OfType("AWS::KMS::Key").Select(p => (p.Key, p.Value["KeyPolicy"]!)),
        .. sam.OfType("AWS::S3::BucketPolicy").Select(p => (Show(p.Value["Bucket"]!), p.Value["PolicyDocument"]!)),
        .. sam.OfType("AWS::SNS::TopicPolicy").Select(p => (Show(p.Value["Topics"]!), p.Value["PolicyDocument"]!)),
        .. sam.OfType("AWS::SQS::QueuePolicy").Select(p => (Show(p.Value["Queues"]!), p.Value["PolicyDocument"]!)),
        .. sam.OfType("AWS::EC2::VPCEndpoint").Select(p => (p.Key, p.Value["PolicyDocument"]!)),
    ];

    private static string Row(params string[] cells) => $"| {string.Join(" | ", cells)} |";

    // Intrinsics as a person would write them: !Ref X and !GetAtt X.Arn are X.
    private static string Show(JsonNode node) => node switch
    {
        JsonArray list => string.Join(" or ", list.Select(item => Show(item!))),
        JsonObject map when map["Ref"] is { } name => (string)name! switch { "AWS::AccountId" => "ACCOUNT", var other => other },
        JsonObject map when map["Fn::GetAtt"] is JsonArray pair => (string)pair[0]!,
        // One of a list that is there only where its part is installed.
        JsonObject map when map["Fn::If"] is JsonArray choice && (string?)choice[2]!["Ref"] == "AWS::NoValue" => Show(choice[1]!),
        JsonObject map when map["Fn::Sub"] is { } text => ((string)text!)
            .Replace("${AWS::Partition}", "aws", StringComparison.Ordinal)
            .Replace("${AWS::Region}", "REGION", StringComparison.Ordinal)
            .Replace("${AWS::AccountId}", "ACCOUNT", StringComparison.Ordinal),
        JsonValue value => value.ToString(),
        _ => throw new InvalidOperationException($"The table has no words for {node.ToJsonString()}."),
    };

    private static string ShowPrincipal(JsonNode principal) =>
        principal is JsonObject kind ? Show(Assert.Single(kind).Value!) : Show(principal);

    private static string ShowCondition(JsonObject? condition) => string.Join(", ", (condition ?? []).SelectMany(
        operation => operation.Value!.AsObject().Select(key => $"{operation.Key} {key.Key} = {Show(key.Value!)}")));
}
