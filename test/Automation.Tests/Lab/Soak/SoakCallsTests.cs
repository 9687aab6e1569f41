using System.Text;
using Automation.Lab.Account;
using Automation.Lab.Soak;

namespace Automation.Tests.Lab.Soak;

public sealed class SoakCallsTests
{
    [Theory]
    [InlineData("CreateDBSnapshot", "DBSnapshotIdentifier", "auto-orders-20260114-0300", "create-snapshot", "us-east-1/auto-orders-20260114-0300")]
    [InlineData("ModifyDBInstance", "AllocatedStorage", "50", "grow-storage", "50")]
    [InlineData("RebootDBInstance", "DBInstanceIdentifier", "trial", "force-failover", "trial")]
    [InlineData("DeleteDBInstance", "DBInstanceIdentifier", "orders", "", "DeleteDBInstance")]
    public void Mutation_OfAnRdsCall_IsKeyedAsInTheLedger(string name, string parameter, string value, string action, string key)
    {
        var mutation = SoakCalls.Mutation(Recorded("rds", name, "", (parameter, value)));

        Assert.Equal((action, key, true), (mutation!.Action, mutation.Key, mutation.TookEffect));
    }

    [Fact]
    public void Mutation_OfAQuestion_IsNone() => Assert.Null(SoakCalls.Mutation(Recorded("rds", "DescribeDBInstances", "")));

    [Theory]
    [InlineData("AWSCURRENT", true)]
    [InlineData("AWSPENDING", false)]
    public void Mutation_OfALabel_IsThatOfTheCurrentOne(string label, bool isOne) => Assert.Equal(isOne, SoakCalls.Mutation(
        Recorded("secretsmanager", "UpdateSecretVersionStage", $$"""{"SecretId":"s","VersionStage":"{{label}}","MoveToVersionId":"v1"}""")) is { Action: "change-secret", Key: "v1" });

    // Without labels a new value is the current one at once.
    [Theory]
    [InlineData("PutSecretValue", """{"SecretId":"s","ClientRequestToken":"v1"}""", "change-secret", "v1")]
    [InlineData("PutSecretValue", """{"SecretId":"s","ClientRequestToken":"v1","VersionStages":["AWSPENDING","AWSCURRENT"]}""", "change-secret", "v1")]
    [InlineData("PutSecretValue", """{"SecretId":"s","ClientRequestToken":"v1","VersionStages":["AWSPENDING"]}""", null, null)]
    [InlineData("UpdateSecret", """{"SecretId":"s","ClientRequestToken":"v1","SecretString":"x"}""", "change-secret", "v1")]
    [InlineData("DeleteSecret", """{"SecretId":"s"}""", "", "DeleteSecret")]
    [InlineData("GetSecretValue", """{"SecretId":"s"}""", null, null)]
    public void Mutation_OfASecret_IsWhatMakesAVersionCurrentOrGoes(string name, string body, string? action, string? key)
    {
        var mutation = SoakCalls.Mutation(Recorded("secretsmanager", name, body));

        Assert.Equal((action, key), (mutation?.Action, mutation?.Key));
    }

    [Fact]
    public void Records_OfATransaction_AreItsActionsAlone()
    {
        const string Body = """
            {"TransactItems":[{"ConditionCheck":{"Key":{"pk":{"S":"switch"}}}},
             {"Put":{"TableName":"t","Item":{"pk":{"S":"database#db-1"},"action":{"S":"set-password"},"key":{"S":"v1"},"database":{"S":"billing"},"incident":{"S":"i"},"request_id":{"S":"r"}}}}]}
            """;

        var record = Assert.Single(SoakCalls.Records(Recorded("dynamodb", "TransactWriteItems", Body).Call, Given.At(1)));

        Assert.Equal(("change-secret", "v1", "billing", "i", "r", true), (record.Action, record.Key, record.Database, record.Incident, record.RequestId, record.SetsPassword));
    }

    [Fact]
    public void Tags_OfASnapshot_AreReadByTheirNumbers() => Assert.Equal(
        [KeyValuePair.Create("automation:managed-by", "automation")],
        SoakCalls.Tags(Recorded("rds", "CreateDBSnapshot", "", ("Tags.Tag.1.Key", "automation:managed-by"), ("Tags.Tag.1.Value", "automation")).Call));

    private static RecordedCall Recorded(string service, string action, string body, params (string Name, string Value)[] parameters) => new(new AwsCall
    {
        Service = service,
        Action = action,
        Region = "us-east-1",
        At = Given.Now,
        Body = Encoding.UTF8.GetBytes(body),
        Parameters = parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value),
    }, 200, null) { TookEffect = true };
}
