using System.Security.Cryptography;
using System.Text;

namespace Automation.Lab.Template;

/// <summary>
/// Names, ids and ARNs of the resources the lab creates. All are made from the stack name and the logical id, so they are
/// known before anything exists; what creates a resource must create it under exactly this name.
/// </summary>
internal sealed class PhysicalResources(TemplateInputs inputs) : ITemplateResolver
{
    private const int LongestBucketName = 63;

    public string? Ref(ReferencedResource resource) => resource.Type switch
    {
        "AWS::SNS::Topic" or "AWS::IAM::ManagedPolicy" => Arn(resource),
        "AWS::SQS::Queue" => $"https://sqs.{inputs.Region}.amazonaws.com/{inputs.AccountId}/{Name(resource)}",
        "AWS::KMS::Key" => KeyId(resource),
        "AWS::S3::Bucket" => BucketName(resource),
        "AWS::EC2::SecurityGroup" => $"sg-{Hash(resource)[..17]}",
        "AWS::Serverless::Function" or "AWS::Lambda::Function" or "AWS::DynamoDB::Table" or "AWS::CloudWatch::Alarm"
            or "AWS::Events::Rule" or "AWS::Logs::LogGroup" or "AWS::IAM::Role" or "AWS::KMS::Alias"
            or "AWS::RDS::DBInstance" or "AWS::RDS::DBCluster" => Name(resource),
        _ => null,
    };

    public string? GetAtt(ReferencedResource resource, string attribute) => (resource.Type, attribute) switch
    {
        (_, "Arn") => Arn(resource),
        ("AWS::SNS::Topic", "TopicArn") => Arn(resource),
        ("AWS::SNS::Topic", "TopicName") => Name(resource),
        ("AWS::SQS::Queue", "QueueName") => Name(resource),
        ("AWS::SQS::Queue", "QueueUrl") => Ref(resource),
        ("AWS::KMS::Key", "KeyId") => KeyId(resource),
        ("AWS::EC2::SecurityGroup", "GroupId") => Ref(resource),
        _ => null,
    };

    /// <summary>The name AWS would show: the one the template gives, else stack and logical id.</summary>
    public string Name(ReferencedResource resource) => resource.GivenName ?? $"{inputs.StackName}-{resource.LogicalId}";

    private string? Arn(ReferencedResource resource)
    {
        var name = Name(resource);
        return resource.Type switch
        {
            "AWS::Serverless::Function" or "AWS::Lambda::Function" => In("lambda", $"function:{name}"),
            "AWS::DynamoDB::Table" => In("dynamodb", $"table/{name}"),
            "AWS::SNS::Topic" => In("sns", name),
            "AWS::SQS::Queue" => In("sqs", name),
            "AWS::CloudWatch::Alarm" => In("cloudwatch", $"alarm:{name}"),
            "AWS::Events::Rule" => In("events", $"rule/{name}"),
            "AWS::Logs::LogGroup" => In("logs", $"log-group:{name}:*"),
            "AWS::KMS::Key" => In("kms", $"key/{KeyId(resource)}"),
            "AWS::S3::Bucket" => $"arn:aws:s3:::{BucketName(resource)}",
            "AWS::IAM::Role" => $"arn:aws:iam::{inputs.AccountId}:role/{name}",
            "AWS::IAM::ManagedPolicy" => $"arn:aws:iam::{inputs.AccountId}:policy/{name}",
            _ => null,
        };
    }

    private string In(string service, string resource) => $"arn:aws:{service}:{inputs.Region}:{inputs.AccountId}:{resource}";

    // Bucket names have no capitals, and none is given twice in the world: account and Region stand for the random end that
    // CloudFormation would make.
    private string BucketName(ReferencedResource resource)
    {
        if (resource.GivenName is { } given) return given;
        var name = $"{inputs.StackName}-{resource.LogicalId}-{inputs.AccountId}-{inputs.Region}".ToLowerInvariant();
        // S3 allows 63 characters; CloudFormation cuts the names it makes, too.
        return name.Length <= LongestBucketName ? name : $"{name[..(LongestBucketName - 13)]}-{Hash(resource)[..12]}";
    }

    private string KeyId(ReferencedResource resource)
    {
        var hash = Hash(resource);
        return $"{hash[..8]}-{hash[8..12]}-{hash[12..16]}-{hash[16..20]}-{hash[20..32]}";
    }

    private string Hash(ReferencedResource resource) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{inputs.StackName}/{resource.LogicalId}")));
}
