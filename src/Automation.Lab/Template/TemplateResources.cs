namespace Automation.Lab.Template;

/// <summary>One <c>AWS::DynamoDB::Table</c>.</summary>
internal sealed record TemplateTable
{
    public required string LogicalId { get; init; }
    public required string Name { get; init; }
    public required string Arn { get; init; }

    /// <summary>Attribute name → <c>S</c>, <c>N</c> or <c>B</c>.</summary>
    public required IReadOnlyDictionary<string, string> Attributes { get; init; }
    public required string PartitionKey { get; init; }
    public string? SortKey { get; init; }
    public string? TimeToLiveAttribute { get; init; }
}

/// <summary>One <c>AWS::SNS::Topic</c>; <c>KeyId</c> is that of the key of this stack it is encrypted with, if any.</summary>
internal sealed record TemplateTopic(string LogicalId, string Name, string Arn, string? KeyId);

/// <summary>One <c>AWS::S3::Bucket</c>.</summary>
internal sealed record TemplateBucket(string LogicalId, string Name, string Arn);

/// <summary>One <c>AWS::SQS::Queue</c>.</summary>
internal sealed record TemplateQueue(string LogicalId, string Name, string Arn, string Url);
