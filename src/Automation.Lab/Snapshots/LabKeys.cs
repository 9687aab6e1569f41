using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Automation.Lab.Account;
using Automation.Lab.Aws;

namespace Automation.Lab.Snapshots;

/// <summary>
/// KMS, kept by moto, as far as snapshots need it. What moto does otherwise is corrected at the endpoint: keys of another
/// Region are not found, and <c>aws/rds</c> is AWS's, not the customer's.
/// </summary>
internal sealed class LabKeys(Uri moto) : IDisposable
{
    private const string Service = "kms", DefaultAlias = "alias/aws/rds";
    private readonly HttpClient http = new() { BaseAddress = moto, Timeout = TimeSpan.FromSeconds(30) };
    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> defaults = new();

    /// <summary>Creates a customer-managed key with an alias.</summary>
    /// <param name="alias">As <c>alias/rds-automation-snapshots</c>.</param>
    /// <param name="region">Where.</param>
    /// <param name="policy">The key policy as JSON; <c>null</c> for KMS's default, which lets the account's IAM decide.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The key's ARN.</returns>
    public async Task<string> CreateAsync(string alias, string region, string? policy, CancellationToken cancellation)
    {
        var request = new JsonObject();
        if (policy is not null) request["Policy"] = policy;
        var created = (await MustAsync("CreateKey", region, request, cancellation))["KeyMetadata"]!;
        await MustAsync("CreateAlias", region, new JsonObject { ["AliasName"] = alias, ["TargetKeyId"] = (string)created["KeyId"]! }, cancellation);
        return (string)created["Arn"]!;
    }

    /// <summary>A key by id, alias or ARN; <c>null</c> where this Region has none of this name.</summary>
    public async Task<LabKey?> FindAsync(string keyId, string region, CancellationToken cancellation)
    {
        if (IsOfAnotherRegion(keyId, region)) return null;
        var answer = await SendAsync("DescribeKey", region, new JsonObject { ["KeyId"] = keyId }, cancellation);
        return answer["KeyMetadata"] is { } key ? new LabKey((string)key["Arn"]!, (string?)key["KeyState"] == "Enabled") : null;
    }

    /// <summary>The names a key has.</summary>
    public async Task<IReadOnlyList<string>> AliasesAsync(string keyArn, string region, CancellationToken cancellation)
    {
        var answer = await MustAsync("ListAliases", region, new JsonObject { ["KeyId"] = keyArn }, cancellation);
        return [.. (answer["Aliases"]?.AsArray() ?? []).Select(alias => (string)alias!["AliasName"]!)];
    }

    /// <summary>The key RDS uses when it is told none: AWS's own in the account, which cannot be shared.</summary>
    public Task<string> DefaultKeyArnAsync(string region) =>
        defaults.GetOrAdd(region, _ => new Lazy<Task<string>>(() => ReadDefaultKeyArnAsync(region))).Value;

    /// <summary>Answers at the endpoint from now on.</summary>
    public void Install(LabEndpoint endpoint)
    {
        endpoint.Before(Service, null, RefuseAnotherRegionAsync);
        endpoint.After(Service, "DescribeKey", ShowManagerAsync);
    }

    public void Dispose() => http.Dispose();

    private static ValueTask<AwsAnswer?> RefuseAnotherRegionAsync(AwsCall call, CancellationToken cancellation) => ValueTask.FromResult(
        Members(call.Body)["KeyId"] is { } id && (string)id! is var keyId && IsOfAnotherRegion(keyId, call.Region)
            ? ErrorAnswer.Create(call, 400, "NotFoundException", $"Invalid arn {keyId.Split(':')[3]}")
            : null);

    private async ValueTask<AwsAnswer> ShowManagerAsync(AwsCall call, AwsAnswer answer, CancellationToken cancellation)
    {
        if (!answer.Succeeded) return answer;
        var shown = Members(answer.Body);
        var key = shown["KeyMetadata"]!;
        // Before the comparison: whoever asks for the alias first makes moto create the key.
        if ((string?)key["Arn"] != await DefaultKeyArnAsync(call.Region)) return answer;
        key["KeyManager"] = "AWS";
        return answer with { Body = Encoding.UTF8.GetBytes(shown.ToJsonString()) };
    }

    private async Task<string> ReadDefaultKeyArnAsync(string region) =>
        (string)(await MustAsync("DescribeKey", region, new JsonObject { ["KeyId"] = DefaultAlias }, CancellationToken.None))["KeyMetadata"]!["Arn"]!;

    // arn:aws:kms:REGION:ACCOUNT:key/ID
    private static bool IsOfAnotherRegion(string keyId, string region) => keyId.Split(':') is ["arn", _, "kms", var of, ..] && of != region;

    private static JsonObject Members(ReadOnlyMemory<byte> body) => JsonNode.Parse(body.Span) as JsonObject ?? [];

    private async Task<JsonObject> MustAsync(string action, string region, JsonObject members, CancellationToken cancellation)
    {
        var answer = await SendAsync(action, region, members, cancellation);
        return answer.ContainsKey("__type")
            ? throw new InvalidOperationException($"moto refused {action}: {(string?)answer["message"] ?? (string?)answer["Message"]}")
            : answer;
    }

    private async Task<JsonObject> SendAsync(string action, string region, JsonObject members, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, (Uri?)null)
        {
            Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(members)),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-amz-json-1.1");
        request.Headers.Add("X-Amz-Target", $"TrentService.{action}");
        var accessKey = (await LabClients.Anybody.GetCredentialsAsync()).AccessKey;
        request.Headers.TryAddWithoutValidation("Authorization",
            $"AWS4-HMAC-SHA256 Credential={accessKey}/20260101/{region}/{Service}/aws4_request, SignedHeaders=host, Signature=0");
        using var response = await http.SendAsync(request, cancellation);
        var body = await response.Content.ReadAsByteArrayAsync(cancellation);
        return body.Length == 0 ? [] : Members(body);
    }
}
