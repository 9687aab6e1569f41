using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Automation.Lab.Account;

namespace Automation.Lab.Secrets;

/// <summary>
/// Secrets Manager as moto has it, spoken to in its own protocol. Nothing here is cancelled by a caller who hangs up: AWS
/// does not stop halfway either.
/// </summary>
internal sealed class MotoSecrets(Uri moto) : IDisposable
{
    private readonly HttpClient http = new() { BaseAddress = moto, Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>Passes a call on as it is.</summary>
    public Task<AwsAnswer> SendAsync(AwsCall call) => SendAsync(call, call.Action, call.Body);

    /// <summary>Makes a call for a caller: moto takes account and Region from who signed.</summary>
    public Task<AwsAnswer> SendAsync(AwsCall caller, string action, JsonObject members) =>
        SendAsync(caller, action, SecretsJson.Bytes(members));

    /// <summary>Makes a call that cannot be refused.</summary>
    /// <exception cref="InvalidOperationException">moto refused all the same.</exception>
    public async Task<JsonObject> MustAsync(AwsCall caller, string action, JsonObject members)
    {
        var answer = await SendAsync(caller, action, members);
        return answer.Succeeded
            ? answer.Members()
            : throw new InvalidOperationException($"moto refused {action}: {answer.Members().Text("message")}");
    }

    public void Dispose() => http.Dispose();

    private async Task<AwsAnswer> SendAsync(AwsCall caller, string action, ReadOnlyMemory<byte> body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, (Uri?)null) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-amz-json-1.1");
        request.Headers.Add("X-Amz-Target", $"secretsmanager.{action}");
        request.Headers.TryAddWithoutValidation("Authorization",
            $"AWS4-HMAC-SHA256 Credential={caller.AccessKeyId}/20260101/{caller.Region}/secretsmanager/aws4_request, SignedHeaders=host, Signature=0");
        using var response = await http.SendAsync(request);
        return new AwsAnswer
        {
            Status = (int)response.StatusCode,
            ContentType = response.Content.Headers.ContentType?.ToString() ?? "",
            Body = await response.Content.ReadAsByteArrayAsync(),
        };
    }
}
