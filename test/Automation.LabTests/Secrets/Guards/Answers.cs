using System.Text;
using System.Text.Json.Nodes;
using Automation.Lab.Account;

namespace Automation.LabTests.Secrets.Guards;

/// <summary>Answers of the AWS API that moto does not give.</summary>
internal static class Answers
{
    /// <summary>The same JSON with one more member.</summary>
    public static AwsAnswer WithMember(this AwsAnswer answer, string name, string value)
    {
        var json = JsonNode.Parse(answer.Body.Span)!.AsObject();
        json[name] = value;
        return answer with { Body = Encoding.UTF8.GetBytes(json.ToJsonString()) };
    }
}
