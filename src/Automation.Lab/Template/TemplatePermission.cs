using System.IO.Enumeration;

namespace Automation.Lab.Template;

/// <summary>One <c>AWS::Lambda::Permission</c>: a statement of a function's resource policy.</summary>
internal sealed record TemplatePermission
{
    public required string LogicalId { get; init; }

    /// <summary>The function's name or ARN.</summary>
    public required string Function { get; init; }
    public required string Action { get; init; }

    /// <summary>As <c>secretsmanager.amazonaws.com</c>.</summary>
    public required string Principal { get; init; }

    /// <summary>The account the call must come from; <c>null</c> for any.</summary>
    public string? SourceAccount { get; init; }

    /// <summary>The resource the call must be made for, with <c>*</c> and <c>?</c>; <c>null</c> for any.</summary>
    public string? SourceArn { get; init; }

    public static TemplatePermission Read(ResourceReader resources, string logicalId)
    {
        var properties = resources.Properties(logicalId);
        return new TemplatePermission
        {
            LogicalId = logicalId,
            Function = properties["FunctionName"].Text(),
            Action = properties["Action"].Text(),
            Principal = properties["Principal"].Text(),
            SourceAccount = properties["SourceAccount"].OptionalText(),
            SourceArn = properties["SourceArn"].OptionalText(),
        };
    }

    /// <summary>Whether a service may invoke the function for one of its resources.</summary>
    public bool Allows(TemplateFunction function, string principal, string resourceArn) =>
        (Function == function.Name || Function == function.Arn)
        && Action is "lambda:InvokeFunction" or "lambda:*"
        && Principal == principal
        && (SourceAccount is null || SourceAccount == resourceArn.Split(':')[4])
        && (SourceArn is null || FileSystemName.MatchesSimpleExpression(SourceArn, resourceArn, ignoreCase: false));
}
