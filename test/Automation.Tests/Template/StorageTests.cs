using System.Text.Json.Nodes;
using Automation.Ledger;

namespace Automation.Tests.Template;

/// <summary>The ledger, the logs, and what is encrypted with which key.</summary>
public sealed class StorageTests
{
    private static readonly JsonNode Ledger = TemplateTree.ById["LedgerTable"]!;

    public static TheoryData<string> FunctionIds => [.. TemplateTree.Functions.Keys];

    [Fact]
    public void Ledger_HasTheKeysAndTheTtlTheCodeWrites()
    {
        var table = TemplateTree.Deployed().Tables.Single();

        Assert.Equal(("LedgerTable", "pk", "sk", "expires"), (table.LogicalId, table.PartitionKey, table.SortKey, table.TimeToLiveAttribute));
        Assert.Equal(new Dictionary<string, string> { ["pk"] = "S", ["sk"] = "S" }, table.Attributes);
    }

    [Fact]
    public void Ledger_IsPaidByRequestEncryptedAndRecoverable()
    {
        var properties = Ledger["Properties"]!;

        Assert.Equal("PAY_PER_REQUEST", (string?)properties["BillingMode"]);
        Assert.True((bool?)properties["PointInTimeRecoverySpecification"]!["PointInTimeRecoveryEnabled"]);
        Assert.True((bool?)properties["SSESpecification"]!["SSEEnabled"]);
    }

    [Fact]
    public void Ledger_OutlivesTheStack()
    {
        Assert.Equal("RetainExceptOnCreate", (string?)Ledger["DeletionPolicy"]);
        Assert.Equal("Retain", (string?)Ledger["UpdateReplacePolicy"]);
    }

    [Fact]
    public void TopicsAndQueues_AreEncryptedWithOurKey()
    {
        JsonNode[] all = [.. TemplateTree.OfType("AWS::SNS::Topic").Values, .. TemplateTree.OfType("AWS::SQS::Queue").Values];

        Assert.Equal(3, all.Length);
        Assert.All(all, properties => Assert.Equal("EncryptionKey", TemplateTree.Ref(properties["KmsMasterKeyId"])));
    }

    [Fact]
    public void Key_IsRotated() => Assert.True((bool?)TemplateTree.OfType("AWS::KMS::Key").Values.Single()["EnableKeyRotation"]);

    // EventBridge sends no aws:SourceAccount with its KMS calls: a condition on it would drop dead letters silently.
    [Theory]
    [InlineData("cloudwatch.amazonaws.com", true)]
    [InlineData("events.amazonaws.com", false)]
    public void Key_LetsThePublisherEncrypt(string service, bool isLimitedToTheAccount)
    {
        var statement = Assert.Single(TemplateTree.Statements(TemplateTree.OfType("AWS::KMS::Key")["EncryptionKey"]["KeyPolicy"]!),
            s => (string?)s["Principal"]!["Service"] == service);

        Assert.Equal(["kms:Decrypt", "kms:GenerateDataKey*"], TemplateTree.Texts(statement["Action"]));
        Assert.Equal(isLimitedToTheAccount, statement["Condition"]?["StringEquals"]?["aws:SourceAccount"] is not null);
        Assert.Equal(isLimitedToTheAccount, statement["Condition"] is not null);
    }

    [Fact]
    public void Reports_AreEncryptedAndNobodysButOurs()
    {
        var bucket = TemplateTree.OfType("AWS::S3::Bucket")["ReportsBucket"];

        Assert.Equal("AES256", (string?)Assert.Single(bucket["BucketEncryption"]!["ServerSideEncryptionConfiguration"]!.AsArray())!["ServerSideEncryptionByDefault"]!["SSEAlgorithm"]);
        Assert.Equal("BucketOwnerEnforced", (string?)Assert.Single(bucket["OwnershipControls"]!["Rules"]!.AsArray())!["ObjectOwnership"]);
        Assert.Equal(
            ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"],
            bucket["PublicAccessBlockConfiguration"]!.AsObject().Where(block => (bool)block.Value!).Select(block => block.Key));
    }

    [Fact]
    public void Reports_AreReachedOverTlsAlone()
    {
        var policy = TemplateTree.OfType("AWS::S3::BucketPolicy")["ReportsBucketPolicy"];
        var statement = Assert.Single(TemplateTree.Statements(policy["PolicyDocument"]!));

        Assert.Equal("ReportsBucket", TemplateTree.Ref(policy["Bucket"]));
        Assert.Equal(("Deny", "s3:*", "*"), ((string?)statement["Effect"], (string?)statement["Action"], (string?)statement["Principal"]));
        Assert.Equal("false", (string?)statement["Condition"]!["Bool"]!["aws:SecureTransport"]);
        Assert.Equal(
            ["arn:aws:s3:::lab-reportsbucket-123456789012-us-east-1", "arn:aws:s3:::lab-reportsbucket-123456789012-us-east-1/*"],
            TemplateTree.Texts(TemplateTree.Resolved(statement["Resource"]!)));
    }

    // CloudFormation deletes no bucket with something in it.
    [Fact]
    public void Reports_OutliveTheStack_AndStayAsLongAsTheLedgersRecords()
    {
        var bucket = TemplateTree.ById["ReportsBucket"]!;
        var rule = Assert.Single(bucket["Properties"]!["LifecycleConfiguration"]!["Rules"]!.AsArray())!;

        // A stack that could not be made leaves none behind.
        Assert.Equal(("RetainExceptOnCreate", "Retain"), ((string?)bucket["DeletionPolicy"], (string?)bucket["UpdateReplacePolicy"]));
        Assert.Equal("Enabled", (string?)rule["Status"]);
        Assert.Equal(LedgerItems.RecordsKept, TimeSpan.FromDays((int)rule["ExpirationInDays"]!));
    }

    [Theory]
    [MemberData(nameof(FunctionIds))]
    public void Logs_OfAFunction_AreJsonInAGroupOfItsOwnThatIsKeptAsLongAsAsked(string function)
    {
        var logging = TemplateTree.Functions[function]["LoggingConfig"]!;
        var group = TemplateTree.Ref(logging["LogGroup"]);

        Assert.Equal("JSON", (string?)logging["LogFormat"]);
        Assert.Equal(function[..^"Function".Length] + "LogGroup", group);
        Assert.Equal("LogRetentionDays", TemplateTree.Ref(TemplateTree.OfType("AWS::Logs::LogGroup")[group]["RetentionInDays"]));
    }
}
