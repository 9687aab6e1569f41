using System.Text.Json.Nodes;
using Automation.Lab.Setup;
using Automation.Lab.Template;

namespace Automation.Tests.Template;

/// <summary><c>examples/staging-database.yaml</c> as it would be deployed as stack <c>orders-staging</c>.</summary>
internal static class StagingExample
{
    public const string StackName = "orders-staging", Postgres = "postgres", Aurora = "aurora-serverless";

    public static string Yaml { get; } = Repository.Read("examples/staging-database.yaml");

    public static JsonObject Root { get; } = YamlTree.Read(Yaml);

    /// <summary>Logical id → resource with every intrinsic resolved, of those that are made with these parameters.</summary>
    public static IReadOnlyDictionary<string, JsonNode> Created(params (string Name, string Value)[] parameters)
    {
        var intrinsics = new Intrinsics(Root, Inputs(parameters), new Names());
        return Root["Resources"]!.AsObject()
            .Where(r => (string?)r.Value!["Condition"] is not { } condition || intrinsics.Condition(condition, r.Key))
            .ToDictionary(r => r.Key, JsonNode (r) => Resolved(r.Value!.AsObject(), r.Key, intrinsics));
    }

    /// <summary>Output → value, of those that are given with these parameters.</summary>
    public static IReadOnlyDictionary<string, string> Outputs(params (string Name, string Value)[] parameters)
    {
        var intrinsics = new Intrinsics(Root, Inputs(parameters), new Names());
        return Root["Outputs"]!.AsObject()
            .Where(o => (string?)o.Value!["Condition"] is not { } condition || intrinsics.Condition(condition, o.Key))
            .ToDictionary(o => o.Key, o => (string)intrinsics.Resolve(o.Value!["Value"], o.Key)!);
    }

    /// <summary>Properties of the one resource of a type.</summary>
    public static JsonNode Only(string type, params (string Name, string Value)[] parameters) =>
        Created(parameters).Values.Single(r => (string?)r["Type"] == type)["Properties"]!;

    /// <summary>What holds the data: the instance, or the cluster.</summary>
    public static JsonNode Data(string engine, params (string Name, string Value)[] parameters) =>
        Created([("Engine", engine), .. parameters])[engine == Postgres ? "Instance" : "Cluster"];

    public static IReadOnlyDictionary<string, string> Tags(JsonNode properties) =>
        properties["Tags"]!.AsArray().ToDictionary(t => (string)t!["Key"]!, t => (string)t!["Value"]!);

    public static IReadOnlyList<TemplateAlarm> Alarms(string engine) => SamTemplate.Read(Yaml, Inputs(("Engine", engine))).Alarms;

    public static TemplateInputs Inputs(params (string Name, string Value)[] parameters) => new()
    {
        StackName = StackName,
        Parameters = new Dictionary<string, string>(parameters.Select(p => KeyValuePair.Create(p.Name, p.Value))) { ["VpcId"] = "vpc-1", ["SubnetIds"] = "subnet-1,subnet-2" },
    };

    private static JsonObject Resolved(JsonObject resource, string id, Intrinsics intrinsics)
    {
        var copy = resource.DeepClone().AsObject();
        copy["Properties"] = intrinsics.Resolve(resource["Properties"], id);
        return copy;
    }

    /// <summary>A reference reads as what it refers to: <c>Instance.Endpoint.Address</c>.</summary>
    private sealed class Names : ITemplateResolver
    {
        public string? Ref(ReferencedResource resource) => resource.LogicalId;

        public string? GetAtt(ReferencedResource resource, string attribute) => $"{resource.LogicalId}.{attribute}";
    }
}
