using System.Text.Json.Nodes;

namespace Automation.Lab.Template;

/// <summary>What <c>template.yaml</c> would deploy with given parameters, as far as the lab gives it life.</summary>
internal sealed record SamTemplate
{
    public required IReadOnlyList<TemplateFunction> Functions { get; init; }
    /// <summary>Those the template states itself; those of a function's events are with the function.</summary>
    public required IReadOnlyList<TemplateEventRule> EventRules { get; init; }
    public required IReadOnlyList<TemplateAlarm> Alarms { get; init; }
    public required IReadOnlyList<TemplateTable> Tables { get; init; }
    public required IReadOnlyList<TemplateBucket> Buckets { get; init; }
    public required IReadOnlyList<TemplateTopic> Topics { get; init; }
    public required IReadOnlyList<TemplateQueue> Queues { get; init; }
    public required IReadOnlyList<TemplatePermission> Permissions { get; init; }

    /// <summary>Reads a template. Resources whose condition is false are left out.</summary>
    /// <exception cref="TemplateException">The template is malformed or uses what the lab does not know; names the place.</exception>
    public static SamTemplate Read(string yaml, TemplateInputs inputs)
    {
        var root = YamlTree.Read(yaml);
        var names = new PhysicalResources(inputs);
        var intrinsics = new Intrinsics(root, inputs, names);
        var reader = new ResourceReader(root, intrinsics, names);
        return new SamTemplate
        {
            Functions = reader.Each("AWS::Serverless::Function", id => new FunctionReader(reader, id).Read()),
            EventRules = reader.Each("AWS::Events::Rule", id => EventRuleReader.Read(reader, id)),
            Alarms = reader.Each("AWS::CloudWatch::Alarm", id => AlarmReader.Read(reader, id)),
            Tables = reader.Each("AWS::DynamoDB::Table", id => StorageReader.Table(reader, id)),
            Buckets = reader.Each("AWS::S3::Bucket", id => StorageReader.Bucket(reader, id)),
            Topics = reader.Each("AWS::SNS::Topic", id => StorageReader.Topic(reader, id)),
            Queues = reader.Each("AWS::SQS::Queue", id => StorageReader.Queue(reader, id)),
            Permissions = reader.Each("AWS::Lambda::Permission", id => TemplatePermission.Read(reader, id)),
        };
    }

    /// <summary>The function with this logical id.</summary>
    public TemplateFunction Function(string logicalId) => Functions.FirstOrDefault(f => f.LogicalId == logicalId)
        ?? throw new TemplateException($"Resources.{logicalId}",
            $"no such function; there are: {string.Join(", ", Functions.Select(f => f.LogicalId))}");
}

/// <summary>Finds resources and resolves the properties a reader asks for.</summary>
internal sealed class ResourceReader(JsonObject root, Intrinsics intrinsics, PhysicalResources names)
{
    private readonly JsonObject resources = root["Resources"] as JsonObject
        ?? throw new TemplateException("Resources", "is missing or no mapping");

    public JsonNode? GlobalFunctionProperties => root["Globals"]?["Function"];

    public IReadOnlyList<T> Each<T>(string type, Func<string, T> read) => [.. resources
        .Where(r => (string?)(r.Value as JsonObject)?["Type"] == type && IsCreated(r.Key, r.Value!))
        .Select(r => read(r.Key))];

    public JsonNode? RawProperties(string logicalId) => resources[logicalId]?["Properties"];

    public TemplateNode Properties(string logicalId) => Resolved(RawProperties(logicalId), PathOf(logicalId));

    public TemplateNode Resolved(JsonNode? node, string path) => new(intrinsics.Resolve(node, path), path);

    public static string PathOf(string logicalId) => $"Resources.{logicalId}.Properties";

    public string Name(string logicalId) => names.Name(intrinsics.Resource(logicalId, PathOf(logicalId)));

    public string Ref(string logicalId) => names.Ref(intrinsics.Resource(logicalId, PathOf(logicalId)))!;

    public string Arn(string logicalId) => names.GetAtt(intrinsics.Resource(logicalId, PathOf(logicalId)), "Arn")!;

    /// <summary>Name and ARN of a rule that SAM makes from a function's event.</summary>
    public (string Name, string Arn) Rule(string logicalId, string? givenName)
    {
        var rule = new ReferencedResource(logicalId, "AWS::Events::Rule", givenName);
        return (names.Name(rule), names.GetAtt(rule, "Arn")!);
    }

    private bool IsCreated(string logicalId, JsonNode resource) =>
        (string?)resource["Condition"] is not { } condition || intrinsics.Condition(condition, $"Resources.{logicalId}.Condition");
}
