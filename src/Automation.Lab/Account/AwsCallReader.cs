using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Automation.Lab.Account;

/// <summary>Finds out which service and action a request is for.</summary>
internal static class AwsCallReader
{
    public static AwsCall Read(HttpRequest request, ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        var (accessKey, region, service) = Scope(request.Headers.Authorization.ToString());
        var contentType = request.ContentType ?? "";
        var fields = contentType.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
            ? Form(body)
            : [];
        // Lambda's REST protocol: POST /2015-03-31/functions/NAME/invocations
        if (request.Path.Value?.Split('/') is [_, "2015-03-31", "functions", var function, "invocations"])
            (fields["Action"], fields["FunctionName"]) = ("Invoke", function);
        return new AwsCall
        {
            Service = service,
            Action = Action(request, fields),
            Region = region,
            AccessKeyId = accessKey,
            At = now,
            Parameters = fields,
            Body = body,
            ContentType = contentType,
        };
    }

    // AWS4-HMAC-SHA256 Credential=AKIA…/20240101/us-east-1/rds/aws4_request, SignedHeaders=…, Signature=…
    private static (string AccessKey, string Region, string Service) Scope(string authorization)
    {
        var credential = authorization.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(p => p.StartsWith("Credential=", StringComparison.Ordinal));
        return credential?["Credential=".Length..].Split('/') is [var key, _, var region, var service, _]
            ? (key, region, service)
            : ("", "", "");
    }

    private static Dictionary<string, string> Form(ReadOnlyMemory<byte> body) =>
        QueryHelpers.ParseQuery(Encoding.UTF8.GetString(body.Span)).ToDictionary(p => p.Key, p => p.Value.ToString());

    private static string Action(HttpRequest request, Dictionary<string, string> fields)
    {
        // JSON protocols: X-Amz-Target: DynamoDB_20120810.PutItem
        if (request.Headers["X-Amz-Target"].ToString() is { Length: > 0 } target) return target[(target.LastIndexOf('.') + 1)..];
        if (fields.TryGetValue("Action", out var action)) return action;
        // Smithy RPC: /service/GraniteServiceVersion20100801/operation/PutMetricData
        return request.Path.Value?.Split('/') is [_, "service", _, "operation", var operation] ? operation : "";
    }
}
