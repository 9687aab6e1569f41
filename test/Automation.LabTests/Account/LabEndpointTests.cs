using System.Net;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.RDS;
using Amazon.RDS.Model;
using Amazon.Runtime;
using Amazon.SimpleNotificationService;
using Amazon.SimpleNotificationService.Model;
using Automation.Lab.Account;
using Automation.Lab.Aws;
using Automation.LabTests.Fixtures;

namespace Automation.LabTests.Account;

public sealed class LabEndpointTests(MotoFixture moto)
{
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Forward_Call_ArrivesUnchangedAndIsRecorded()
    {
        await using var lab = await StartAsync("forward");
        var item = new Dictionary<string, AttributeValue> { ["pk"] = new("a&b+ü"), ["sk"] = new("x"), ["text"] = new("Ω <&> \u2028 + %20") };

        await lab.Application.DynamoDB.PutItemAsync("forward-Ledger", item, cancellation);
        var read = await lab.Application.DynamoDB.GetItemAsync("forward-Ledger", new() { ["pk"] = new("a&b+ü"), ["sk"] = new("x") }, cancellation);

        Assert.Equal("Ω <&> \u2028 + %20", read.Item["text"].S);
        Assert.Equal([("dynamodb", "PutItem", 200), ("dynamodb", "GetItem", 200)],
            lab.Account.Endpoint.Calls.Entries.Select(c => (c.Service, c.Action, c.Status)));
        var call = lab.Account.Endpoint.Calls.Entries[0].Call;
        Assert.Equal((lab.Inputs.Region, "AKIAIOSFODNN7EXAMPLE"), (call.Region, call.AccessKeyId));
    }

    [Fact]
    public async Task Forward_Refusal_ReachesTheCallerAsItsOwnException()
    {
        await using var lab = await StartAsync("refusal");

        await Assert.ThrowsAsync<DBInstanceNotFoundException>(() =>
            lab.Application.Rds.DescribeDBInstancesAsync(new DescribeDBInstancesRequest { DBInstanceIdentifier = "nobody" }, cancellation));

        Assert.Equal(404, Assert.Single(lab.Account.Endpoint.Calls.Entries).Status);
    }

    [Fact]
    public async Task Describe_RegisteredInstance_ShowsWhereItListensAndItsTags()
    {
        await using var lab = await StartAsync("instance");
        var tags = new Dictionary<string, string> { ["automation:connections"] = "act max=5", ["team"] = "Zürich & co" };

        var registered = await lab.Account.RegisterAsync(Database("instance-db", 6001) with { Tags = tags, MultiAz = true }, cancellation);
        await lab.Account.RegisterAsync(Database("instance-other", 6002), cancellation);

        var shown = Assert.Single((await lab.Application.Rds.DescribeDBInstancesAsync(
            new DescribeDBInstancesRequest { DBInstanceIdentifier = "instance-db" }, cancellation)).DBInstances);
        Assert.Equal(("db.lab.test", 6001, "postgres", "17.5"), (shown.Endpoint.Address, shown.Endpoint.Port, shown.Engine, shown.EngineVersion));
        Assert.Equal((true, true, "available"), (shown.MultiAZ, shown.IAMDatabaseAuthenticationEnabled, shown.DBInstanceStatus));
        Assert.Equal((registered.Arn, registered.ResourceId), (shown.DBInstanceArn, shown.DbiResourceId));
        Assert.Matches("^db-[A-Z0-9]{26}$", shown.DbiResourceId);
        Assert.Equal(tags, shown.TagList.ToDictionary(t => t.Key, t => t.Value));

        var listed = await lab.Application.Rds.ListTagsForResourceAsync(new ListTagsForResourceRequest { ResourceName = registered.Arn }, cancellation);
        Assert.Equal(tags, listed.TagList.ToDictionary(t => t.Key, t => t.Value));

        var all = await lab.Application.Rds.DescribeDBInstancesAsync(new DescribeDBInstancesRequest(), cancellation);
        Assert.Equal(all.DBInstances.Count, all.DBInstances.Select(i => i.DbiResourceId).Distinct().Count());
    }

    [Fact]
    public async Task Describe_AfterTheEndpointMoved_ShowsTheNewOne()
    {
        await using var lab = await StartAsync("moved");
        await lab.Account.RegisterAsync(Database("moved-db", 6001), cancellation);

        lab.Account.Databases.SetInstance("MOVED-DB", new DatabaseEndpoint("elsewhere.test", 7007));

        var shown = (await lab.Application.Rds.DescribeDBInstancesAsync(
            new DescribeDBInstancesRequest { DBInstanceIdentifier = "moved-db" }, cancellation)).DBInstances[0];
        Assert.Equal(("elsewhere.test", 7007), (shown.Endpoint.Address, shown.Endpoint.Port));
    }

    [Fact]
    public async Task Describe_RegisteredCluster_ShowsEndpointsMembersAndTheWriter()
    {
        await using var lab = await StartAsync("cluster");
        var registered = await lab.Account.RegisterAsync(new LabCluster
        {
            Id = "cluster-c",
            Endpoint = new("writer.test", 6101),
            ReaderEndpoint = new("reader.test", 6101),
            EngineVersion = "16.4",
            Tags = new Dictionary<string, string> { ["automation:connections"] = "act" },
            Members = [Database("cluster-1", 6102), Database("cluster-2", 6103)],
        }, cancellation);

        async Task<DBCluster> ShownAsync() => Assert.Single((await lab.Application.Rds.DescribeDBClustersAsync(
            new DescribeDBClustersRequest { DBClusterIdentifier = "cluster-c" }, cancellation)).DBClusters);
        var shown = await ShownAsync();
        Assert.Equal(("writer.test", "reader.test", 6101), (shown.Endpoint, shown.ReaderEndpoint, shown.Port));
        Assert.Equal((registered[0].Arn, registered[0].ResourceId), (shown.DBClusterArn, shown.DbClusterResourceId));
        Assert.Equal([("cluster-1", true), ("cluster-2", false)], Members(shown));

        var member = (await lab.Application.Rds.DescribeDBInstancesAsync(
            new DescribeDBInstancesRequest { DBInstanceIdentifier = "cluster-2" }, cancellation)).DBInstances[0];
        Assert.Equal(("cluster-c", "aurora-postgresql", 6103), (member.DBClusterIdentifier, member.Engine, member.Endpoint.Port));

        lab.Account.Databases.SetCluster("cluster-c", new("writer.test", 6101), new("reader.test", 6101), "cluster-2");
        Assert.Equal([("cluster-1", false), ("cluster-2", true)], Members(await ShownAsync()));
    }

    [Fact]
    public async Task Publish_MessagePerProtocol_IsWhatThePersonReceived()
    {
        await using var lab = await StartAsync("publish");
        var topic = lab.Account.Template.Topics[0].Arn;

        await lab.Application.Sns.PublishAsync(new PublishRequest
        {
            TopicArn = topic,
            Subject = "orders: 5 sessions ended",
            MessageStructure = "json",
            Message = """{"default":"short","email":"Hello + Größe & more","sqs":"{\"a\":1}"}""",
            MessageAttributes = new() { ["severity"] = new() { DataType = "String", StringValue = "warning" }, ["database"] = new() { DataType = "String", StringValue = "orders" } },
        }, cancellation);

        var received = Assert.Single(lab.Account.Notifications.Entries);
        Assert.Equal((topic, "orders: 5 sessions ended"), (received.TopicArn, received.Subject));
        Assert.Equal(("Hello + Größe & more", """{"a":1}""", "short"), (received.TextFor("email"), received.TextFor("sqs"), received.TextFor("lambda")));
        Assert.Equal(new Dictionary<string, string> { ["severity"] = "warning", ["database"] = "orders" }, received.Attributes);
    }

    [Theory]
    [InlineData("""{"email":"x"}""")]
    [InlineData("not json")]
    [InlineData("""{"default":{"a":1}}""")]
    [InlineData("null")]
    public async Task Publish_BrokenMessageStructure_IsRefusedAsBySnsAndNobodyHears(string message)
    {
        await using var lab = await StartAsync($"broken-{message.Length}");

        await Assert.ThrowsAsync<InvalidParameterException>(() => lab.Application.Sns.PublishAsync(new PublishRequest
        {
            TopicArn = lab.Account.Template.Topics[0].Arn,
            MessageStructure = "json",
            Message = message,
        }, cancellation));

        Assert.Empty(lab.Account.Notifications.Entries);
    }

    [Fact]
    public async Task Publish_UnknownTopic_NobodyHears()
    {
        await using var lab = await StartAsync("unknown");

        await Assert.ThrowsAsync<NotFoundException>(() => lab.Application.Sns.PublishAsync(
            new PublishRequest { TopicArn = $"arn:aws:sns:{lab.Inputs.Region}:123456789012:nobody", Message = "x" }, cancellation));

        Assert.Empty(lab.Account.Notifications.Entries);
    }

    [Fact]
    public async Task Hooks_BeforeAndAfter_TakePartInTheirActionAlone()
    {
        await using var lab = await StartAsync("hooks");
        await lab.Account.RegisterAsync(Database("hooks-db", 6001) with { MultiAz = true }, cancellation);
        List<string> rebooted = [];
        lab.Account.Endpoint.After("rds", "RebootDBInstance", (call, answer, _) =>
        {
            if (answer.Succeeded) rebooted.Add($"{call.Parameters["DBInstanceIdentifier"]} {call.Parameters["ForceFailover"]}");
            return ValueTask.FromResult(answer);
        });
        lab.Account.Endpoint.Before("rds", "DeleteDBInstance", (call, _) => ValueTask.FromResult<AwsAnswer?>(
            ErrorAnswer.Create(call, 400, "InvalidDBInstanceState", "protected & kept")));

        await lab.Application.Rds.RebootDBInstanceAsync(new() { DBInstanceIdentifier = "hooks-db", ForceFailover = true }, cancellation);
        var refused = await Assert.ThrowsAnyAsync<AmazonRDSException>(() =>
            lab.Application.Rds.DeleteDBInstanceAsync(new() { DBInstanceIdentifier = "hooks-db", SkipFinalSnapshot = true }, cancellation));

        Assert.Equal(["hooks-db true"], rebooted);
        Assert.Equal(("InvalidDBInstanceState", "protected & kept"), (refused.ErrorCode, refused.Message));
        Assert.Single((await lab.Application.Rds.DescribeDBInstancesAsync(new() { DBInstanceIdentifier = "hooks-db" }, cancellation)).DBInstances);
    }

    [Theory]
    [InlineData("Throttle", false)]
    [InlineData("InternalError", false)]
    [InlineData("Drop", false)]
    [InlineData("Silence", false)]
    [InlineData("ApplyThenInternalError", true)]
    [InlineData("ApplyThenDrop", true)]
    public async Task Fault_OnAWrite_FailsTheCallerAndHappensOnlyWhenApplied(string kind, bool applied)
    {
        var fault = Enum.Parse<FaultKind>(kind);
        await using var lab = await StartAsync($"fault-{kind}");
        using var ledger = new AmazonDynamoDBClient(LabClients.Anybody, Settings(new AmazonDynamoDBConfig()));
        using var topics = new AmazonSimpleNotificationServiceClient(LabClients.Anybody, Settings(new AmazonSimpleNotificationServiceConfig()));
        var key = new Dictionary<string, AttributeValue> { ["pk"] = new("k"), ["sk"] = new("k") };
        lab.Account.Endpoint.Faults.Inject(new Fault { Kind = fault, Service = "dynamodb", Action = "PutItem", Times = int.MaxValue });
        lab.Account.Endpoint.Faults.Inject(new Fault { Kind = fault, Service = "sns", Action = "Publish", Times = int.MaxValue });

        var write = await Record.ExceptionAsync(() => ledger.PutItemAsync($"fault-{kind}-Ledger", key, cancellation));
        var publish = await Record.ExceptionAsync(() => topics.PublishAsync(new PublishRequest { TopicArn = lab.Account.Template.Topics[0].Arn, Message = "x" }, cancellation));

        Assert.NotNull(write);
        Assert.NotNull(publish);
        if (fault == FaultKind.Throttle)
        {
            Assert.Equal("ThrottlingException", Assert.IsAssignableFrom<AmazonServiceException>(write).ErrorCode);
            Assert.Equal("Throttling", Assert.IsAssignableFrom<AmazonServiceException>(publish).ErrorCode);
        }
        if (fault is FaultKind.InternalError or FaultKind.ApplyThenInternalError)
        {
            Assert.Equal(HttpStatusCode.InternalServerError, Assert.IsAssignableFrom<AmazonServiceException>(write).StatusCode);
            Assert.Equal(HttpStatusCode.InternalServerError, Assert.IsAssignableFrom<AmazonServiceException>(publish).StatusCode);
        }
        var read = await lab.Application.DynamoDB.GetItemAsync($"fault-{kind}-Ledger", key, cancellation);
        Assert.Equal(applied, read.Item is { Count: > 0 });
        Assert.Equal(applied, lab.Account.Notifications.Entries.Count > 0);
        // HttpClient asks again where a connection that it had kept is dropped.
        Assert.Equal(["PutItem", "Publish", "GetItem"], lab.Account.Endpoint.Calls.Entries.Select(c => c.Action).Distinct());
        Assert.All(lab.Account.Endpoint.Calls.Entries, c => Assert.Equal(c.Action == "GetItem" ? null : fault, c.Fault));
        Assert.All(lab.Account.Endpoint.Calls.Entries, c => Assert.Equal(c.Action == "GetItem" || applied, c.TookEffect));

        T Settings<T>(T config)
            where T : ClientConfig
        {
            lab.Once(config);
            if (fault == FaultKind.Silence) config.Timeout = TimeSpan.FromSeconds(2);
            return config;
        }
    }

    [Fact]
    public async Task Fault_ThrottledOnce_IsRetriedByTheSdk()
    {
        await using var lab = await StartAsync("retried");
        lab.Account.Endpoint.Faults.Inject(new Fault { Kind = FaultKind.Throttle, Service = "rds" });

        await lab.Application.Rds.DescribeDBInstancesAsync(new DescribeDBInstancesRequest(), cancellation);

        Assert.Equal([400, 200], lab.Account.Endpoint.Calls.Entries.Select(c => c.Status));
    }

    [Fact]
    public async Task Forward_UnsignedRequest_IsForwardedWithoutAService()
    {
        await using var lab = await StartAsync("unsigned");
        using var http = new HttpClient();

        using var answer = await http.GetAsync(new Uri(lab.Account.Endpoint.Uri, "moto-api/config"), cancellation);

        Assert.Empty(lab.Account.Endpoint.Problems.Entries);
        // moto's own answer to this page.
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("", Assert.Single(lab.Account.Endpoint.Calls.Entries).Service);
        Assert.Contains("batch", await answer.Content.ReadAsStringAsync(cancellation), StringComparison.Ordinal);
    }

    private static IEnumerable<(string, bool?)> Members(DBCluster cluster) =>
        cluster.DBClusterMembers.Select(m => (m.DBInstanceIdentifier, m.IsClusterWriter));

    private Task<AccountOnMoto> StartAsync(string stack) => AccountOnMoto.StartAsync(moto, stack, "eu-north-1", cancellation);

    private static LabDatabase Database(string id, int port) => new() { Id = id, Endpoint = new("db.lab.test", port), EngineVersion = "17.5" };
}
