namespace Automation.Lab.Template;

/// <summary>A resource as a reference sees it.</summary>
/// <param name="LogicalId">The key under <c>Resources</c>.</param>
/// <param name="Type">As <c>AWS::SNS::Topic</c>.</param>
/// <param name="GivenName">The name its properties ask for (<c>TopicName</c>, <c>TableName</c> …), if any.</param>
internal sealed record ReferencedResource(string LogicalId, string Type, string? GivenName);

/// <summary>Answers what CloudFormation knows only after a resource exists.</summary>
internal interface ITemplateResolver
{
    /// <summary>The value of <c>!Ref</c>, or <c>null</c> when the resolver does not know the type.</summary>
    string? Ref(ReferencedResource resource);

    /// <summary>The value of <c>!GetAtt</c>, or <c>null</c> when the resolver does not know the attribute.</summary>
    string? GetAtt(ReferencedResource resource, string attribute);
}
