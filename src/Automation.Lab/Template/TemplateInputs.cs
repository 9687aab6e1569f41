namespace Automation.Lab.Template;

/// <summary>What a deployment adds to a template: parameter values and where it lands.</summary>
internal sealed record TemplateInputs
{
    /// <summary>Values that override the defaults of <c>Parameters</c>; lists are comma separated.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    public string Region { get; init; } = "us-east-1";

    /// <summary>moto's own account unless told otherwise.</summary>
    public string AccountId { get; init; } = "123456789012";

    public string StackName { get; init; } = "lab";
}
