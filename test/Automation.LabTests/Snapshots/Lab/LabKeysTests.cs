using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Automation.LabTests.Fixtures;

namespace Automation.LabTests.Snapshots.Lab;

/// <summary>KMS through the endpoint, by hand: what the SDK's client would send and read.</summary>
public sealed class LabKeysTests(MotoFixture moto) : IAsyncLifetime
{
    private const string Home = "il-central-1", Abroad = "af-south-1";
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;
    private readonly HttpClient http = new();
    private SnapshotsOnMoto lab = null!;

    public async ValueTask InitializeAsync() => lab = await SnapshotsOnMoto.StartAsync(moto, Home);

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await lab.DisposeAsync();
    }

    [Fact]
    public async Task DescribeKey_AliasInTwoRegions_IsTwoKeys()
    {
        const string Alias = "alias/rds-automation-snapshots";
        var here = await lab.Keys.CreateAsync(Alias, Home, null, cancellation);
        var there = await lab.Keys.CreateAsync(Alias, Abroad, null, cancellation);

        var keys = new[] { await AskAsync("DescribeKey", Home, Alias), await AskAsync("DescribeKey", Abroad, Alias) };

        Assert.Equal([here, there], keys.Select(k => (string?)k["KeyMetadata"]!["Arn"]));
        Assert.All(keys, k => Assert.Equal(("CUSTOMER", "Enabled"), ((string?)k["KeyMetadata"]!["KeyManager"], (string?)k["KeyMetadata"]!["KeyState"])));
        Assert.NotEqual(here, there);
        Assert.Contains(Home, here, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DescribeKey_ByArnOfAnotherRegion_IsNotFound()
    {
        var key = await lab.Keys.CreateAsync("alias/elsewhere", Home, null, cancellation);

        var refused = await AskAsync("DescribeKey", Abroad, key);

        Assert.Equal(("NotFoundException", $"Invalid arn {Home}"), ((string?)refused["__type"], (string?)refused["message"]));
        Assert.Null(await lab.Keys.FindAsync(key, Abroad, cancellation));
        Assert.Equal(key, (await lab.Keys.FindAsync(key, Home, cancellation))!.Arn);
    }

    [Fact]
    public async Task DescribeKey_DefaultOfRds_IsManagedByAws()
    {
        var byAlias = (await AskAsync("DescribeKey", Home, "alias/aws/rds"))["KeyMetadata"]!;
        var byArn = (await AskAsync("DescribeKey", Home, (string)byAlias["Arn"]!))["KeyMetadata"]!;

        Assert.Equal(("AWS", "AWS"), ((string?)byAlias["KeyManager"], (string?)byArn["KeyManager"]));
        Assert.Equal(await lab.Keys.DefaultKeyArnAsync(Home), (string?)byAlias["Arn"]);
    }

    [Fact]
    public async Task GetKeyPolicy_OfAKeyWithAPolicy_GivesIt()
    {
        const string Policy = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":"kms:*","Resource":"*"}]}""";
        var key = await lab.Keys.CreateAsync("alias/with-policy", Home, Policy, cancellation);

        var answer = await AskAsync("GetKeyPolicy", Home, key);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Policy), JsonNode.Parse((string)answer["Policy"]!)));
    }

    [Fact]
    public async Task CreateAlias_Twice_IsRefused()
    {
        await lab.Keys.CreateAsync("alias/once", Home, null, cancellation);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => lab.Keys.CreateAsync("alias/once", Home, null, cancellation));

        Assert.Contains("CreateAlias", refused.Message, StringComparison.Ordinal);
    }

    private async Task<JsonObject> AskAsync(string action, string region, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, lab.Endpoint.Uri)
        {
            Content = new StringContent(new JsonObject { ["KeyId"] = key, ["PolicyName"] = action == "GetKeyPolicy" ? "default" : null }.ToJsonString()),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-amz-json-1.1");
        request.Headers.Add("X-Amz-Target", $"TrentService.{action}");
        request.Headers.TryAddWithoutValidation("Authorization",
            $"AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/{region}/kms/aws4_request, SignedHeaders=host, Signature=0");
        using var response = await http.SendAsync(request, cancellation);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellation))!.AsObject();
    }
}
