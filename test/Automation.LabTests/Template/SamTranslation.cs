using System.Text.Json.Nodes;
using Automation.Lab.Iam;
using Automation.Lab.Setup;
using Automation.Lab.Template;

namespace Automation.LabTests.Template;

/// <summary><c>template.yaml</c> as CloudFormation gets to see it: after the SAM translator that AWS itself runs.</summary>
public sealed class SamTranslation : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    // Once for all classes of tests: each of them reads the text into a tree of its own, which no other one touches.
    private static readonly Lazy<Task<(PythonEnvironment Python, string Output)>> Translation = new(TranslateAsync);

    private JsonObject? template;

    internal PythonEnvironment? Python { get; private set; }

    internal JsonObject Template => template ?? throw new InvalidOperationException("The template has not been translated.");

    /// <summary>Logical id → resource.</summary>
    internal JsonObject ById => Template["Resources"]!.AsObject();

    public async ValueTask InitializeAsync()
    {
        var (python, output) = await Translation.Value;
        Python = python;
        template = JsonNode.Parse(output.Split('\n').Single(line => line.StartsWith('{')))!.AsObject();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static async Task<(PythonEnvironment, string)> TranslateAsync()
    {
        var python = await PythonEnvironment.PrepareAsync([PythonModule.SamTranslator, PythonModule.CfnLint],
            text => TestContext.Current.SendDiagnosticMessage(text), CancellationToken.None);
        return (python, await RunAsync(python, ["test/Automation.LabTests/Template/transform.py", "template.yaml"], CancellationToken.None));
    }

    /// <summary>The output of a Python program that runs in the repository; throws with its last lines when it fails.</summary>
    internal Task<string> RunAsync(params string[] arguments) => RunAsync(Python!, arguments, TestContext.Current.CancellationToken);

    private static Task<string> RunAsync(PythonEnvironment python, string[] arguments, CancellationToken cancellation) => ChildProcess.RunAsync(new()
    {
        Name = "python",
        FileName = python.Interpreter,
        Arguments = arguments,
        WorkingDirectory = Repository.Root,
        // The translator looks up the partition of a Region and calls nothing.
        Environment = new Dictionary<string, string?> { ["AWS_DEFAULT_REGION"] = "eu-central-1" },
    }, Limit, cancellation);

    /// <summary>Logical id → properties of every resource of a type.</summary>
    internal IReadOnlyDictionary<string, JsonNode> OfType(string type) => ById
        .Where(r => (string?)r.Value!["Type"] == type)
        .ToDictionary(r => r.Key, r => r.Value!["Properties"]!);

    /// <summary>
    /// Everything that a role may and may not do when deployed with these parameters, its managed policies included. A role that
    /// only some stacks have is there.
    /// </summary>
    internal IReadOnlyList<PolicyStatement> StatementsOf(string role, params (string Name, string Value)[] parameters)
    {
        parameters = [("PrepareDatabases", "act"), .. parameters];
        var properties = OfType("AWS::IAM::Role")[role];
        var attached = Resolve(properties["ManagedPolicyArns"]!, parameters).AsArray();
        return
        [
            .. properties["Policies"]!.AsArray().Select(p => p!["PolicyDocument"]!)
                .Concat(attached.Select(arn => OfType("AWS::IAM::ManagedPolicy")[((string)arn!)["arn:aws:iam::123456789012:policy/lab-".Length..]]["PolicyDocument"]!))
                .SelectMany(document => PolicyStatement.Of(role, Resolve(document, parameters))),
        ];
    }

    /// <summary>A part of the template with every intrinsic resolved, as deployed with these parameters.</summary>
    internal JsonNode Resolve(JsonNode node, params (string Name, string Value)[] parameters)
    {
        var inputs = new TemplateInputs { Parameters = parameters.ToDictionary(p => p.Name, p => p.Value), Region = "eu-central-1" };
        return new Intrinsics(Template, inputs, new PhysicalResources(inputs)).Resolve(node, "test")!;
    }
}
