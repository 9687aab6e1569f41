namespace Automation.Lab.Template;

/// <summary>Reads what the lab creates before any function starts.</summary>
internal static class StorageReader
{
    public static TemplateTable Table(ResourceReader resources, string logicalId)
    {
        var properties = resources.Properties(logicalId);
        foreach (var index in new[] { "GlobalSecondaryIndexes", "LocalSecondaryIndexes" })
        {
            if (properties[index].Exists) throw new TemplateException(properties[index].Path, "the lab makes tables without indexes");
        }
        var keys = properties["KeySchema"].Items().ToDictionary(k => k["KeyType"].Text(), k => k["AttributeName"].Text());
        return new TemplateTable
        {
            LogicalId = logicalId,
            Name = resources.Name(logicalId),
            Arn = resources.Arn(logicalId),
            Attributes = properties["AttributeDefinitions"].Items()
                .ToDictionary(a => a["AttributeName"].Text(), a => a["AttributeType"].Text()),
            PartitionKey = keys.GetValueOrDefault("HASH")
                ?? throw new TemplateException(properties["KeySchema"].Path, "has no key of type HASH"),
            SortKey = keys.GetValueOrDefault("RANGE"),
            TimeToLiveAttribute = properties["TimeToLiveSpecification"] is { Exists: true } ttl && ttl["Enabled"].Flag(false)
                ? ttl["AttributeName"].Text()
                : null,
        };
    }

    public static TemplateTopic Topic(ResourceReader resources, string logicalId) =>
        new(logicalId, resources.Name(logicalId), resources.Arn(logicalId), resources.Properties(logicalId)["KmsMasterKeyId"].OptionalText());

    public static TemplateBucket Bucket(ResourceReader resources, string logicalId) =>
        new(logicalId, resources.Ref(logicalId), resources.Arn(logicalId));

    public static TemplateQueue Queue(ResourceReader resources, string logicalId) =>
        new(logicalId, resources.Name(logicalId), resources.Arn(logicalId), resources.Ref(logicalId));
}
