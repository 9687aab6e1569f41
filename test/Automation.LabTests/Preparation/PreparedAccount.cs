using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.RDS;
using Amazon.RDS.Model;
using Amazon.Runtime;
using Amazon.SecretsManager;
using Amazon.SecretsManager.Model;
using Amazon.SimpleNotificationService;
using Automation.Database;
using Automation.Events;
using Automation.Fleet;
using Automation.Lab;
using Automation.Lab.Account;
using Automation.Lab.Aws;
using Automation.Lab.Setup;
using Automation.Lab.Template;
using Automation.LabTests.Account;
using Automation.LabTests.Secrets;
using Automation.Ledger;
using Automation.Notifications;
using Automation.Outcomes;
using Automation.Preparation;
using Automation.Telemetry;
using NSubstitute;
using DatabaseEndpoint = Automation.Lab.Account.DatabaseEndpoint;

namespace Automation.LabTests.Preparation;

/// <summary>PrepareDatabase with all its real parts in an AWS account of one test, deployed from <c>template.yaml</c>.</summary>
internal sealed class PreparedAccount : IAsyncDisposable
{
    public const string Function = "PrepareDatabaseFunction";

    private readonly PreparationFixture fixture;
    private readonly LabClients moto;

    private PreparedAccount(PreparationFixture fixture, LabAccount aws, string id)
    {
        (this.fixture, Aws, Id) = (fixture, aws, id);
        moto = new LabClients(fixture.Moto.Server.Uri, LabClients.Anybody, PreparationFixture.Region);
    }

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public LabAccount Aws { get; }

    public string Id { get; }

    /// <summary>ARN of the secret of its master user, once RDS manages that.</summary>
    public string SecretArn { get; private set; } = "";

    public string Table => Aws.Template.Tables[0].Name;

    /// <summary>What the function wrote to standard output.</summary>
    public RotationOutput Output { get; } = new();

    public IReadOnlyList<Notification> Told => Aws.Notifications.Entries;

    /// <summary>How often a secret was read.</summary>
    public IReadOnlyList<RecordedCall> Reads => [.. Aws.Endpoint.Calls.Entries.Where(call => call.Action == "GetSecretValue")];

    /// <param name="fixture">Its server.</param>
    /// <param name="change">What is otherwise about the instance.</param>
    /// <param name="password">In the secret; the real one without. An empty one: RDS does not manage the master password.</param>
    public static async Task<PreparedAccount> StartAsync(PreparationFixture fixture, Func<LabDatabase, LabDatabase>? change = null, string? password = null)
    {
        var id = fixture.NextName();
        var aws = await LabAccount.StartAsync(new LabAccountOptions
        {
            Moto = fixture.Moto.Server.Uri,
            Template = Repository.Read("template.yaml"),
            Inputs = new TemplateInputs { Region = PreparationFixture.Region, StackName = id, Parameters = new Dictionary<string, string> { ["PrepareDatabases"] = "act" } },
            Clock = new LabClock(TimeProvider.System, 1000),
        }, Test);
        var account = new PreparedAccount(fixture, aws, id);
        var database = fixture.Database.Registration with { Id = id, Tags = new Dictionary<string, string> { ["automation:connections"] = "observe" } };
        await aws.RegisterAsync(change?.Invoke(database) ?? database, Test);
        if (password != "") await account.ManageAsync(password ?? fixture.MasterPassword);
        return account;
    }

    public Task<Outcome> RunAsync(Mode asked, Mode mode = Mode.Act, AWSCredentials? credentials = null, TrustedRoots? roots = null, string? id = null, string? table = null) =>
        RunAsync(new PreparationRequest { Id = id ?? Id, Mode = asked, In = "postgres", Rotates = [], TestsFailover = false }, mode, credentials, roots, table);

    /// <summary>One invocation, from the request to the end of <see cref="FunctionRun"/>.</summary>
    /// <exception cref="InvocationFailedException">The invocation ends in error.</exception>
    public async Task<Outcome> RunAsync(PreparationRequest request, Mode mode, AWSCredentials? credentials, TrustedRoots? roots, string? table)
    {
        var signer = credentials ?? PreparationFixture.Allowed;
        var role = Aws.Roles.CredentialsOf(Function).ForSdk();
        var settings = new Settings
        {
            Mode = mode,
            TagPrefix = "automation",
            NotificationTopicArn = Aws.Template.Topics[0].Arn,
            LedgerTableName = table ?? Table,
            StagingTag = new StagingTag("environment", "staging"),
            DatabaseUser = LabInstance.AutomationUser,
            CaBundlePath = null,
        };
        using var rds = new AmazonRDSClient(role, Configure(new AmazonRDSConfig()));
        using var secrets = new AmazonSecretsManagerClient(role, Configure(new AmazonSecretsManagerConfig()));
        using var dynamo = new AmazonDynamoDBClient(role, Configure(new AmazonDynamoDBConfig()));
        using var sns = new AmazonSimpleNotificationServiceClient(role, Configure(new AmazonSimpleNotificationServiceConfig()));
        var (time, ledger) = (TimeProvider.System, new DynamoLedger(dynamo, settings.LedgerTableName, TimeProvider.System));
        var regions = Substitute.For<IRdsRegions>();
        regions.Home.Returns(PreparationFixture.Region);
        regions.In(PreparationFixture.Region).Returns(rds);
        var access = new PreparationAccess(
            new IamLogin(LabInstance.AutomationUser, new IamTokens(signer, PreparationFixture.Region, time)), roots ?? fixture.Roots, time);
        var function = new PrepareDatabase(new RdsInventory(regions), new AwsMasterSecrets(secrets), access, ledger, settings, time);
        var run = new FunctionRun(new Notifier(sns, settings), ledger, new TelemetryWriter(Output, time), settings);

        var conclusion = await function.RunAsync(request, new Invocation(Guid.NewGuid().ToString(), time.GetUtcNow().AddMinutes(3)), Test);
        return (await run.FinishAsync(PrepareDatabase.Capability, [conclusion], Output, Test)).Outcomes.Single();
    }

    public Task<IReadOnlyList<ActionRecord>> RecordsAsync() => new DynamoLedger(moto.DynamoDB, Table, TimeProvider.System)
        .HistoryAsync(DatabaseDirectory.InstanceResourceId(Id), PrepareDatabase.Capability, DateTimeOffset.UnixEpoch, Test);

    /// <summary>Every item of the ledger, as text.</summary>
    public async Task<IReadOnlyList<string>> ItemsAsync() =>
        [.. (await moto.DynamoDB.ScanAsync(new ScanRequest { TableName = Table, ConsistentRead = true }, Test)).Items
            .Select(item => string.Join(' ', item.Select(attribute => $"{attribute.Key}={attribute.Value.S ?? attribute.Value.N}")))];

    /// <summary>A cluster whose writer endpoint leads to the server, and whose members lead nowhere.</summary>
    /// <returns>Its name; the member's ends in <c>-1</c>.</returns>
    public async Task<string> RegisterClusterAsync()
    {
        var (id, server) = (fixture.NextName(), fixture.Database.Registration);
        var nowhere = new DatabaseEndpoint("localhost", 1);
        await Aws.RegisterAsync(new LabCluster
        {
            Id = id,
            Endpoint = server.Endpoint,
            ReaderEndpoint = nowhere,
            EngineVersion = server.EngineVersion,
            Tags = new Dictionary<string, string> { ["automation:storage"] = "observe" },
            Members = [server with { Id = $"{id}-1", Endpoint = nowhere }],
        }, Test);
        await moto.Rds.ModifyDBClusterAsync(new ModifyDBClusterRequest { DBClusterIdentifier = id, ManageMasterUserPassword = true, ApplyImmediately = true }, Test);
        await PutAsync(async () => (await moto.Rds.DescribeDBClustersAsync(new DescribeDBClustersRequest { DBClusterIdentifier = id }, Test)).DBClusters[0].MasterUserSecret, fixture.MasterPassword);
        return id;
    }

    /// <summary>As RDS does when it rotates: another password on the server and in the secret.</summary>
    public async Task RotateMasterAsync(string password)
    {
        await fixture.SetMasterPasswordAsync(password);
        await moto.SecretsManager.PutSecretValueAsync(new PutSecretValueRequest { SecretId = SecretArn, SecretString = Document(password) }, Test);
    }

    /// <summary>Takes the database's lease, as another invocation does.</summary>
    public async Task BeginAnotherRunAsync() => Assert.IsType<ClaimResult.Claimed>(await new DynamoLedger(moto.DynamoDB, Table, TimeProvider.System)
        .ClaimAsync($"{PrepareDatabase.Capability}/{DatabaseDirectory.InstanceResourceId(Id)}", "another", PrepareDatabase.Lease, Test));

    /// <summary>Turns the kill switch on.</summary>
    public Task StopAsync()
    {
        var item = LedgerItems.SwitchKey(PrepareDatabase.Capability);
        item["stopped"] = LedgerItems.Flag(true);
        return moto.DynamoDB.PutItemAsync(Table, item, Test);
    }

    /// <summary>Everything that people, the log, the ledger or the server's own log could show.</summary>
    public async Task<string> EverythingToldAsync() => string.Join('\n',
        [
            .. Told.SelectMany(told => told.Messages.Values.Append(told.Subject ?? "")), .. await ItemsAsync(), Output.Text,
            .. fixture.Database.Server.Log,
        ]);

    public async ValueTask DisposeAsync()
    {
        await moto.Rds.DeleteDBInstanceAsync(new DeleteDBInstanceRequest { DBInstanceIdentifier = Id, SkipFinalSnapshot = true }, CancellationToken.None);
        moto.Dispose();
        await Aws.DisposeAsync();
        await Output.DisposeAsync();
    }

    /// <summary>As RDS does when it is asked to manage the password; moto makes up one of its own.</summary>
    private async Task ManageAsync(string password)
    {
        await moto.Rds.ModifyDBInstanceAsync(new ModifyDBInstanceRequest { DBInstanceIdentifier = Id, ManageMasterUserPassword = true, ApplyImmediately = true }, Test);
        SecretArn = await PutAsync(async () => (await moto.Rds.DescribeDBInstancesAsync(new DescribeDBInstancesRequest { DBInstanceIdentifier = Id }, Test)).DBInstances[0].MasterUserSecret, password);
    }

    private async Task<string> PutAsync(Func<Task<MasterUserSecret>> read, string password)
    {
        MasterUserSecret secret;
        // It is creating at first, in moto for one answer.
        do secret = await read();
        while (secret.SecretStatus != "active");
        await moto.SecretsManager.PutSecretValueAsync(new PutSecretValueRequest
        {
            SecretId = secret.SecretArn,
            SecretString = Document(password),
        }, Test);
        return secret.SecretArn;
    }

    private string Document(string password) =>
        JsonSerializer.Serialize(new Dictionary<string, string> { ["username"] = fixture.Database.Server.MasterUser, ["password"] = password });

    private T Configure<T>(T config) where T : ClientConfig
    {
        config.ServiceURL = Aws.Endpoint.Uri.AbsoluteUri;
        config.AuthenticationRegion = PreparationFixture.Region;
        config.MaxErrorRetry = Startup.AwsRetries;
        config.Timeout = AccountOnMoto.Patience;
        return config;
    }
}
