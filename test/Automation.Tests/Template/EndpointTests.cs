using System.Text.Json.Nodes;

namespace Automation.Tests.Template;

/// <summary>Where a VPC has no way out, the template makes those that the functions need, and no other.</summary>
public sealed class EndpointTests
{
    private const string Type = "AWS::EC2::VPCEndpoint";

    private static readonly (string, string)[] InAVpc = [("VpcSubnetIds", "subnet-1,subnet-2"), ("VpcSecurityGroupIds", "sg-1,sg-2")];
    private static readonly (string, string)[] Asked = [.. InAVpc, ("EndpointVpcId", "vpc-12345678"), ("EndpointVpcCidr", "10.1.0.0/16"), ("EndpointRouteTableIds", "rtb-1,rtb-2")];

    public static TheoryData<string> Ids => [.. TemplateTree.OfType(Type).Keys];

    // Logs and records of failures are sent by Lambda, keys are used by SNS and SQS: none of these calls comes from the VPC.
    [Theory]
    [InlineData("", new[] { "dynamodb", "monitoring", "rds", "s3", "secretsmanager", "sns" })]
    [InlineData("InstallSecrets", new[] { "dynamodb", "monitoring", "rds", "s3", "sns" })]
    [InlineData("InstallFailover", new[] { "dynamodb", "monitoring", "rds", "secretsmanager", "sns" })]
    [InlineData("InstallFailover InstallStorage", new[] { "dynamodb", "rds", "secretsmanager", "sns" })]
    [InlineData("InstallConnections InstallSecrets InstallFailover InstallStorage", new string[0])]
    public void Endpoints_WhereAskedFor_AreOfTheServicesThatTheInstalledPartsCall(string leftOut, string[] services) => Assert.Equal(
        services.Select(service => $"com.amazonaws.us-east-1.{service}"),
        Endpoints([.. Asked, .. leftOut.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(part => (part, "false"))])
            .Select(e => (string)e["ServiceName"]!).Order());

    [Fact]
    public void Endpoints_OutsideAVpcOrNotAskedFor_AreNone()
    {
        Assert.Empty(Endpoints());
        Assert.Empty(Endpoints(InAVpc));
        Assert.Empty(Endpoints(("EndpointVpcId", "vpc-12345678"), ("EndpointRouteTableIds", "rtb-1")));
    }

    [Fact]
    public void Endpoints_AreInTheSubnetsOrTheirRouteTables_AndAnswerToTheUsualNames()
    {
        var endpoints = Endpoints(Asked);

        Assert.All(endpoints, e => Assert.Equal("vpc-12345678", (string?)e["VpcId"]));
        Assert.All(endpoints.Where(e => (string?)e["VpcEndpointType"] == "Gateway"), e => Assert.Equal(["rtb-1", "rtb-2"], TemplateTree.Texts(e["RouteTableIds"])));
        var faces = endpoints.Where(e => (string?)e["VpcEndpointType"] == "Interface").ToList();
        Assert.Equal(4, faces.Count);
        Assert.All(faces, e =>
        {
            Assert.Equal(["subnet-1", "subnet-2"], TemplateTree.Texts(e["SubnetIds"]));
            Assert.Single(e["SecurityGroupIds"]!.AsArray());
            Assert.True((bool?)e["PrivateDnsEnabled"]);
        });
    }

    // An endpoint serves the whole VPC: its policy keeps out other accounts' credentials, and nobody of this one.
    [Theory]
    [MemberData(nameof(Ids))]
    public void Policy_OfAnEndpoint_LetsInThisAccountAloneAndOthersToReadFromS3(string id)
    {
        var endpoint = TemplateTree.Created(Asked)[id]!;
        var statements = TemplateTree.Statements(endpoint["PolicyDocument"]!).ToList();
        var statement = statements[0];

        Assert.Equal(("Allow", "*", "*"), ((string?)statement["Effect"], (string?)statement["Principal"], (string?)statement["Resource"]));
        Assert.Equal("""{"StringEquals":{"aws:PrincipalAccount":"123456789012"}}""", statement["Condition"]!.ToJsonString());
        // CloudWatch's endpoint is named monitoring.
        var service = ((string)endpoint["ServiceName"]!).Split('.')[^1];
        Assert.Equal($"{(service == "monitoring" ? "cloudwatch" : service)}:*", (string?)statement["Action"]);
        // Container images and packages are read from buckets of others, which have no other way from these route tables.
        Assert.Equal(service == "s3" ? ["Allow s3:GetObject"] : [], statements.Skip(1).Select(other => $"{other["Effect"]} {other["Action"]}"));
    }

    [Fact]
    public void SecurityGroup_OfTheEndpoints_LetsTheFunctionsAndTheVpcInOn443AndNothingOut()
    {
        var group = TemplateTree.Created(Asked)["EndpointsSecurityGroup"]!;

        var ingress = group["SecurityGroupIngress"]!.AsArray().Select(rule => rule!).ToList();
        Assert.All(ingress, rule => Assert.Equal(("tcp", 443, 443), ((string?)rule["IpProtocol"], (int)rule["FromPort"]!, (int)rule["ToPort"]!)));
        // Private DNS leads the whole VPC here.
        Assert.Equal(["sg-1", "10.1.0.0/16"], ingress.Select(rule => (string?)rule["SourceSecurityGroupId"] ?? (string?)rule["CidrIp"]));
        Assert.Equal("127.0.0.1/32", (string?)Assert.Single(group["SecurityGroupEgress"]!.AsArray())!["CidrIp"]);
        Assert.Equal("vpc-12345678", (string?)group["VpcId"]);
    }

    private static List<JsonNode> Endpoints(params (string, string)[] parameters) =>
        [.. TemplateTree.Created(parameters).Where(r => (string?)TemplateTree.ById[r.Key]!["Type"] == Type).Select(r => r.Value!)];
}
