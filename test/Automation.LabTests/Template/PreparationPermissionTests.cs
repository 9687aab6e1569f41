using System.Text.Json.Nodes;
using Automation.Lab.Iam;

namespace Automation.LabTests.Template;

/// <summary>What PrepareDatabase may do: read the secrets that RDS made, log in as the automation's role, and change nothing of AWS.</summary>
public sealed class PreparationPermissionTests(SamTranslation sam) : IClassFixture<SamTranslation>
{
    private const string Role = "PrepareDatabaseRole", Here = "eu-central-1:123456789012", Read = "secretsmanager:GetSecretValue";
    private const string Secret = $"arn:aws:secretsmanager:{Here}:secret:rds!db-1a2b3c4d-5e6f-a1B2c3", Key = $"arn:aws:kms:{Here}:key/1234abcd-12ab-34cd-56ef-1234567890ab";

    private static readonly (string, string) OfRds = ("secretsmanager:ResourceTag/aws:secretsmanager:owningService", "rds");

    [Theory]
    [InlineData("rds:DescribeDBInstances", $"arn:aws:rds:{Here}:db:orders")]
    [InlineData("rds:DescribeDBClusters", $"arn:aws:rds:{Here}:cluster:orders")]
    [InlineData("rds-db:connect", $"arn:aws:rds-db:{Here}:dbuser:db-ABCDEFGHIJKL01234/automation")]
    [InlineData("rds-db:connect", $"arn:aws:rds-db:{Here}:dbuser:cluster-ABCDEFGHIJKL01234/automation")]
    [InlineData("dynamodb:Query", $"arn:aws:dynamodb:{Here}:table/lab-LedgerTable")]
    [InlineData("dynamodb:PutItem", $"arn:aws:dynamodb:{Here}:table/lab-LedgerTable")]
    [InlineData("dynamodb:ConditionCheckItem", $"arn:aws:dynamodb:{Here}:table/lab-LedgerTable")]
    [InlineData("sns:Publish", $"arn:aws:sns:{Here}:lab-NotificationTopic")]
    [InlineData("sqs:SendMessage", $"arn:aws:sqs:{Here}:lab-FailedInvocationsQueue")]
    [InlineData("logs:PutLogEvents", $"arn:aws:logs:{Here}:log-group:/aws/lambda/lab-PrepareDatabase:log-stream:one")]
    public void Call_ThatItMakes_IsAllowed(string action, string resource) => Assert.Equal(Verdict.Allowed, Of().Evaluate(action, resource));

    [Fact]
    public void MasterSecret_ThatRdsMade_MayBeRead() => Assert.Equal(Verdict.Allowed, Of().Evaluate(Read, Secret, OfRds));

    // The name and the tag are both AWS's own: neither an application's secret nor that of another service is in reach.
    [Theory]
    [InlineData($"arn:aws:secretsmanager:{Here}:secret:orders/app-a1B2c3", "rds")]
    [InlineData($"arn:aws:secretsmanager:{Here}:secret:rds-db-credentials/orders-a1B2c3", "rds")]
    [InlineData(Secret, "redshift")]
    [InlineData(Secret, null)]
    [InlineData("arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-1a2b3c4d-5e6f-a1B2c3", "rds")]
    [InlineData("arn:aws:secretsmanager:eu-central-1:999999999999:secret:rds!db-1a2b3c4d-5e6f-a1B2c3", "rds")]
    public void AnotherSecret_IsOutOfReach(string secret, string? owner) => Assert.Equal(
        Verdict.NotAllowed, Of().Evaluate(Read, secret, owner is null ? [] : [(OfRds.Item1, owner)]));

    // The others log in to the same databases; none of them reads how the master user does.
    [Fact]
    public void MasterSecret_ByAnotherFunction_IsNotAllowed() => Assert.All(
        sam.OfType("AWS::IAM::Role").Keys.Where(role => role != Role),
        role => Assert.Equal(Verdict.NotAllowed, new PolicyEvaluator(sam.StatementsOf(role)).Evaluate(Read, Secret, OfRds)));

    [Theory]
    [InlineData("secretsmanager.eu-central-1.amazonaws.com", Secret, true)]
    [InlineData("secretsmanager.eu-central-1.amazonaws.com", $"arn:aws:secretsmanager:{Here}:secret:orders/app-a1B2c3", false)]
    [InlineData("sns.eu-central-1.amazonaws.com", Secret, false)]
    [InlineData(null, Secret, false)]
    public void KeyOfTheSecrets_DecryptsMasterSecretsThroughSecretsManagerAlone(string? service, string secret, bool isAllowed)
    {
        (string, string)[] context = [("kms:EncryptionContext:SecretARN", secret), .. service is null ? [] : new[] { ("kms:ViaService", service) }];

        Assert.Equal(isAllowed ? Verdict.Allowed : Verdict.NotAllowed, Of(("SecretsKeyArn", Key)).Evaluate("kms:Decrypt", Key, context));
        Assert.Equal(Verdict.NotAllowed, Of(("SecretsKeyArn", Key)).Evaluate("kms:GenerateDataKey", Key, context));
        Assert.Equal(Verdict.NotAllowed, Of().Evaluate("kms:Decrypt", Key, context));
    }

    [Theory]
    [InlineData("rds-db:connect", $"arn:aws:rds-db:{Here}:dbuser:db-ABCDEFGHIJKL01234/postgres")]
    [InlineData("secretsmanager:DescribeSecret", Secret)]
    [InlineData("secretsmanager:ListSecrets", "*")]
    [InlineData("secretsmanager:BatchGetSecretValue", "*")]
    [InlineData("rds:DescribeDBProxies", $"arn:aws:rds:{Here}:db-proxy:prx-0123456789abcdef0")]
    [InlineData("dynamodb:DeleteItem", $"arn:aws:dynamodb:{Here}:table/lab-LedgerTable")]
    [InlineData("sns:Publish", $"arn:aws:sns:{Here}:payments")]
    [InlineData("lambda:InvokeFunction", $"arn:aws:lambda:{Here}:function:other")]
    public void AnythingElse_IsNotAllowed(string action, string resource) => Assert.Equal(Verdict.NotAllowed, Of().Evaluate(action, resource, OfRds));

    // Denied and not only not allowed: a permission that is added by mistake does not open these.
    [Theory]
    [InlineData("secretsmanager:PutSecretValue")]
    [InlineData("secretsmanager:UpdateSecret")]
    [InlineData("secretsmanager:UpdateSecretVersionStage")]
    [InlineData("secretsmanager:RotateSecret")]
    [InlineData("secretsmanager:CancelRotateSecret")]
    [InlineData("secretsmanager:DeleteSecret")]
    [InlineData("secretsmanager:RestoreSecret")]
    [InlineData("secretsmanager:TagResource")]
    [InlineData("secretsmanager:PutResourcePolicy")]
    [InlineData("rds:ModifyDBInstance")]
    [InlineData("rds:ModifyDBCluster")]
    [InlineData("rds:DeleteDBInstance")]
    [InlineData("rds:RebootDBInstance")]
    [InlineData("rds:FailoverDBCluster")]
    [InlineData("rds:ModifyDBSnapshotAttribute")]
    public void Change_IsDeniedEvenIfAllowedOneDay(string action)
    {
        var simulator = new PolicyEvaluator([.. sam.StatementsOf(Role), .. PolicyStatement.Of("test", JsonNode.Parse("""{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""")!)]);

        Assert.Equal(Verdict.Denied, simulator.Evaluate(action, action.StartsWith("rds:", StringComparison.Ordinal) ? $"arn:aws:rds:{Here}:db:orders" : Secret, OfRds));
        Assert.Equal(Verdict.Allowed, simulator.Evaluate(Read, Secret, OfRds));
    }

    // Nothing of AWS invokes it: no rule, no schedule, no alarm.
    [Fact]
    public void Function_IsInvokedByPeopleAlone() => Assert.DoesNotContain(
        sam.OfType("AWS::Lambda::Permission").Values, permission => permission["FunctionName"]!.ToJsonString().Contains("PrepareDatabase", StringComparison.Ordinal));

    private PolicyEvaluator Of(params (string, string)[] parameters) => new(sam.StatementsOf(Role, parameters));
}
