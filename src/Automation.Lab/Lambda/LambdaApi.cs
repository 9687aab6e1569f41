using System.Text.Json;
using Automation.Lab.Account;
using Automation.Lab.Template;

namespace Automation.Lab.Lambda;

/// <summary>Lambda's <c>Invoke</c> at the lab's endpoint, so that a person can call a function with the AWS CLI. Nothing else of Lambda is there.</summary>
internal static class LambdaApi
{
    public static void Install(LabEndpoint endpoint, SamTemplate template, IFunctionInvoker functions) =>
        endpoint.Serve("lambda", "Invoke", async (call, cancellation) =>
        {
            var asked = call.Parameters.GetValueOrDefault("FunctionName") ?? "";
            if (template.Functions.FirstOrDefault(one => one.Name == asked || one.Arn == asked) is not { } function)
                return Answer(404, [KeyValuePair.Create("x-amzn-ErrorType", "ResourceNotFoundException")],
                    JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["Type"] = "User", ["Message"] = $"Function not found: {asked}" }));
            var answer = await functions.InvokeAsync(function.LogicalId, call.Body.IsEmpty ? "{}"u8.ToArray() : call.Body, cancellation);
            // An error of the function is no error of the call.
            return Answer(200, answer.Succeeded ? [] : [KeyValuePair.Create("X-Amz-Function-Error", "Unhandled")], answer.Payload);
        });

    private static AwsAnswer Answer(int status, IReadOnlyList<KeyValuePair<string, string>> headers, ReadOnlyMemory<byte> body) =>
        new() { Status = status, ContentType = "application/json", Headers = headers, Body = body };
}
