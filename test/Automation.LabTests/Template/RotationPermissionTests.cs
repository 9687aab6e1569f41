using System.Text.Json.Nodes;
using Automation.Lab.Iam;

namespace Automation.LabTests.Template;

/// <summary>What RotateSecret may do: secrets that opt in by tag, administrators to read, nothing that would opt one in.</summary>
public sealed class RotationPermissionTests(SamTranslation sam) : IClassFixture<SamTranslation>
{
    private const string Here = "eu-central-1:123456789012";
    private const string Secret = $"arn:aws:secretsmanager:{Here}:secret:orders/app-a1B2c3";
    private const string Tag = "aws:ResourceTag/automation:rotation";

    public static TheoryData<string> Reads => ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"];

    public static TheoryData<string> Changes =>
        ["secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage", "secretsmanager:ListSecretVersionIds"];

    [Theory]
    [MemberData(nameof(Reads))]
    [MemberData(nameof(Changes))]
    public void Secret_ThatOptsIn_MayBeRotated(string action) => Assert.Equal(Verdict.Allowed, RotateSecret().Evaluate(action, Secret, (Tag, "allow")));

    [Theory]
    [MemberData(nameof(Reads))]
    public void Administrator_MayBeRead(string action) =>
        Assert.Equal(Verdict.Allowed, RotateSecret().Evaluate(action, Secret, (Tag, "administrator")));

    [Theory]
    [MemberData(nameof(Changes))]
    public void Administrator_MayNotBeChanged(string action) =>
        Assert.Equal(Verdict.NotAllowed, RotateSecret().Evaluate(action, Secret, (Tag, "administrator")));

    [Theory]
    [MemberData(nameof(Reads))]
    [MemberData(nameof(Changes))]
    public void Secret_ThatDoesNotOptIn_IsOutOfReach(string action)
    {
        var role = RotateSecret();

        Assert.Equal(Verdict.NotAllowed, role.Evaluate(action, Secret));
        Assert.All(["off", "Allow", "allowed", ""], value => Assert.Equal(Verdict.NotAllowed, role.Evaluate(action, Secret, (Tag, value))));
        Assert.Equal(Verdict.NotAllowed, role.Evaluate(action, Secret, ("aws:ResourceTag/rotation", "allow")));
    }

    [Theory]
    [InlineData("arn:aws:secretsmanager:eu-central-1:999999999999:secret:orders/app-a1B2c3")]
    [InlineData("arn:aws:secretsmanager:us-east-1:123456789012:secret:orders/app-a1B2c3")]
    public void Secret_OfAnotherAccountOrRegion_IsOutOfReachEvenWithTheTag(string secret) =>
        Assert.Equal(Verdict.NotAllowed, RotateSecret().Evaluate("secretsmanager:GetSecretValue", secret, (Tag, "allow")));

    [Fact]
    public void Tag_HasThePrefixOfTheStack()
    {
        var role = RotateSecret(("TagPrefix", "ops"));

        Assert.Equal(Verdict.Allowed, role.Evaluate("secretsmanager:GetSecretValue", Secret, ("aws:ResourceTag/ops:rotation", "allow")));
        Assert.Equal(Verdict.NotAllowed, role.Evaluate("secretsmanager:GetSecretValue", Secret, (Tag, "allow")));
    }

    [Theory]
    [InlineData("rds:DescribeDBInstances", $"arn:aws:rds:{Here}:db:orders")]
    [InlineData("rds:DescribeDBClusters", $"arn:aws:rds:{Here}:cluster:orders")]
    [InlineData("rds:DescribeDBProxies", $"arn:aws:rds:{Here}:db-proxy:prx-0123456789abcdef0")]
    [InlineData("rds-db:connect", $"arn:aws:rds-db:{Here}:dbuser:db-ABCDEFGHIJKL01234/automation")]
    [InlineData("dynamodb:Query", $"arn:aws:dynamodb:{Here}:table/lab-LedgerTable")]
    [InlineData("dynamodb:ConditionCheckItem", $"arn:aws:dynamodb:{Here}:table/lab-LedgerTable")]
    [InlineData("sns:Publish", $"arn:aws:sns:{Here}:lab-NotificationTopic")]
    [InlineData("logs:PutLogEvents", $"arn:aws:logs:{Here}:log-group:/aws/lambda/lab-RotateSecret:log-stream:one")]
    public void Call_ThatARotationMakes_IsAllowed(string action, string resource) =>
        Assert.Equal(Verdict.Allowed, RotateSecret().Evaluate(action, resource));

    [Theory]
    [InlineData("secretsmanager:CreateSecret", Secret)]
    [InlineData("secretsmanager:UpdateSecret", Secret)]
    [InlineData("secretsmanager:RotateSecret", Secret)]
    [InlineData("secretsmanager:CancelRotateSecret", Secret)]
    [InlineData("secretsmanager:BatchGetSecretValue", "*")]
    [InlineData("secretsmanager:ListSecrets", "*")]
    [InlineData("rds-db:connect", $"arn:aws:rds-db:{Here}:dbuser:db-ABCDEFGHIJKL01234/postgres")]
    [InlineData("dynamodb:DeleteItem", $"arn:aws:dynamodb:{Here}:table/lab-LedgerTable")]
    [InlineData("sns:Publish", $"arn:aws:sns:{Here}:payments")]
    [InlineData("sqs:SendMessage", $"arn:aws:sqs:{Here}:lab-FailedInvocationsQueue")]
    [InlineData("logs:PutLogEvents", $"arn:aws:logs:{Here}:log-group:/aws/lambda/lab-RelieveConnections:log-stream:one")]
    [InlineData("lambda:InvokeFunction", $"arn:aws:lambda:{Here}:function:other")]
    public void Call_ThatNoRotationMakes_IsNotAllowedWhateverTheTag(string action, string resource) =>
        Assert.Equal(Verdict.NotAllowed, RotateSecret().Evaluate(action, resource, (Tag, "allow")));

    // Denied and not only not allowed: a permission that is added by mistake does not open these.
    [Theory]
    [InlineData("secretsmanager:TagResource", Secret)]
    [InlineData("secretsmanager:UntagResource", Secret)]
    [InlineData("secretsmanager:DeleteSecret", Secret)]
    [InlineData("secretsmanager:PutResourcePolicy", Secret)]
    [InlineData("secretsmanager:DeleteResourcePolicy", Secret)]
    [InlineData("secretsmanager:ReplicateSecretToRegions", Secret)]
    [InlineData("rds:ModifyDBInstance", $"arn:aws:rds:{Here}:db:orders")]
    [InlineData("rds:ModifyDBCluster", $"arn:aws:rds:{Here}:cluster:orders")]
    [InlineData("rds:DeleteDBInstance", $"arn:aws:rds:{Here}:db:orders")]
    [InlineData("rds:AddTagsToResource", $"arn:aws:rds:{Here}:db:orders")]
    [InlineData("rds:ModifyDBSnapshotAttribute", $"arn:aws:rds:{Here}:snapshot:orders-1")]
    public void OptingInLosingOrSharing_IsDeniedEvenIfAllowedOneDay(string action, string resource)
    {
        var allowsAll = PolicyStatement.Of("test", JsonNode.Parse("""{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""")!);
        var simulator = new PolicyEvaluator([.. sam.StatementsOf("RotateSecretRole"), .. allowsAll]);

        Assert.Equal(Verdict.Denied, simulator.Evaluate(action, resource, (Tag, "allow")));
        Assert.Equal(Verdict.Allowed, simulator.Evaluate("secretsmanager:DescribeSecret", Secret));
    }

    [Theory]
    [InlineData("secretsmanager.eu-central-1.amazonaws.com", true)]
    [InlineData("sns.eu-central-1.amazonaws.com", false)]
    [InlineData(null, false)]
    public void KeyOfTheSecrets_IsUsedOnlyThroughSecretsManager(string? service, bool isAllowed)
    {
        const string Key = $"arn:aws:kms:{Here}:key/1234abcd-12ab-34cd-56ef-1234567890ab";
        (string, string)[] context = service is null ? [] : [("kms:ViaService", service)];
        var expected = isAllowed ? Verdict.Allowed : Verdict.NotAllowed;

        Assert.Equal(expected, RotateSecret(("SecretsKeyArn", Key)).Evaluate("kms:Decrypt", Key, context));
        Assert.Equal(expected, RotateSecret(("SecretsKeyArn", Key)).Evaluate("kms:GenerateDataKey", Key, context));
        Assert.Equal(Verdict.NotAllowed, RotateSecret(("SecretsKeyArn", Key)).Evaluate("kms:Decrypt", Key + "2", context));
        Assert.Equal(Verdict.NotAllowed, RotateSecret().Evaluate("kms:Decrypt", Key, context));
    }

    private PolicyEvaluator RotateSecret(params (string, string)[] parameters) => new(sam.StatementsOf("RotateSecretRole", parameters));
}
