using System.Text.Json.Nodes;
using Automation.Lab.Account;
using Automation.Lab.Secrets;

namespace Automation.Lab.Iam;

/// <summary>DynamoDB: a transaction is allowed by the actions it is made of.</summary>
internal static class LedgerQuestions
{
    public static IReadOnlyList<IamQuestion>? Of(AwsCall call, string accountId)
    {
        IamQuestion On(string action, JsonNode? request) => IamQuestion.Of($"dynamodb:{action}", TableArn(call, accountId, (string?)request?["TableName"] ?? ""));
        return call.Action switch
        {
            "Query" or "PutItem" or "UpdateItem" => [On(call.Action, call.Members())],
            "TransactWriteItems" => [.. (call.Members()["TransactItems"]?.AsArray() ?? []).SelectMany(item => item!.AsObject()).Select(part => On(Action(part.Key), part.Value))],
            _ => null,
        };
    }

    private static string Action(string part) => part switch
    {
        "ConditionCheck" => "ConditionCheckItem",
        _ => $"{part}Item",
    };

    private static string TableArn(AwsCall call, string accountId, string table) =>
        table.StartsWith("arn:", StringComparison.Ordinal) ? table : $"arn:aws:dynamodb:{call.Region}:{accountId}:table/{table}";
}
