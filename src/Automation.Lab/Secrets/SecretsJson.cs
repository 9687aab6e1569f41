using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Automation.Lab.Account;

namespace Automation.Lab.Secrets;

/// <summary>Bodies of Secrets Manager's JSON protocol.</summary>
internal static class SecretsJson
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The request's members; empty when it is no JSON object.</summary>
    public static JsonObject Members(this AwsCall call) => Parse(call.Body);

    /// <summary>The answer's members; empty when it is no JSON object.</summary>
    public static JsonObject Members(this AwsAnswer answer) => Parse(answer.Body);

    public static string? Text(this JsonObject members, string name) => (string?)members[name];

    /// <summary>The error's name, <c>null</c> on success.</summary>
    public static string? ErrorCode(this AwsAnswer answer) => answer.Succeeded ? null : answer.Members().Text("__type") ?? "";

    public static byte[] Bytes(JsonNode members) => JsonSerializer.SerializeToUtf8Bytes(members, Plain);

    public static AwsAnswer Answer(AwsCall call, JsonObject members) =>
        new() { Status = 200, ContentType = call.ContentType, Body = Bytes(members) };

    /// <summary>A time as this protocol writes it.</summary>
    public static JsonNode Time(DateTimeOffset at) => at.ToUnixTimeMilliseconds() / 1000.0;

    private static JsonObject Parse(ReadOnlyMemory<byte> body) =>
        body.Length > 0 && JsonNode.Parse(body.Span) is JsonObject members ? members : [];
}
