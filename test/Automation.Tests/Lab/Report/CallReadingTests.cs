using System.Text;
using Automation.Lab.Account;
using Automation.Lab.Report;

namespace Automation.Tests.Lab.Report;

public sealed class CallReadingTests
{
    private const string Canary = "canary-9f1c";

    [Theory]
    [InlineData("rds", "ModifyDBInstance", true)]
    [InlineData("rds", "DescribeDBInstances", false)]
    [InlineData("rds", "ListTagsForResource", false)]
    [InlineData("secretsmanager", "GetSecretValue", false)]
    [InlineData("secretsmanager", "PutSecretValue", true)]
    [InlineData("dynamodb", "PutItem", true)]
    [InlineData("dynamodb", "Query", false)]
    [InlineData("sns", "Publish", false)]
    [InlineData("monitoring", "PutMetricData", false)]
    [InlineData("sts", "AssumeRole", false)]
    [InlineData("", "", false)]
    public void IsChange_OfACall_IsWhatItsActionDoes(string service, string action, bool expected) =>
        Assert.Equal(expected, CallReading.IsChange(Call(service, action)));

    [Theory]
    [InlineData("body", true)] // S3 names no action: what is sent is stored
    [InlineData("", false)]
    public void IsChange_ObjectOfS3_IsTheOneThatIsSent(string body, bool expected) =>
        Assert.Equal(expected, CallReading.IsChange(Call("s3", "") with { Body = Encoding.UTF8.GetBytes(body) }));

    [Fact]
    public void About_QueryCall_NamesWhatItIsAboutAndNoSecret()
    {
        var about = CallReading.About(Call("rds", "ModifyDBInstance") with
        {
            Parameters = new Dictionary<string, string>
            {
                ["DBInstanceIdentifier"] = "orders",
                ["AllocatedStorage"] = "48",
                ["MasterUserPassword"] = Canary,
                ["PreSignedUrl"] = $"https://rds/?X-Amz-Signature={Canary}",
                ["Something.New"] = Canary,
            },
        });

        Assert.Equal("AllocatedStorage=48 DBInstanceIdentifier=orders", about);
    }

    [Theory]
    [InlineData("""{"SecretId":"app/orders","SecretString":"canary-9f1c","ClientRequestToken":"canary-9f1c","VersionStage":"AWSPENDING"}""", "SecretId=app/orders VersionStage=AWSPENDING")]
    [InlineData("""{"TableName":"ledger","Item":{"pk":{"S":"action#orders"},"sk":{"S":"1"},"note":{"S":"canary-9f1c"}}}""", "TableName=ledger pk=action#orders sk=1")]
    [InlineData("""{"TableName":"ledger","Key":{"pk":{"S":"once"},"sk":"canary-9f1c"}}""", "TableName=ledger pk=once")]
    [InlineData("canary-9f1c", "")]
    [InlineData("[\"canary-9f1c\"]", "")]
    [InlineData("", "")]
    public void About_JsonCall_NamesWhatItIsAboutAndNoSecret(string body, string expected) =>
        Assert.Equal(expected, CallReading.About(Call("dynamodb", "PutItem") with { Body = Encoding.UTF8.GetBytes(body) }));

    [Fact]
    public void About_EndlessValue_IsCut()
    {
        var about = CallReading.About(Call("rds", "ModifyDBInstance") with { Parameters = new Dictionary<string, string> { ["DBInstanceIdentifier"] = new('x', 5_000) } });

        Assert.InRange(about.Length, 290, 310);
    }

    private static AwsCall Call(string service, string action) => new() { Service = service, Action = action, At = Recorded.Start };
}
