using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.KeyManagementService;
using Amazon.RDS;
using Amazon.RDS.Model;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SecretsManager;
using Amazon.SecretsManager.Model;
using Amazon.SimpleNotificationService;
using Automation.Lab.Account;
using Automation.LabTests.Account;
using Automation.LabTests.Fixtures;

namespace Automation.LabTests.Iam;

/// <summary>
/// Calls that no function may make, made with a function's own credentials over the wire: IAM of the lab's account refuses them as
/// AWS would, whatever the code of the function is. Beside each stands the call that is like it and allowed.
/// </summary>
public sealed class ForbiddenCallTests(MotoFixture moto) : IAsyncLifetime
{
    private const string Region = "ca-west-1", Other = "210987654321";

    private static int stacks;

    private readonly string stack = $"forbidden{Interlocked.Increment(ref stacks)}";
    private readonly List<IDisposable> clients = [];
    private AccountOnMoto? aws;

    private AccountOnMoto Aws => aws ?? throw new InvalidOperationException("The account has not been started.");

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => aws = await AccountOnMoto.DeployAsync(
        moto, stack, Region, AccountOnMoto.Clock, Test, ("ShareAccounts", Other), ("PrepareDatabases", "act"));

    public async ValueTask DisposeAsync()
    {
        foreach (var client in clients) client.Dispose();
        await Aws.DisposeAsync();
    }

    [Theory]
    [InlineData("environment=staging automation:failover-test=allow", null)]
    [InlineData("environment=production automation:failover-test=allow", "explicit deny")]
    [InlineData("automation:failover-test=allow", "explicit deny")]
    [InlineData("environment=staging", "no identity-based policy allows")]
    public async Task Failover_OfADatabase_NeedsBothTags(string tags, string? why)
    {
        var id = await RegisterAsync(tags);

        await ExpectAsync(why, "AccessDenied", () => Rds("TestFailoverFunction").RebootDBInstanceAsync(new RebootDBInstanceRequest { DBInstanceIdentifier = id }, Test));
    }

    [Theory]
    [InlineData("automation:managed-by=automation", "auto-", null)]
    [InlineData("automation:managed-by=people", "auto-", "explicit deny")]
    [InlineData("", "auto-", "explicit deny")]
    [InlineData("automation:managed-by=automation automation:hold=audit", "auto-", "explicit deny")]
    [InlineData("automation:managed-by=automation", "before-migration-", "no identity-based policy allows")]
    public async Task Deletion_OfASnapshot_IsOfOursAlone(string tags, string prefix, string? why)
    {
        var id = await SnapshotAsync(tags, prefix);

        await ExpectAsync(why, "AccessDenied", () => Rds("ReconcileSnapshotsFunction").DeleteDBSnapshotAsync(new DeleteDBSnapshotRequest { DBSnapshotIdentifier = id }, Test));
        await ExpectAsync("", "AccessDenied", () => Rds("TakeSnapshotsFunction").DeleteDBSnapshotAsync(new DeleteDBSnapshotRequest { DBSnapshotIdentifier = id }, Test));
    }

    // With whom, IAM cannot say: in a stack that names accounts it is the code that never says "all", and never shares what is not encrypted.
    [Theory]
    [InlineData("TakeSnapshotsFunction", "automation:managed-by=automation", "explicit deny")]
    [InlineData("GrowStorageFunction", "automation:managed-by=automation", "explicit deny")]
    [InlineData("ReconcileSnapshotsFunction", "", "explicit deny")]
    public async Task Sharing_OfASnapshot_IsForOneFunctionAndOfOursAlone(string function, string tags, string why)
    {
        var id = await SnapshotAsync(tags, "auto-");

        await ExpectAsync(why, "AccessDenied", () => ShareAsync(Rds(function), id, "all"));
    }

    [Fact]
    public async Task Sharing_InAStackThatNamesNoAccount_IsDeniedToAll()
    {
        await using var closed = await AccountOnMoto.DeployAsync(moto, $"{stack}-closed", Region, AccountOnMoto.Clock, Test, ("PrepareDatabases", "act"));
        var id = await SnapshotAsync("automation:managed-by=automation", "auto-");

        foreach (var function in closed.Account.Template.Functions)
        {
            await ExpectAsync("explicit deny", "AccessDenied", () => ShareAsync(
                Own(new AmazonRDSClient(closed.Account.Roles.CredentialsOf(function.LogicalId).ForSdk(), closed.Once(new AmazonRDSConfig()))), id, "all"));
        }
    }

    [Theory]
    [InlineData("RotateSecretFunction", "automation:rotation=allow", null)]
    [InlineData("RotateSecretFunction", "automation:rotation=off", "no identity-based policy allows")]
    [InlineData("RotateSecretFunction", "", "no identity-based policy allows")]
    [InlineData("PrepareDatabaseFunction", "automation:rotation=allow", "no identity-based policy allows")]
    [InlineData("GrowStorageFunction", "automation:rotation=allow", "no identity-based policy allows")]
    public async Task Secret_IsReadByWhomItsTagLets(string function, string tags, string? why)
    {
        var secret = await SecretAsync(tags);

        // By name and by ARN: what IAM is asked about is the same.
        foreach (var id in new[] { secret.Name, secret.ARN })
            await ExpectAsync(why, "AccessDeniedException", () => Secrets(function).GetSecretValueAsync(new GetSecretValueRequest { SecretId = id }, Test));
    }

    [Theory]
    [InlineData("automation:storage=act max=500", null)]
    [InlineData("automation:storage=observe max=500", "explicit deny")]
    [InlineData("", "explicit deny")]
    public async Task Size_OfADatabase_ChangesWhereItsTagSaysAct(string tags, string? why)
    {
        var id = await RegisterAsync(tags);

        await ExpectAsync(why, "AccessDenied", () => ModifyAsync("GrowStorageFunction", id));
        await ExpectAsync("explicit deny", "AccessDenied", () => ModifyAsync("ForecastStorageFunction", id));
    }

    // Each service has its own name and protocol for it.
    [Fact]
    public async Task Refusal_OfEachService_IsTheExceptionOfItsSdk()
    {
        var role = Aws.Account.Roles.CredentialsOf("RelieveConnectionsFunction").ForSdk();

        await ExpectAsync("dynamodb:UpdateItem on resource: arn:aws:dynamodb:ca-west-1:123456789012:table/orders", "AccessDeniedException", () =>
            Own(new AmazonDynamoDBClient(role, Aws.Once(new AmazonDynamoDBConfig()))).UpdateItemAsync(new UpdateItemRequest { TableName = "orders", Key = new() { ["pk"] = new("x") } }, Test));
        await ExpectAsync("sns:Publish", "AuthorizationError", () =>
            Own(new AmazonSimpleNotificationServiceClient(role, Aws.Once(new AmazonSimpleNotificationServiceConfig()))).PublishAsync(new() { TopicArn = $"arn:aws:sns:{Region}:123456789012:payments", Message = "x" }, Test));
        await ExpectAsync("cloudwatch:DescribeAlarms", "AccessDeniedException", () =>
            Own(new Amazon.CloudWatch.AmazonCloudWatchClient(role, Aws.Once(new Amazon.CloudWatch.AmazonCloudWatchConfig()))).DescribeAlarmsAsync(new(), Test));
        await ExpectAsync("kms:DescribeKey", "AccessDeniedException", () =>
            Own(new AmazonKeyManagementServiceClient(role, Aws.Once(new AmazonKeyManagementServiceConfig()))).DescribeKeyAsync("alias/rds-automation-snapshots", Test));
        await ExpectAsync("s3:PutObject on resource: arn:aws:s3:::reports/failover/x.html", "AccessDenied", () =>
            Own(new AmazonS3Client(role, Aws.Once(new AmazonS3Config { ForcePathStyle = true }))).PutObjectAsync(new PutObjectRequest { BucketName = "reports", Key = "failover/x.html", ContentBody = "x" }, Test));
    }

    // A call that nobody has thought about is refused, so that it gets thought about; whoever is no function is none of IAM's business here.
    [Fact]
    public async Task Call_ThatTheLabDoesNotKnow_IsRefusedToAFunctionAlone()
    {
        var id = await RegisterAsync("");
        var arn = $"arn:aws:rds:{Region}:123456789012:db:{id}";

        await ExpectAsync("the lab does not know what AWS asks IAM about rds:ListTagsForResource", "AccessDenied", () =>
            Rds("RelieveConnectionsFunction").ListTagsForResourceAsync(new ListTagsForResourceRequest { ResourceName = arn }, Test));
        await Aws.Application.Rds.ListTagsForResourceAsync(new ListTagsForResourceRequest { ResourceName = arn }, Test);

        var decision = Assert.Single(Aws.Account.Roles.Decisions.Entries);
        Assert.Equal(("RelieveConnectionsFunction", "rds:ListTagsForResource"), (decision.Function, decision.Call));
    }

    [Theory]
    [InlineData("automation", true)]
    [InlineData("postgres", false)]
    [InlineData("rdsadmin", false)]
    public void Login_WithAToken_IsAsTheAutomationsRoleAlone(string user, bool isAllowed)
    {
        Assert.Equal(isAllowed, Aws.Account.Roles.MayConnect(Aws.Account.Roles.CredentialsOf("RelieveConnectionsFunction").AccessKeyId, "db-ABC", user));
        Assert.False(Aws.Account.Roles.MayConnect(Aws.Account.Roles.CredentialsOf("TakeSnapshotsFunction").AccessKeyId, "db-ABC", user));
        Assert.False(Aws.Account.Roles.MayConnect("AKIAIOSFODNN7EXAMPLE", "db-ABC", user));
    }

    // A refused call does nothing, and is told in full; an allowed one is answered by whoever answers it, with a refusal of RDS too.
    private async Task ExpectAsync(string? why, string code, Func<Task> call)
    {
        var before = Aws.Account.Roles.Decisions.Entries.Count;
        var thrown = await Record.ExceptionAsync(call);

        if (why is null)
        {
            Assert.False(thrown is AmazonServiceException { ErrorCode: "AccessDenied" or "AccessDeniedException" or "AuthorizationError" }, thrown?.Message);
            Assert.Null(Aws.Account.Roles.Decisions.Entries[before].Refusal);
            return;
        }
        var refusal = Assert.IsAssignableFrom<AmazonServiceException>(thrown);
        Assert.Equal(code, refusal.ErrorCode);
        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
    }

    private static Task<ModifyDBSnapshotAttributeResponse> ShareAsync(AmazonRDSClient rds, string id, string with) => rds.ModifyDBSnapshotAttributeAsync(
        new ModifyDBSnapshotAttributeRequest { DBSnapshotIdentifier = id, AttributeName = "restore", ValuesToAdd = [with] }, Test);

    private Task<ModifyDBInstanceResponse> ModifyAsync(string function, string id) => Rds(function).ModifyDBInstanceAsync(
        new ModifyDBInstanceRequest { DBInstanceIdentifier = id, AllocatedStorage = 200, ApplyImmediately = true }, Test);

    private AmazonRDSClient Rds(string function) => Own(new AmazonRDSClient(Aws.Account.Roles.CredentialsOf(function).ForSdk(), Aws.Once(new AmazonRDSConfig())));

    private AmazonSecretsManagerClient Secrets(string function) =>
        Own(new AmazonSecretsManagerClient(Aws.Account.Roles.CredentialsOf(function).ForSdk(), Aws.Once(new AmazonSecretsManagerConfig())));

    private async Task<string> RegisterAsync(string tags)
    {
        var id = $"{stack}-db";
        await Aws.Account.RegisterAsync(new LabDatabase { Id = id, Endpoint = new DatabaseEndpoint("localhost", 5432), EngineVersion = "17.5", Tags = Pairs(tags) }, Test);
        return id;
    }

    private async Task<string> SnapshotAsync(string tags, string prefix)
    {
        var id = $"{prefix}{stack}";
        await Aws.Application.Rds.CreateDBSnapshotAsync(new CreateDBSnapshotRequest
        {
            DBInstanceIdentifier = await RegisterAsync(""),
            DBSnapshotIdentifier = id,
            Tags = [.. Pairs(tags).Select(tag => new Amazon.RDS.Model.Tag { Key = tag.Key, Value = tag.Value })],
        }, Test);
        await Aws.Account.Snapshots.Changes.FirstAsync(change => change.Id == id && !change.IsUnderway, Test);
        return id;
    }

    private Task<CreateSecretResponse> SecretAsync(string tags) => Aws.Application.SecretsManager.CreateSecretAsync(new CreateSecretRequest
    {
        Name = $"{stack}/app",
        SecretString = "{}",
        Tags = [.. Pairs(tags).Select(tag => new Amazon.SecretsManager.Model.Tag { Key = tag.Key, Value = tag.Value })],
    }, Test);

    // Words of the form key=value; a word without is one more of the value before it.
    private static Dictionary<string, string> Pairs(string tags)
    {
        var pairs = new Dictionary<string, string>();
        foreach (var word in tags.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (word.Split('=', 2) is [var key, var value] && (key.Contains(':', StringComparison.Ordinal) || key == "environment")) pairs[key] = value;
            else pairs[pairs.Keys.Last()] += $" {word}";
        }
        return pairs;
    }

    private T Own<T>(T client)
        where T : IDisposable
    {
        clients.Add(client);
        return client;
    }
}
