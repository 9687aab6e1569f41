using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Automation.LabTests.Fixtures;

namespace Automation.LabTests.Notifications;

/// <summary>A queue in moto that subscribes to a topic: what arrives is what SNS made of a message, filter policies and all.</summary>
internal sealed class MotoQueue : IDisposable
{
    private readonly HttpClient http;
    private readonly string name;
    private string url = "";

    private MotoQueue(Uri endpoint, string name)
    {
        http = new HttpClient { BaseAddress = endpoint };
        this.name = name;
    }

    public static async Task<MotoQueue> SubscribeAsync(
        MotoFixture moto, string topicArn, string name, string? filterPolicy, CancellationToken cancellation)
    {
        var queue = new MotoQueue(moto.Server.Uri, name);
        queue.url = (await queue.CallAsync("CreateQueue", new() { ["QueueName"] = name }, cancellation)).GetProperty("QueueUrl").GetString()!;
        await moto.Clients.Sns.SubscribeAsync(new()
        {
            TopicArn = topicArn,
            Protocol = "sqs",
            Endpoint = $"arn:aws:sqs:{MotoFixture.Region}:{topicArn.Split(':')[4]}:{name}",
            Attributes = filterPolicy is null ? null : new() { ["FilterPolicy"] = filterPolicy },
        }, cancellation);
        return queue;
    }

    /// <summary>The notifications that have arrived; moto delivers before it answers the publisher.</summary>
    public async Task<JsonElement[]> ReceiveAsync(CancellationToken cancellation)
    {
        var answer = await CallAsync("ReceiveMessage", new() { ["QueueUrl"] = url, ["MaxNumberOfMessages"] = 10 }, cancellation);
        return answer.TryGetProperty("Messages", out var messages)
            ? [.. messages.EnumerateArray().Select(message => JsonElement.Parse(message.GetProperty("Body").GetString()!))]
            : [];
    }

    public void Dispose() => http.Dispose();

    // There is no SQS client here. moto takes any signature and reads the service from its scope.
    private async Task<JsonElement> CallAsync(string operation, JsonObject parameters, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/")
        {
            Content = new StringContent(parameters.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/x-amz-json-1.0")),
        };
        request.Headers.TryAddWithoutValidation("X-Amz-Target", "AmazonSQS." + operation);
        request.Headers.TryAddWithoutValidation("Authorization",
            $"AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/{MotoFixture.Region}/sqs/aws4_request, SignedHeaders=host, Signature=none");
        using var response = await http.SendAsync(request, cancellation);
        var text = await response.Content.ReadAsStringAsync(cancellation);
        return response.IsSuccessStatusCode ? JsonElement.Parse(text) : throw new InvalidOperationException($"{operation} on {name}: {text}");
    }
}
