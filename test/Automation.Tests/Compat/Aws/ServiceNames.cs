using System.Text.Json;
using Automation.Lab.Setup;

namespace Automation.Tests.Compat.Aws;

/// <summary>
/// The members a published client has by AWS's model of the service and the naming rules of the SDK, read anew here: what the
/// generator under <c>compat/</c> believes has no say. (The published generator's customizations of RDS and CloudWatch rename
/// nothing; those of the other two were not looked up, and the CI leg on the published packages decides.)
/// </summary>
internal sealed class ServiceNames
{
    private readonly string @namespace;
    private readonly string client;
    private readonly Dictionary<string, HashSet<string>> members = new(StringComparer.Ordinal);
    private readonly JsonElement shapes;

    private ServiceNames(string model, string @namespace, string client)
    {
        (this.@namespace, this.client) = (@namespace, client);
        using var document = JsonDocument.Parse(Repository.Read($"compat/models/{model}.json"));
        var root = document.RootElement.Clone();
        shapes = root.GetProperty("shapes");
        AddClient(root.GetProperty("operations"));
        AddPaginators(root.GetProperty("pagination"));
        foreach (var shape in shapes.EnumerateObject()) AddShape(shape.Name, shape.Value);
    }

    /// <summary>By the name of the package.</summary>
    public static IReadOnlyDictionary<string, ServiceNames> OfPackage { get; } = new Dictionary<string, ServiceNames>
    {
        ["AWSSDK.CloudWatch"] = new("cloudwatch", "Amazon.CloudWatch", "AmazonCloudWatch"),
        ["AWSSDK.RDS"] = new("rds", "Amazon.RDS", "AmazonRDS"),
        ["AWSSDK.SecretsManager"] = new("secretsmanager", "Amazon.SecretsManager", "AmazonSecretsManager"),
        ["AWSSDK.SimpleNotificationService"] = new("sns", "Amazon.SimpleNotificationService", "AmazonSimpleNotificationService"),
    };

    public bool Has(AwsUse use) =>
        members.TryGetValue($"{use.Namespace}.{use.Type}", out var known) && (use.Member is null || known.Contains(use.Member));

    private void AddClient(JsonElement operations)
    {
        var calls = operations.EnumerateObject().Select(operation => operation.Name + "Async").ToList();
        Add("", client + "Client", [".ctor", .. calls]);
        Add("", $"I{client}", ["get_Paginators", .. calls]);
        Add("", client + "Config", [".ctor"]);
        Add("", client + "Exception", []);
        foreach (var operation in operations.EnumerateObject())
        {
            AddStructure(operation.Name + "Request", MembersOf(operation.Value, "input"));
            AddStructure(operation.Name + "Response", MembersOf(operation.Value, "output"));
        }
    }

    private void AddPaginators(JsonElement pagination)
    {
        var paged = pagination.EnumerateObject().Where(operation => operation.Value.TryGetProperty("output_token", out _)).ToList();
        Add("Model", $"I{client["Amazon".Length..]}PaginatorFactory", paged.Select(operation => operation.Name));
        foreach (var operation in paged)
        {
            var results = operation.Value.TryGetProperty("result_key", out var key)
                ? key.ValueKind == JsonValueKind.Array ? key.EnumerateArray().Select(one => one.GetString()!) : [key.GetString()!]
                : [];
            Add("Model", $"I{operation.Name}Paginator", ["get_Responses", .. results.Select(result => $"get_{Capital(result)}")]);
        }
    }

    private void AddShape(string name, JsonElement shape)
    {
        if (shape.TryGetProperty("enum", out var values))
            Add("", Capital(name), ["FindValue", "op_Implicit", .. values.EnumerateArray().Select(value => Constant(value.GetString()!))]);
        else if (shape.TryGetProperty("exception", out _)) Add("Model", Exception(name), [".ctor"]);
        else if (shape.GetProperty("type").GetString() == "structure") AddStructure(Capital(name), Names(shape));
    }

    private IEnumerable<string> MembersOf(JsonElement operation, string side) =>
        operation.TryGetProperty(side, out var reference) ? Names(shapes.GetProperty(reference.GetProperty("shape").GetString()!)) : [];

    private static IEnumerable<string> Names(JsonElement structure) => structure.GetProperty("members").EnumerateObject().Select(member => member.Name);

    private void AddStructure(string type, IEnumerable<string> names) =>
        Add("Model", type, [".ctor", .. names.SelectMany(name => new[] { $"get_{Capital(name)}", $"set_{Capital(name)}" })]);

    private void Add(string within, string type, IEnumerable<string> names) =>
        members[within.Length == 0 ? $"{@namespace}.{type}" : $"{@namespace}.{within}.{type}"] = [.. names];

    private static string Exception(string shape) => Capital(shape.EndsWith("Exception", StringComparison.Ordinal) ? shape
        : (shape.EndsWith("Fault", StringComparison.Ordinal) ? shape[..^"Fault".Length] : shape) + "Exception");

    private static string Constant(string value) => string.Concat(value.Split('-', '/', '.', ' ').Select(Capital));

    private static string Capital(string name) => char.ToUpperInvariant(name[0]) + name[1..];
}
