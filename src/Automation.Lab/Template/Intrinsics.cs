using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Automation.Lab.Template;

/// <summary>
/// CloudFormation's intrinsic functions over one template. Resolves only what it is asked for, so a part of the template
/// that the lab does not use may contain what the lab does not know.
/// </summary>
internal sealed partial class Intrinsics
{
    // AWS::NoValue removes the property that holds it; never part of a result.
    private static readonly JsonValue NoValue = JsonValue.Create("AWS::NoValue");

    private static readonly Dictionary<string, string> NameProperties = new()
    {
        ["AWS::Serverless::Function"] = "FunctionName",
        ["AWS::Lambda::Function"] = "FunctionName",
        ["AWS::DynamoDB::Table"] = "TableName",
        ["AWS::SNS::Topic"] = "TopicName",
        ["AWS::SQS::Queue"] = "QueueName",
        ["AWS::CloudWatch::Alarm"] = "AlarmName",
        ["AWS::Events::Rule"] = "Name",
        ["AWS::Logs::LogGroup"] = "LogGroupName",
        ["AWS::IAM::Role"] = "RoleName",
        ["AWS::KMS::Alias"] = "AliasName",
        ["AWS::S3::Bucket"] = "BucketName",
        ["AWS::RDS::DBInstance"] = "DBInstanceIdentifier",
        ["AWS::RDS::DBCluster"] = "DBClusterIdentifier",
    };

    private readonly JsonObject template;
    private readonly ITemplateResolver resolver;
    private readonly TemplateInputs inputs;
    private readonly IReadOnlyDictionary<string, JsonNode> parameters;
    private readonly Dictionary<string, bool?> conditions = [];

    public Intrinsics(JsonObject template, TemplateInputs inputs, ITemplateResolver resolver)
    {
        this.template = template;
        this.inputs = inputs;
        this.resolver = resolver;
        parameters = TemplateParameters.Read(template["Parameters"] as JsonObject, inputs.Parameters);
    }

    /// <summary>A copy of <paramref name="node"/> without intrinsics; <c>null</c> for <c>AWS::NoValue</c>.</summary>
    /// <exception cref="TemplateException">An intrinsic is unknown, malformed or refers to nothing.</exception>
    public JsonNode? Resolve(JsonNode? node, string path)
    {
        var value = Value(node, path);
        return ReferenceEquals(value, NoValue) ? null : value;
    }

    /// <summary>Whether the named condition holds with these parameters.</summary>
    public bool Condition(string name, string path)
    {
        if (conditions.TryGetValue(name, out var known))
            return known ?? throw new TemplateException(path, $"condition '{name}' depends on itself");
        if (template["Conditions"]?[name] is not { } definition) throw new TemplateException(path, $"condition '{name}' is not defined");
        conditions[name] = null;
        var holds = Holds(definition, $"Conditions.{name}");
        conditions[name] = holds;
        return holds;
    }

    /// <summary>The resource a reference names: one of the template's, or a role or rule that SAM generates for a function.</summary>
    public ReferencedResource Resource(string logicalId, string path)
    {
        if (template["Resources"]?[logicalId] is not JsonObject resource)
        {
            return GeneratedRole(logicalId) ?? GeneratedRule(logicalId, path) ?? throw new TemplateException(path, $"'{logicalId}' is neither a parameter nor a resource");
        }
        if (resource["Condition"] is JsonValue condition && !Condition((string)condition!, path))
            throw new TemplateException(path, $"'{logicalId}' is not created: its condition '{(string)condition!}' is false");
        var type = (string?)resource["Type"] ?? throw new TemplateException($"Resources.{logicalId}", "has no Type");
        var name = NameProperties.TryGetValue(type, out var property)
            ? Resolve(resource["Properties"]?[property], $"Resources.{logicalId}.Properties.{property}")
            : null;
        return new ReferencedResource(logicalId, type, name is null ? null : Text(name, path));
    }

    private ReferencedResource? GeneratedRole(string logicalId)
    {
        const string suffix = "Role";
        return logicalId.EndsWith(suffix, StringComparison.Ordinal)
            && (string?)template["Resources"]?[logicalId[..^suffix.Length]]?["Type"] == "AWS::Serverless::Function"
                ? new ReferencedResource(logicalId, "AWS::IAM::Role", null)
                : null;
    }

    // SAM names the rule of an event after the function and the event.
    private ReferencedResource? GeneratedRule(string logicalId, string path)
    {
        foreach (var (id, resource) in template["Resources"] as JsonObject ?? [])
        {
            if (!logicalId.StartsWith(id, StringComparison.Ordinal) || (string?)resource?["Type"] != "AWS::Serverless::Function") continue;
            if (resource["Properties"]?["Events"]?[logicalId[id.Length..]] is not { } trigger) continue;
            // Created where the function is.
            Resource(id, path);
            var property = (string?)trigger["Type"] == "Schedule" ? "Name" : "RuleName";
            return new ReferencedResource(logicalId, "AWS::Events::Rule", (string?)trigger["Properties"]?[property]);
        }
        return null;
    }

    private JsonNode? Value(JsonNode? node, string path) => node switch
    {
        JsonObject { Count: 1 } map when map.First() is var (name, argument) && IsIntrinsic(name) => Call(name, argument, path),
        JsonObject map => new JsonObject(map
            .Select(p => KeyValuePair.Create(p.Key, Value(p.Value, $"{path}.{p.Key}")))
            .Where(p => !ReferenceEquals(p.Value, NoValue))),
        JsonArray list => new JsonArray([.. list
            .Select((item, i) => Value(item, $"{path}[{i}]"))
            .Where(item => !ReferenceEquals(item, NoValue))]),
        _ => node?.DeepClone(),
    };

    /// <summary>Whether a mapping with this single key is a function call and not a property.</summary>
    public static bool IsIntrinsic(string key) => key is "Ref" or "Condition" || key.StartsWith("Fn::", StringComparison.Ordinal);

    private JsonNode? Call(string function, JsonNode? argument, string path)
    {
        var at = $"{path}.{function}";
        return function switch
        {
            "Ref" => Reference(Text(argument, at), at),
            "Fn::GetAtt" => argument is JsonArray { Count: 2 } pair
                ? GetAtt(Text(pair[0], at), Text(pair[1], at), at)
                : throw new TemplateException(at, "expects a resource and an attribute"),
            "Fn::Sub" => Substitute(argument, at),
            "Fn::Join" => argument is JsonArray { Count: 2 } join && Value(join[1], at) is JsonArray parts
                ? string.Join(Text(join[0], at), parts.Select(p => Text(p, at)))
                : throw new TemplateException(at, "expects a separator and a list"),
            "Fn::If" => argument is JsonArray { Count: 3 } branches
                ? Value(Condition(Text(branches[0], at), at) ? branches[1] : branches[2], at)
                : throw new TemplateException(at, "expects a condition and two values"),
            "Fn::FindInMap" => FindInMap(argument, at),
            "Fn::Select" => Select(argument, at),
            "Fn::Split" => Split(argument, at),
            "Fn::Equals" or "Fn::And" or "Fn::Or" or "Fn::Not" or "Condition" => Holds(new JsonObject { [function] = argument?.DeepClone() }, path),
            _ => throw new TemplateException(at, $"the lab does not know the function '{function}'"),
        };
    }

    private bool Holds(JsonNode? node, string path)
    {
        if (node is not JsonObject { Count: 1 } map) throw new TemplateException(path, "expected a condition function");
        var (function, argument) = map.First();
        var at = $"{path}.{function}";
        if (function == "Condition") return Condition(Text(argument, at), at);
        if (argument is not JsonArray items) throw new TemplateException(at, "expects a list");
        return function switch
        {
            "Fn::Equals" when items.Count == 2 => Text(Value(items[0], at), at) == Text(Value(items[1], at), at),
            "Fn::Not" when items.Count == 1 => !Holds(items[0], at),
            "Fn::And" => items.All(i => Holds(i, at)),
            "Fn::Or" => items.Any(i => Holds(i, at)),
            _ => throw new TemplateException(at, "is no condition function with that many arguments"),
        };
    }

    private JsonNode Reference(string name, string path) => name switch
    {
        "AWS::NoValue" => NoValue,
        "AWS::Region" => inputs.Region,
        "AWS::AccountId" => inputs.AccountId,
        "AWS::StackName" => inputs.StackName,
        "AWS::StackId" => $"arn:aws:cloudformation:{inputs.Region}:{inputs.AccountId}:stack/{inputs.StackName}/lab",
        "AWS::Partition" => "aws",
        "AWS::URLSuffix" => "amazonaws.com",
        _ when parameters.TryGetValue(name, out var value) => value.DeepClone(),
        _ => PhysicalId(Resource(name, path), path),
    };

    private string PhysicalId(ReferencedResource resource, string path) => resolver.Ref(resource)
        ?? throw new TemplateException(path, $"the lab does not know the id of a {resource.Type}");

    private string GetAtt(string logicalId, string attribute, string path)
    {
        var resource = Resource(logicalId, path);
        return resolver.GetAtt(resource, attribute)
            ?? throw new TemplateException(path, $"the lab does not know the attribute '{attribute}' of a {resource.Type}");
    }

    private string Substitute(JsonNode? argument, string path)
    {
        var (text, given) = argument switch
        {
            JsonValue value => (Text(value, path), null),
            JsonArray { Count: 2 } pair when pair[1] is JsonObject values => (Text(pair[0], path), values),
            _ => throw new TemplateException(path, "expects text, or text and a mapping"),
        };
        return Placeholder().Replace(text, match => match.Groups["name"].Value switch
        {
            ['!', .. var literal] => $"${{{literal}}}",
            var name when given?[name] is { } value => Text(Value(value, path), path),
            var name when name.Split('.', 2) is [var id, var attribute] => GetAtt(id, attribute, path),
            var name => Text(Reference(name, path), path),
        });
    }

    private JsonNode? FindInMap(JsonNode? argument, string path)
    {
        if (argument is not JsonArray { Count: 3 } keys) throw new TemplateException(path, "expects a map and two keys");
        var names = keys.Select(k => Text(Value(k, path), path)).ToArray();
        return template["Mappings"]?[names[0]]?[names[1]]?[names[2]]?.DeepClone()
            ?? throw new TemplateException(path, $"Mappings has no {string.Join('.', names)}");
    }

    private JsonNode? Select(JsonNode? argument, string path)
    {
        if (argument is not JsonArray { Count: 2 } pair || Value(pair[1], path) is not JsonArray items)
            throw new TemplateException(path, "expects an index and a list");
        var text = Text(Value(pair[0], path), path);
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            throw new TemplateException(path, $"'{text}' is no index: expected 0 or more");
        return index < items.Count
            ? items[index]?.DeepClone()
            : throw new TemplateException(path, string.Create(CultureInfo.InvariantCulture, $"there is no item {index} in a list of {items.Count}"));
    }

    private JsonArray Split(JsonNode? argument, string path)
    {
        if (argument is not JsonArray { Count: 2 } pair) throw new TemplateException(path, "expects a separator and text");
        // CloudFormation takes no function here.
        var separator = Text(pair[0], path);
        if (separator.Length == 0) throw new TemplateException(path, "expects a separator that is not empty");
        return new JsonArray([.. Text(Value(pair[1], path), path).Split(separator).Select(part => (JsonNode)part)]);
    }

    /// <summary>A scalar as CloudFormation compares and joins it.</summary>
    public static string Text(JsonNode? node, string path) => node switch
    {
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        JsonValue value when value.TryGetValue<bool>(out var flag) => flag ? "true" : "false",
        JsonValue value => value.ToJsonString(),
        _ => throw new TemplateException(path, string.Create(CultureInfo.InvariantCulture,
            $"expected text, found {(node is null ? "nothing" : node is JsonArray ? "a list" : "a mapping")}")),
    };

    [GeneratedRegex(@"\$\{(?<name>[^}]+)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
