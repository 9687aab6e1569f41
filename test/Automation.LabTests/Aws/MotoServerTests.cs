using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.SimpleNotificationService.Model;
using Automation.Lab.Aws;
using Automation.Lab.Setup;
using Automation.LabTests.Fixtures;

namespace Automation.LabTests.Aws;

public sealed class MotoServerTests(MotoFixture moto)
{
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_Twice_IsTwoAccounts()
    {
        await using var other = await StartAsync();
        using var clients = new LabClients(other.Uri, LabClients.Anybody, MotoFixture.Region);

        var topic = await clients.Sns.CreateTopicAsync(new CreateTopicRequest { Name = "only-here" }, cancellation);

        Assert.NotEqual(moto.Server.Uri, other.Uri);
        await Assert.ThrowsAsync<NotFoundException>(() =>
            moto.Clients.Sns.GetTopicAttributesAsync(new GetTopicAttributesRequest { TopicArn = topic.TopicArn }, cancellation));
    }

    [Fact]
    public async Task Reset_AfterCreate_HasForgotten()
    {
        await using var own = await StartAsync();
        using var clients = new LabClients(own.Uri, LabClients.Anybody, MotoFixture.Region);
        var topic = await clients.Sns.CreateTopicAsync(new CreateTopicRequest { Name = "here" }, cancellation);

        await own.ResetAsync(cancellation);

        await Assert.ThrowsAsync<NotFoundException>(() =>
            clients.Sns.GetTopicAttributesAsync(new GetTopicAttributesRequest { TopicArn = topic.TopicArn }, cancellation));
    }

    // Of one that is refused nothing is left, and nothing of it was seen: what it wrote over, removed and added is as it was.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Transaction_RefusedOrNot_HappensWhollyOrNotAtAll(bool refused)
    {
        var table = $"transactions-{refused}";
        var dynamo = moto.Clients.DynamoDB;
        await dynamo.CreateTableAsync(new CreateTableRequest
        {
            TableName = table,
            BillingMode = BillingMode.PAY_PER_REQUEST,
            KeySchema = [new("id", KeyType.HASH), new("place", KeyType.RANGE)],
            AttributeDefinitions = [new("id", ScalarAttributeType.S), new("place", ScalarAttributeType.S)],
        }, cancellation);
        foreach (var id in (string[])["changed", "gone", "bystander"])
            await dynamo.PutItemAsync(table, Of(id, ("value", "before")), cancellation);

        Task<TransactWriteItemsResponse> WriteAsync() => dynamo.TransactWriteItemsAsync(new TransactWriteItemsRequest
        {
            TransactItems =
            [
                new()
                {
                    Update = new Update
                    {
                        TableName = table,
                        Key = Of("changed"),
                        UpdateExpression = "SET #value = :after",
                        ExpressionAttributeNames = new() { ["#value"] = "value" },
                        ExpressionAttributeValues = new() { [":after"] = new AttributeValue("after") },
                    },
                },
                new() { Put = new Put { TableName = table, Item = Of("new", ("value", "after")) } },
                new() { Delete = new Delete { TableName = table, Key = Of("gone") } },
                new()
                {
                    ConditionCheck = new ConditionCheck
                    {
                        TableName = table, Key = Of("bystander"),
                        ConditionExpression = refused ? "attribute_not_exists(id)" : "attribute_exists(id)",
                    },
                },
            ],
        }, cancellation);

        if (refused) await Assert.ThrowsAsync<TransactionCanceledException>(WriteAsync);
        else await WriteAsync();

        var items = await dynamo.ScanAsync(new ScanRequest(table) { ConsistentRead = true }, cancellation);
        Assert.Equal(
            refused ? ["bystander before", "changed before", "gone before"] : ["bystander before", "changed after", "new after"],
            items.Items.Select(item => $"{item["id"].S} {item["value"].S}").Order(StringComparer.Ordinal));

        static Dictionary<string, AttributeValue> Of(string id, params (string Name, string Value)[] more) =>
            new(more.Select(one => KeyValuePair.Create(one.Name, new AttributeValue(one.Value)))) { ["id"] = new(id), ["place"] = new("here") };
    }

    [Fact]
    public async Task Secret_AskedForByItsNameOrItsArn_IsTheSame()
    {
        var secrets = moto.Clients.SecretsManager;
        var first = await secrets.CreateSecretAsync(new() { Name = "moto/by-name", SecretString = "one" }, cancellation);
        var second = await secrets.CreateSecretAsync(new() { Name = "moto/by-name-too", SecretString = "two" }, cancellation);

        foreach (var (id, value) in ((string, string)[])[(first.ARN, "one"), ("moto/by-name", "one"), (first.ARN[..^7], "one"), (second.ARN, "two"), ("moto/by-name-too", "two")])
            Assert.Equal(value, (await secrets.GetSecretValueAsync(new() { SecretId = id }, cancellation)).SecretString);
        // Of a secret of this name that was another one.
        await Assert.ThrowsAsync<Amazon.SecretsManager.Model.ResourceNotFoundException>(() =>
            secrets.GetSecretValueAsync(new() { SecretId = first.ARN[..^6] + "Others" }, cancellation));
    }

    [Fact]
    public async Task Dispose_Running_StopsAnswering()
    {
        var own = await StartAsync();
        var uri = own.Uri;

        await own.DisposeAsync();

        using var http = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(uri, cancellation));
    }

    [Fact]
    public async Task Start_InterpreterWithoutMoto_SaysWhatItSaid()
    {
        var folder = Directory.CreateTempSubdirectory("no-moto-");
        try
        {
            // An interpreter that ends as Python does when the module is not there.
            var script = Path.Combine(folder.FullName, "python");
            await File.WriteAllTextAsync(script, "#!/bin/sh\ncase \"$*\" in *' -p '*) ;; *) exit 0 ;; esac\necho 'No module named moto' >&2\nexit 1\n", cancellation);
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            var python = await PythonEnvironment.PrepareAsync([], script, Path.Combine(folder.FullName, "unused"), _ => { }, cancellation);

            var error = await Assert.ThrowsAsync<InvalidOperationException>(() => MotoServer.StartAsync(python, cancellation));

            Assert.Contains("No module named moto", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<MotoServer> StartAsync() =>
        await MotoServer.StartAsync(await PythonEnvironment.PrepareAsync([PythonModule.Moto], _ => { }, cancellation), cancellation);
}
